"""`flywheel report`: the week's report, or a month's, in the terminal and in the report channel."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.commands.demo import chosen_settings, on_demo
from bot.commands.outputs import Output
from bot.composition import opened
from bot.settings import Settings


@click.command()
@click.option("--post", "posts", is_flag=True, help="Post it to FLYWHEEL_REPORT_CHANNEL.")
@click.option("--month", default=None, metavar="YYYY-MM", help="The report on a month, such as 2026-11.")
@click.option("--chart", type=Output(), default=None, help="Write the charts here and beside it.")
@on_demo
def report(chart: Path | None, month: str | None, *, posts: bool, demo: bool) -> None:
    """Show this week's report as of now, or a month's."""
    from bot import scheduling
    from bot.reporting import post, written
    from flywheel.measurement.edition import monthly, weekly
    from flywheel.measurement.report import report as make

    settings = chosen_settings(demo=demo)
    with opened(settings) as core:
        now = core.now().astimezone(zone_of(settings))
        channel = scheduling.channel(core.database, settings.flywheel_report_channel)
        made = make(core, channel, monthly(now, month) if month else weekly(now))
        click.echo(written(made.content, chart))
        if posts:
            click.echo(post(core, settings, made))


@click.command("report-ordered", hidden=True)
@click.option("--order", default=None, help="Send the report that was ordered under this name.")
@click.option("--due", is_flag=True, help="Post the reports that are due.")
@on_demo
def report_ordered(order: str | None, *, due: bool, demo: bool) -> None:
    """Make reports for a running bot; run by it."""
    from bot.naming import Names
    from bot.outbox import slack_client
    from bot.report_answers import fill
    from bot.reporting import post_due
    from flywheel.measurement.edition import weekly

    settings = chosen_settings(demo=demo)
    assert settings.slack_bot_token is not None
    client = slack_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    zone = zone_of(settings)
    with opened(settings) as core:
        if order is not None:
            fill(core, client, order, weekly(core.now().astimezone(zone)), Names(client, core.now).of)
        for line in post_due(core, settings, zone) if due else ():
            click.echo(line)


def zone_of(settings: Settings) -> ZoneInfo:
    """Return the team's time zone, asking Slack where there is a workspace and no setting."""
    from bot.outbox import slack_client
    from bot.zone import team_zone

    token = settings.slack_bot_token
    return team_zone(settings, slack_client(token.get_secret_value(), settings.slack_api_url) if token else None)
