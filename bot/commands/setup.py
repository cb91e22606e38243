"""`flywheel setup`: from nothing to a `.env` that works, in one conversation.

Every answer is checked when it is given; what is wrong is said and asked again. Nothing is written before the end, so
Ctrl-C leaves everything as it was. What an option gives is not asked; a wrong option ends the command. Without a
terminal the answers are read from standard input, line by line.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.settings import Settings
from flywheel.errors import ConfigurationError

_OPENAI = "https://api.openai.com/v1"
_MODEL = "gpt-4o-mini"
_ALREADY = "is already set to something else"


@dataclass(frozen=True, slots=True)
class Given:
    """What the options say; None is asked for."""

    transport: str | None
    url: str | None
    bot_token: str | None
    app_token: str | None
    signing_secret: str | None
    admins: str | None
    report_channel: str | None
    model: bool | None
    model_url: str | None
    model_name: str | None
    model_key: str | None
    env_file: Path
    yes: bool


@click.command()
@click.option("--transport", type=click.Choice(["socket", "http"]), help="How Slack reaches the bot.")
@click.option("--url", help="The bot's public address, for HTTP: https://bot.example.com")
@click.option("--bot-token", help="xoxb-…; better left out, it is asked for without being shown.")
@click.option("--app-token", help="xapp-…, for Socket Mode; the same.")
@click.option("--signing-secret", help="32 digits and letters, for HTTP; the same.")
@click.option("--admins", help="User ids or e-mail addresses, separated by commas.")
@click.option("--report-channel", help='Id or name of the channel for the weekly report; "" for none.')
@click.option("--model/--no-model", default=None, help="Whether a language model writes the answers.")
@click.option("--model-url", help="Address of an OpenAI-compatible server.")
@click.option("--model-name", help="Name of the model on that server.")
@click.option("--model-key", help="Its key; better left out, it is asked for without being shown.")
@click.option("--env-file", type=click.Path(dir_okay=False, path_type=Path), default=Path(".env"), show_default=True)
@click.option("--yes", is_flag=True, help="Replace values that the file already has without asking.")
def setup(**options: Any) -> None:
    """Connect a Slack workspace: create the app, check its tokens, write .env."""
    from bot import envfile

    given, settings = Given(**options), Settings.read()
    envfile.require_writable(given.env_file)
    over_http = _transport(given) == "http"
    values = _connect(given, settings.slack_api_url, over_http=over_http)
    values |= _language_model(given)
    kept = envfile.read(given.env_file)
    if over_http and "SLACK_APP_TOKEN" in kept:
        values["SLACK_APP_TOKEN"] = ""  # with it the bot would go on using Socket Mode
    if not (given.yes or _may_replace(kept, values)):
        click.echo("Nothing was written.")
        return
    envfile.write(given.env_file, values)
    _warn_of_environment(values)
    _say_next(given.env_file, over_http=over_http)


def _connect(given: Given, api_url: str, *, over_http: bool) -> dict[str, str]:
    from bot import installing

    values: dict[str, str] = {}
    if over_http:
        values["FLYWHEEL_URL"] = _settle(given.url, "Public address of the bot", installing.accept_address)
    _say_steps(values.get("FLYWHEEL_URL"))

    def accept_token(text: str) -> installing.Workspace:
        return installing.open_workspace(text, api_url)

    workspace = _settle(given.bot_token, "Bot token (xoxb-…)", accept_token, secret=True)
    click.echo(f"   It is {workspace.bot} in {workspace.team}.")
    values["SLACK_BOT_TOKEN"] = workspace.token
    if api_url != Settings.model_fields["slack_api_url"].default:
        values["SLACK_API_URL"] = api_url
    return values | _secret(given, workspace, over_http=over_http) | _people_and_places(given, workspace)


def _secret(given: Given, workspace: Any, *, over_http: bool) -> dict[str, str]:
    from bot import installing

    if over_http:
        accept = installing.accept_signing_secret
        return {"SLACK_SIGNING_SECRET": _settle(given.signing_secret, "Signing secret", accept, secret=True)}

    def accept_token(text: str) -> str:
        return installing.accept_app_token(text, workspace)

    return {"SLACK_APP_TOKEN": _settle(given.app_token, "App-level token (xapp-…)", accept_token, secret=True)}


def _people_and_places(given: Given, workspace: Any) -> dict[str, str]:
    from bot import installing

    known = {} if given.admins else installing.administrators(workspace)
    if known:
        click.echo("   Workspace administrators: " + ", ".join(f"{name} ({one})" for one, name in known.items()))
    admins = _settle(
        given.admins,
        "Administrators of the bot (user ids or e-mail addresses)",
        lambda text: installing.accept_admins(text, workspace),
        default=",".join(known) or None,
    )
    channel = _settle(
        given.report_channel,
        "Channel for the weekly report (#name or id, empty for none)",
        lambda text: installing.accept_report_channel(text, workspace),
        default="",
    )
    return {"FLYWHEEL_ADMINS": admins, **({"FLYWHEEL_REPORT_CHANNEL": channel} if channel else {})}


def _language_model(given: Given) -> dict[str, str]:
    from bot import installing

    named = given.model_url is not None or given.model_name is not None or given.model_key is not None
    wanted = given.model if given.model is not None else named or None
    if wanted is None:
        click.echo("\nWithout a language model, answers quote the documents.")
        wanted = click.confirm("Use a language model (any OpenAI-compatible server)?", default=False)
    while wanted:
        url = _settle(given.model_url, "Address of its server", str, default=_OPENAI)
        name = _settle(given.model_name, "Model", str, default=_MODEL)
        key = _settle(given.model_key, "Key (empty where none is needed)", str, default="", secret=True)
        try:
            installing.check_language_model(url, key, name)
        except ConfigurationError as error:
            if named:
                raise
            click.echo(f"   {error}")
            wanted = click.confirm("Try again?", default=True)
            continue
        return {"OPENAI_BASE_URL": url, "OPENAI_MODEL": name, **({"OPENAI_API_KEY": key} if key else {})}
    return {}


def _transport(given: Given) -> str:
    if given.transport:
        return given.transport
    if given.url:
        return "http"
    click.echo("Slack can reach the bot in two ways: Socket Mode needs no public address; HTTP needs one with https.")
    return str(click.prompt("Which one", type=click.Choice(["socket", "http"]), default="socket"))


def _settle(given: str | None, prompt: str, accept: Callable[[str], Any], **how: Any) -> Any:
    """Return an accepted answer: the option's, or what somebody types until it is accepted."""
    if given is not None:
        return accept(given.strip())
    while True:
        try:
            return accept(_typed(prompt, **how))
        except ConfigurationError as error:
            click.echo(f"   {error}")


def _typed(prompt: str, *, default: str | None = None, secret: bool = False) -> str:
    hidden = secret and sys.stdin.isatty()
    typed = click.prompt(prompt, default=default, hide_input=hidden, show_default=bool(default))
    return str(typed).strip()


def _may_replace(kept: dict[str, str], values: dict[str, str]) -> bool:
    changed = [name for name, value in values.items() if kept.get(name, value) != value]
    if not changed:
        return True
    click.echo(f"\n{', '.join(changed)} {_ALREADY}.")
    return click.confirm("Replace?", default=False)


def _warn_of_environment(values: dict[str, str]) -> None:
    others = [name for name, value in values.items() if os.environ.get(name, value) != value]
    if others:
        click.echo(f"\nThe environment sets {', '.join(others)} too, and wins over the file: unset it there.")


def _say_steps(address: str | None) -> None:
    from bot import manifest

    wanted = manifest.packaged()
    link = manifest.creation_link(manifest.over_http(wanted, address) if address else wanted)
    secret = (
        "Basic Information > App Credentials: show the Signing Secret."
        if address
        else "Basic Information > App-Level Tokens: generate one with the scope connections:write (xapp-…)."
    )
    click.echo(
        f"\n1. Open this link, choose your workspace and create the app:\n\n{link}\n\n"
        "2. Install App: install it to your workspace and allow.\n"
        f"3. {secret}\n"
        "4. OAuth & Permissions: copy the Bot User OAuth Token (xoxb-…).\n"
    )


def _say_next(file: Path, *, over_http: bool) -> None:
    click.echo(f"\nWritten to {file}, readable by you alone. Next:\n")
    click.echo("   flywheel doctor         what is still missing")
    click.echo("   flywheel index FOLDER   your documents")
    click.echo("   flywheel run            the bot; then write /invite @flywheel in a channel and ask")
    if over_http:
        click.echo("\nWhen it runs: in Slack's Event Subscriptions press Retry, so that Slack verifies the address.")
