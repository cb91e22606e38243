"""`flywheel setup` with a simulated workspace: what it accepts, what it says, and what it writes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from dotenv import dotenv_values

from bot import manifest
from bot.commands.setup import setup
from bot.simulator.install import AppInstall, Transport
from bot.simulator.manifest import installed
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from flywheel.errors import ConfigurationError
from tests.llm_server import Refuse, serving

SECRET = "0123456789abcdef0123456789abcdef"
SOCKET = ["--transport", "socket", "--bot-token", "xoxb-simulator", "--app-token", "xapp-simulator"]
QUIET = ["--admins", "U1", "--report-channel", "", "--no-model"]


@pytest.fixture
def install() -> AppInstall:
    return replace(installed(manifest.packaged()), transport=Transport.SOCKET, signing_secret=SECRET)


@pytest.fixture(autouse=True)
def base(install: AppInstall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.chdir(tmp_path)
    with running(Workspace.small(lambda: datetime.now(UTC)), install) as address:
        monkeypatch.setenv("SLACK_API_URL", f"{address}/api/")
        yield address


def run(*options: str, typed: str = "") -> Result:
    return CliRunner().invoke(setup, list(options), input=typed)


def written() -> dict[str, str | None]:
    return dotenv_values(".env")


def test_options_alone_are_enough() -> None:
    done = run(*SOCKET, *QUIET)

    assert (done.exit_code, written()["SLACK_APP_TOKEN"]) == (0, "xapp-simulator")


def test_the_workspaces_own_administrators_are_proposed() -> None:
    done = run(*SOCKET, "--report-channel", "", "--no-model", typed="\n")

    assert ("Ana Alvarez (U1)" in done.output, written()["FLYWHEEL_ADMINS"]) == (True, "U1")


def test_administrators_may_be_given_by_their_addresses() -> None:
    run(*SOCKET, "--admins", "ben@example.com, U1", "--report-channel", "", "--no-model")

    assert written()["FLYWHEEL_ADMINS"] == "U2,U1"


@pytest.mark.parametrize("named", ["U99", "nobody@example.com", "UBOT"])
def test_who_is_not_there_is_asked_for_again(named: str) -> None:
    done = run(*SOCKET, "--report-channel", "", "--no-model", typed=f"{named}\nU2\n")

    assert (named in done.output, written()["FLYWHEEL_ADMINS"]) == (True, "U2")


def test_a_public_report_channel_is_joined() -> None:
    done = run(*SOCKET, "--admins", "U1", "--report-channel", "#random", "--no-model")

    assert (done.exit_code, written()["FLYWHEEL_REPORT_CHANNEL"]) == (0, "C2")


def test_a_channel_that_is_not_there_is_asked_for_again() -> None:
    done = run(*SOCKET, "--admins", "U1", "--no-model", typed="#nowhere\n#general\n")

    assert "there is no channel #nowhere" in done.output
    assert written()["FLYWHEEL_REPORT_CHANNEL"] == "C1"


def test_the_public_address_has_https() -> None:
    done = run("--transport", "http", *QUIET, typed=f"http://a.example\nhttps://a.example/\nxoxb-simulator\n{SECRET}\n")

    assert "the address is https://" in done.output
    assert written()["FLYWHEEL_URL"] == "https://a.example"


def test_over_http_an_app_token_of_before_is_taken_away() -> None:
    Path(".env").write_text("SLACK_APP_TOKEN=xapp-old\n", encoding="utf-8")
    secrets = ["--bot-token", "xoxb-simulator", "--signing-secret", SECRET, "--yes"]
    run("--url", "https://a.example", *secrets, *QUIET)

    assert written()["SLACK_APP_TOKEN"] == ""


def test_a_wrong_signing_secret_is_asked_for_again() -> None:
    done = run("--url", "https://a.example", *QUIET, typed=f"xoxb-simulator\nxapp-simulator\n{SECRET}\n")

    assert "that is an app-level token" in done.output
    assert written()["SLACK_SIGNING_SECRET"] == SECRET


def test_an_app_level_token_that_slack_does_not_know_is_asked_for_again() -> None:
    done = run("--transport", "socket", "--bot-token", "xoxb-simulator", *QUIET, typed="xapp-unknown\nxapp-simulator\n")

    assert "Slack does not know it" in done.output


def test_an_app_level_token_of_another_app_is_refused(install: AppInstall, monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(install, app_token="xapp-1-A999-2-abc")
    with running(Workspace.small(lambda: datetime.now(UTC)), other) as address:
        monkeypatch.setenv("SLACK_API_URL", f"{address}/api/")
        done = run("--transport", "socket", "--bot-token", "xoxb-simulator", "--app-token", other.app_token, *QUIET)

    assert "that token is of the app A999; the bot token is of A1" in str(done.exception)


def test_a_place_that_cannot_be_written_is_refused_before_the_first_question(tmp_path: Path) -> None:
    done = run("--env-file", str(tmp_path / "nowhere" / ".env"))

    assert ("cannot be written" in str(done.exception), done.output) == (True, "")


def test_a_wrong_option_ends_the_command() -> None:
    done = run("--transport", "socket", "--bot-token", "xoxp-mine", *QUIET)

    assert isinstance(done.exception, ConfigurationError)
    assert not Path(".env").exists()


def test_values_that_are_there_are_not_replaced_without_asking() -> None:
    Path(".env").write_text("FLYWHEEL_ADMINS=U3\n", encoding="utf-8")
    done = run(*SOCKET, *QUIET, typed="n\n")

    assert ("Nothing was written." in done.output, written()) == (True, {"FLYWHEEL_ADMINS": "U3"})


def test_values_that_are_there_are_replaced_after_asking() -> None:
    Path(".env").write_text("FLYWHEEL_ADMINS=U3\n", encoding="utf-8")
    run(*SOCKET, *QUIET, typed="y\n")

    assert written()["FLYWHEEL_ADMINS"] == "U1"


def test_no_secret_is_shown() -> None:
    done = run(*SOCKET, *QUIET)

    assert "xapp-simulator" not in done.output.replace("xapp-…", "")


def test_a_language_model_that_answers_is_kept() -> None:
    with serving() as server:
        model = ["--model-url", server.base_url, "--model-name", "m", "--model-key", "k"]
        run(*SOCKET, "--admins", "U1", "--report-channel", "", *model)

    assert (written()["OPENAI_BASE_URL"], written()["OPENAI_API_KEY"]) == (server.base_url, "k")


def test_a_language_model_that_refuses_the_key_is_not_kept() -> None:
    with serving(Refuse(401, message="no")) as server:
        typed = f"y\n{server.base_url}\nm\nwrong\nn\n"
        done = run(*SOCKET, "--admins", "U1", "--report-channel", "", typed=typed)

    assert "refused the key" in done.output
    assert "OPENAI_API_KEY" not in written()


def test_a_value_in_the_environment_that_wins_over_the_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLYWHEEL_ADMINS", "U3")

    assert "The environment sets FLYWHEEL_ADMINS too" in run(*SOCKET, *QUIET).output


@pytest.mark.parametrize("missing", ["reactions:read", "chat:write"])
def test_a_scope_that_is_missing_is_named(missing: str, install: AppInstall, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = replace(install, scopes=install.scopes - {missing})
    with running(Workspace.small(lambda: datetime.now(UTC)), lacking) as address:
        monkeypatch.setenv("SLACK_API_URL", f"{address}/api/")
        done = run(*SOCKET, *QUIET)

    assert f"the app lacks {missing}" in str(done.exception)
