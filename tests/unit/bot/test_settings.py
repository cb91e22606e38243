"""Every environment variable; with none of them set the bot runs on this machine alone."""

import stat
from pathlib import Path

import pytest

from bot.settings import Settings
from flywheel.errors import ConfigurationError


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start every test in an empty folder, with none of the variables set."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_with_nothing_set_everything_is_on_this_machine(tmp_path: Path) -> None:
    settings = Settings.read()

    assert settings.database == f"sqlite:///{tmp_path / '.flywheel' / 'flywheel.db'}"
    assert (settings.host, settings.port, settings.admins) == ("127.0.0.1", 3000, frozenset())
    assert (settings.has_slack, settings.has_language_model) == (False, False)


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    unset = Settings.read()
    monkeypatch.setenv(name, "")

    assert Settings.read() == unset


def test_a_dotenv_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nHOST=0.0.0.0\nSOMETHING_ELSE=1\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "5000")

    assert (Settings.read().host, Settings.read().port) == ("0.0.0.0", 5000)


@pytest.mark.parametrize("value", ["abc", "-1", "65536"])
def test_a_value_that_cannot_be_is_an_error_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PORT", value)

    with pytest.raises(ConfigurationError, match="PORT"):
        Settings.read()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_postgres_is_spoken_with_psycopg(monkeypatch: pytest.MonkeyPatch, given: str, used: str) -> None:
    monkeypatch.setenv("DATABASE_URL", given)

    assert Settings.read().database == used


def test_administrators_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLYWHEEL_ADMINS", " U1, U2,,")

    assert Settings.read().admins == {"U1", "U2"}


def test_a_key_makes_a_language_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_MODEL", "m")
    server = Settings.read().plan().model_server

    assert server is not None
    assert (server.api_key, server.base_url, server.model) == ("k", None, "m")


def test_a_server_that_needs_no_key_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1")
    server = Settings.read().plan().model_server

    assert server is not None
    assert (server.api_key, server.base_url) == ("", "http://127.0.0.1:8000/v1")


def test_the_plan_says_what_the_variables_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"FLYWHEEL_HOME": "here", "CHROMA_URL": "http://c:1", "FLYWHEEL_EMBEDDER": "e"}.items():
        monkeypatch.setenv(name, value)
    plan = Settings.read().plan()

    assert (plan.home, plan.chroma_url, plan.embedder, plan.model_server) == (
        tmp_path / "here",
        "http://c:1",
        "e",
        None,
    )


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "OPENAI_API_KEY", "FLYWHEEL_API_TOKEN")
    for name in secrets:
        monkeypatch.setenv(name, "hush-hush")

    assert "hush-hush" not in f"{Settings.read()!r} {Settings.read().model_dump_json()}"


def test_the_api_token_is_made_once_and_its_owner_alone_reads_it(tmp_path: Path) -> None:
    token = Settings.read().api_token()
    [kept] = (tmp_path / ".flywheel").iterdir()

    assert len(token) >= 32
    assert Settings.read().api_token() == token == kept.read_text(encoding="utf-8")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_given_api_token_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FLYWHEEL_API_TOKEN", "mine")

    assert Settings.read().api_token() == "mine"
    assert not (tmp_path / ".flywheel").exists()


def test_a_blank_token_is_an_error_because_it_would_let_everybody_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FLYWHEEL_API_TOKEN", "  ")
    with pytest.raises(ConfigurationError, match="FLYWHEEL_API_TOKEN"):
        Settings.read().api_token()


def test_an_emptied_token_file_is_an_error(tmp_path: Path) -> None:
    Settings.read().api_token()
    (tmp_path / ".flywheel" / "api_token").write_text("", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="api_token"):
        Settings.read().api_token()


def test_reactions_are_read_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLYWHEEL_REACTIONS", '{"rocket": "up"}')

    assert Settings.read().flywheel_reactions == {"rocket": "up"}


@pytest.mark.parametrize("wrong", ["rocket", '{"rocket": "sideways"}'])
def test_reactions_that_make_no_sense_are_named(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("FLYWHEEL_REACTIONS", wrong)

    with pytest.raises(ConfigurationError, match="FLYWHEEL_REACTIONS"):
        Settings.read()


@pytest.mark.parametrize(
    ("given", "url"),
    [({}, "http://127.0.0.1:3000"), ({"FLYWHEEL_URL": "https://flywheel.example/"}, "https://flywheel.example")],
)
def test_browsers_reach_the_server_where_it_says_or_listens(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], url: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    assert Settings.read().url == url
