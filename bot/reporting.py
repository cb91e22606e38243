"""Put a report where people read it: the report channel, once, with its details in the thread; or the terminal.

The messages are jobs like all outgoing ones, named after the report, so whatever dies or restarts, Slack gets each
once. A running bot sends them; where none runs, this process does.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot import outbox, scheduling
from bot.blocks.report import details_message
from bot.directory import SlackDirectory
from bot.drawing import draw, drawings
from bot.joining import join
from bot.naming import Names
from bot.outbox import POST_JOB, TIMEOUT_SECONDS, Outbox, Outgoing, slack_client
from bot.reported import rendered
from bot.settings import Settings
from flywheel.core import Core
from flywheel.errors import ConfigurationError, FlywheelError, NotFound
from flywheel.jobs import month_due
from flywheel.knowledge.access import audience_of
from flywheel.measurement.edition import monthly
from flywheel.measurement.report import again
from flywheel.measurement.report import report as make_report
from flywheel.model import PUBLIC
from flywheel.store import jobs, report_periods, reports
from flywheel.store.jobs import Job, JobState
from flywheel.store.reports import Report

_LOG = logging.getLogger(__name__)
_TURN_OF_THE_BOT = 5.0
_LOOK_EVERY = 0.25
_LEASE = timedelta(seconds=TIMEOUT_SECONDS * 6)
_ATTEMPTS = 5
_SHOWN_ABOVE = "learned"
"""The section whose lines stand in the terminal as verdicts and notes."""
DIGEST_HOUR = 9
"""When the digest of a month is due on the first working day of the next, local time."""
DUE_FOR = timedelta(days=2)
"""A report that could not be posted for longer is old news and waits to be asked for."""


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be posted: a turn's report that is not, and a month such as 2026-10 whose digest is not."""

    report: Report | None = None
    month: str | None = None


def post_of_turn(core: Core, settings: Settings, turn_id: str) -> str:
    """Post a turn's report into the report channel; return a sentence. A report that stands there stays alone.

    Raises:
        ConfigurationError: no workspace or no report channel is set.
        NotFound: the turn made no report.
        FlywheelError: Slack refused the message; the reason is its error.
    """
    with core.database.read() as db:
        made = report_periods.of_turn(db, turn_id)
    if made is None:
        raise NotFound(f"turn {turn_id} has made no report")
    return post(core, settings, made)


def post(core: Core, settings: Settings, report: Report) -> str:
    """Post a report into the report channel, unless it stands there; return a sentence.

    Raises:
        ConfigurationError: no workspace or no report channel is set, or the channel has guests.
        FlywheelError: Slack refused the message; the reason is its error.
    """
    channel = scheduling.channel(core.database, settings.flywheel_report_channel)
    if settings.slack_bot_token is None or not channel:
        raise ConfigurationError("set SLACK_BOT_TOKEN and FLYWHEEL_REPORT_CHANNEL to post reports")
    with core.database.read() as db:
        posted, job = reports.posted_at(db, report.id), jobs.find(db, f"{POST_JOB}:report:{report.id}")
    if posted is not None:
        return f"The report of {report.period} stands in {posted[0]} already."
    client = slack_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    key = f"report:{report.id}"
    join(client, channel)
    _keep_from_guests(core, client, channel)
    if job is None:
        report = for_channel(core, report, channel)
        made = rendered(core, client, report, Names(client, core.now).of)
        _say(core, Outgoing(key, made, channel=channel))
    elif job.state is JobState.DEAD:  # what stood in its way may be gone
        with core.database.begin() as db:
            jobs.revive(db, job.id, core.now())
    place = _delivered(core, client, key)
    _detail(core, client, report, place)
    with core.database.begin() as db:
        reports.mark_posted(db, report.id, place["channel"], place["ts"])
    return f"The report of {report.period} is posted in {channel}."


def _keep_from_guests(core: Core, client: WebClient, channel: str) -> None:
    """Refuse a channel in which not everybody may read what reports quote: what is public in the company."""
    directory = SlackDirectory(client, core.database, core.now)
    if PUBLIC not in audience_of(directory, None, channel).labels:
        raise ConfigurationError(
            f"the report channel {channel} has guests or is shared with another company, and reports quote what only "
            "the company may read: choose another channel"
        )


def for_channel(core: Core, report: Report, channel: str) -> Report:
    """Return a report as it is for the people of a channel: it may quote what those of another one may read.

    One of an older version, which does not say its zone, cannot be computed again and stays as it is.
    """
    if report.content.get("channel", channel) == channel or "zone" not in report.content:
        return report
    made = again(core, replace(report, content={**report.content, "channel": channel}))
    with core.database.begin() as db:
        reports.put(db, made)
    return made


def due(core: Core, settings: Settings, zone: ZoneInfo) -> Due:
    """Return what should stand in the report channel by now and does not."""
    if not settings.has_slack or not scheduling.channel(core.database, settings.flywheel_report_channel):
        return Due()
    now = core.now()
    month = month_due(now, DIGEST_HOUR, zone)
    with core.database.read() as db:
        digest = reports.find(db, month) if month else None
        stands = digest is not None and reports.posted_at(db, digest.id) is not None
        return Due(report_periods.unposted(db, now - DUE_FOR), None if stands else month)


def post_due(core: Core, settings: Settings, zone: ZoneInfo) -> list[str]:
    """Post what is due: the last turn's report where its turn could not, and the month's, made now; say what was done.

    A month's report whose message is on its way already is not made again: what was said first stands.
    """
    found, said = due(core, settings, zone), []
    if found.report is not None:
        said.append(post(core, settings, found.report))
    if found.month is not None:
        with core.database.read() as db:
            begun = jobs.find(db, f"{POST_JOB}:report:{found.month}") is not None
            known = reports.find(db, found.month) if begun else None
        edition = monthly(core.now().astimezone(zone), found.month)
        channel = scheduling.channel(core.database, settings.flywheel_report_channel)
        said.append(post(core, settings, known or make_report(core, channel, edition)))
    return said


def written(content: Mapping[str, Any], charts: Path | None = None) -> str:
    """Return a report as lines of text; write its first chart where asked, the others beside it."""
    if charts is not None:
        _write_charts(content, charts)
    lines = [str(content["title"]), *filter(None, [content.get("verdict")]), ""]
    lines += [f"{one['name']:<30}{one['value']:<12}{one.get('note', '')}" for one in content["figures"]]
    lines += [f"{n}. {one['title']}\n   {one['why']}" for n, one in enumerate(content.get("todo", ()), 1)]
    lines += [_verdict(one, "evidence") for one in content["verdicts"]]
    for section in (one for one in content.get("sections", ()) if one["key"] != _SHOWN_ABOVE):
        lines += ["", section["title"], *[f"  {line['text']}" for line in section["lines"]]]
    return "\n".join([*lines, *filter(None, [content["untried"]]), *content["notes"]])


def verdicts(core: Core, turn_id: str) -> list[str]:
    """Return a line for each learner of a turn that was tried, in short, and one for the others."""
    with core.database.read() as db:
        made = report_periods.of_turn(db, turn_id)
    if made is None:
        return []
    tried = [_verdict(one, "short") for one in made.content["verdicts"]]
    return [*tried, *filter(None, [made.content["untried"]])]


def _write_charts(content: Mapping[str, Any], first: Path) -> None:
    for number, one in enumerate(drawings(content)):
        path = first if number == 0 else first.with_stem(f"{first.stem}-{one.key}")
        path.write_bytes(draw(content, one.key))


def _verdict(one: Mapping[str, str], why: str) -> str:
    return f"{one['learner']}: {one['outcome']}. {one[why]}"


def _detail(core: Core, client: WebClient, report: Report, place: Mapping[str, str]) -> None:
    """Put the details into the report's thread; a report whose details Slack refuses still counts as posted."""
    details = details_message(report.content)
    if details is None:
        return
    key = f"report-details:{report.id}"
    _say(core, Outgoing(key, details, channel=place["channel"], thread_ts=place["ts"]))
    try:
        _delivered(core, client, key)
    except outbox.Refused as refusal:
        _LOG.warning("the details of the report of %s are not posted: %s", report.period, refusal)


def _say(core: Core, outgoing: Outgoing) -> None:
    with core.database.begin() as db:
        outbox.put(db, outgoing, core.now())


def _delivered(core: Core, client: WebClient, key: str) -> Mapping[str, str]:
    job_id = f"{POST_JOB}:{key}"
    deadline = time.monotonic() + _TURN_OF_THE_BOT
    while time.monotonic() < deadline:
        with core.database.read() as db:
            job = jobs.find(db, job_id)
        if job is not None and job.state is JobState.DONE:
            return _place(job)
        time.sleep(_LOOK_EVERY)
    return _sent_here(core, client, job_id)


def _sent_here(core: Core, client: WebClient, job_id: str) -> Mapping[str, str]:
    sender = Outbox(client, core.database, core.now)
    for _ in range(_ATTEMPTS):
        with core.database.begin() as db:
            job = jobs.claim(db, core.now(), _LEASE, job_id)
        if job is None:
            break
        try:
            place = sender.send(job)
        except outbox.Refused as error:
            with core.database.begin() as db:
                jobs.bury(db, job, core.now(), str(error))
            raise
        except outbox.Paced as later:
            with core.database.begin() as db:
                jobs.postpone(db, job, later.run_at)
            time.sleep(max(0.0, (later.run_at - core.now()).total_seconds()))
            continue
        except outbox.Unclear as unclear:
            with core.database.begin() as db:
                jobs.retry(db, job, core.now(), str(unclear), sending=True)
            time.sleep(TIMEOUT_SECONDS)
            continue
        with core.database.begin() as db:
            jobs.finish(db, job, core.now(), place)
        return _place_of(place)
    raise FlywheelError(f"the report is not delivered yet; the running bot tries {job_id} again")


def _place(job: Job) -> Mapping[str, str]:
    return _place_of(job.result)


def _place_of(result: Mapping[str, Any]) -> Mapping[str, str]:
    return {"channel": str(result["channel"]), "ts": str(result["ts"])}
