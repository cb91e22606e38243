"""People choose not to be named as knowing things, and Slack's profiles say who they are."""

from typing import Any

import pytest

from bot import profiles
from bot.app import Bot
from bot.outbox import slack_client
from flywheel.core import Core
from flywheel.store import expertise
from flywheel.store import profiles as stored
from tests.integration.bot.world import People, eventually, install_at, utc_now, words


def is_hidden(core: Core, person: str) -> bool:
    with core.database.read() as db:
        return stored.is_hidden(db, person)


def said(people: People, by: str) -> list[str]:
    return [words(one) for one in people.messages(by, "C1") if one.get("bot_id")]


def home(people: People, by: str) -> dict[str, Any]:
    """Open Home and return its view."""
    people.act("home/open", by=by, tab="home")
    return dict(eventually(lambda: people.look(f"home?as={by}")["view"]))


def offering(people: People, by: str, action: str) -> dict[str, Any] | None:
    """Open Home and return its view once it offers the action."""
    view = home(people, by)
    return view if action in words(view) else None


def press(people: People, by: str, action: str) -> None:
    view = eventually(lambda: offering(people, by, action))
    people.act("actions", by=by, view_id=view["id"], block_id="naming", action_id=action)


def test_a_command_hides_a_person_and_says_so(people: People, core: Core) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text="Hide me")

    assert "will not name you" in eventually(lambda: said(people, "U2"))[0]
    assert (is_hidden(core, "U2"), is_hidden(core, "U1")) == (True, False)


def test_a_command_shows_a_person_again(people: People, core: Core) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text="hide me")
    eventually(lambda: is_hidden(core, "U2"))
    people.act("commands", by="U2", channel="C1", command="/ask", text="show me")

    assert eventually(lambda: not is_hidden(core, "U2"))


def test_home_offers_the_choice_and_shows_what_was_chosen(people: People, core: Core) -> None:
    press(people, "U1", "hide_me")

    assert eventually(lambda: "Name me again" in words(people.look("home?as=U1")["view"]))
    assert is_hidden(core, "U1")


def test_home_takes_the_choice_back(people: People, core: Core) -> None:
    press(people, "U1", "hide_me")
    eventually(lambda: is_hidden(core, "U1"))
    press(people, "U1", "show_me")

    assert eventually(lambda: not is_hidden(core, "U1"))


def test_who_hides_is_known_by_name_from_then_on(people: People, core: Core) -> None:
    press(people, "U1", "hide_me")

    eventually(lambda: is_hidden(core, "U1"))
    with core.database.read() as db:
        assert [one.name for one in stored.known_as(db, ["U1"])] == ["Ana Alvarez"]


@pytest.fixture
def refreshed(people: People, bot: Bot, core: Core) -> int:
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    return profiles.refresh(client, core.database, utc_now)


def test_the_profiles_of_a_workspace_are_kept_without_its_bots(refreshed: int, core: Core) -> None:
    with core.database.read() as db:
        ana, bot = stored.find(db, "U1"), stored.find(db, "UBOT")

    assert (refreshed, bot) == (4, None)
    assert ana is not None
    assert (ana.name, ana.title) == ("Ana Alvarez", "Head of IT")


def test_channels_that_everybody_can_join_are_known(refreshed: int, core: Core) -> None:
    with core.database.read() as db:
        assert expertise.open_channels(db) == {"C1", "C2"}


def knows_channels(core: Core) -> bool:
    """Tell whether the bot has read profiles and channels, as it does when it starts."""
    with core.database.read() as db:
        return bool(expertise.open_channels(db))


def test_where_slack_wants_fewer_calls_the_rest_is_waited_for(people: People, core: Core) -> None:
    eventually(lambda: knows_channels(core))
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    people.act("faults", method="users.list", status=429, retry_after=7, times=2)
    waited: list[float] = []

    assert profiles.refresh(client, core.database, core.now, waited.append) == 4
    assert [round(one) for one in waited] == [7, 7]
