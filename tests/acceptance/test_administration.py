"""An administrator changes how the bot works from within Slack, and it works so from then on.

Over HTTP and Socket Mode. Reading a channel is turned on first: what is said there becomes knowledge more than a minute
later, in which the other tests run.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.simulator.install import Transport
from tests.acceptance.panels import close, open_panel, press, set_channel
from tests.acceptance.surfaces import BOT, answer_in, answers_in
from tests.acceptance.workplace import Person, Workplace, eventually, words, working

QUESTION = "How do I get on the VPN, and which profile do I import?"
REPLY = "Add the queue named tulip-7 for the printer upstairs."
PRINTER = "how do I reach the printer upstairs?"


@dataclass(frozen=True)
class Room:
    """A channel that the bot is in, and the people who talk there."""

    channel: str
    ana: Person
    ben: Person
    cleo: Person


Reading = tuple[Workplace, Room, str, str]
"""A workplace, a channel of it that is read, and the ts of two messages there: a reply, and one that will go."""


def room(place: Workplace, name: str) -> Room:
    """Have Ana make a channel with Ben, Cleo and the bot in it."""
    ana, ben, cleo = (place.person(one) for one in ("U1", "U2", "U3"))
    channel = str(ana.do("channels/create", name=name)["channel"])
    for one in ("U2", "U3", BOT):
        ana.do("channels/invite", channel=channel, user=one)
    return Room(channel, ana, ben, cleo)


def decided(place: Workplace, decision: str) -> int:
    """Return how many messages to nobody in particular met with a decision, as the metrics count them."""
    start = f'flywheel_unasked_total{{decision="{decision}"}} '
    lines = place.doors.get("/metrics").text.splitlines()
    return next((int(float(one.removeprefix(start))) for one in lines if one.startswith(start)), 0)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, documents: Path) -> Iterator[dict[Transport, Reading]]:
    """The bot over HTTP and over Socket Mode, side by side, so that both wait for the same minute."""
    with ExitStack() as stack:
        homes = {one: tmp_path_factory.mktemp("home") for one in (Transport.HTTP, Transport.SOCKET)}
        places = {one: stack.enter_context(working(home, documents, one)) for one, home in homes.items()}
        yield {one: (place, *talked(place)) for one, place in places.items()}


@pytest.fixture(scope="module", params=[Transport.HTTP, Transport.SOCKET], ids=["http", "socket"])
def reading(request: pytest.FixtureRequest, both: dict[Transport, Reading]) -> Reading:
    """The bot over one of them."""
    return both[request.param]


@pytest.fixture(scope="module")
def workplace(reading: Reading) -> Workplace:
    """The workplace alone."""
    return reading[0]


@pytest.fixture(scope="module")
def read(reading: Reading) -> tuple[Room, str, str]:
    """The channel that is read, and what was said there."""
    return reading[1:]


def talked(workplace: Workplace) -> tuple[Room, str, str]:
    """Have a channel read: return the room, what Cleo replied there, and what Ben said."""
    made = room(workplace, "facilities")
    asked = made.ana.say(made.channel, "How do I reach the printer upstairs?")
    replied = made.cleo.say(made.channel, REPLY, asked)
    gone = made.ben.say(made.channel, "The printer upstairs needs the code 4711 on its display.")
    said = set_channel(made.ana, made.channel, read_since=f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}")
    assert "Read since" in said
    return made, replied, gone


@pytest.fixture(scope="module")
def support(workplace: Workplace) -> Room:
    """A channel in which the bot answers unasked, twice a day at most."""
    made = room(workplace, "support")
    said = set_channel(made.ana, made.channel, mode="auto", threshold="0.3", daily_answers="2")
    assert "Also answers unasked, up to 2 a day" in said
    return made


def test_a_question_to_nobody_is_answered_and_talk_is_not(workplace: Workplace, support: Room) -> None:
    talk = support.ana.say(support.channel, "thanks everybody, see you at lunch!")
    asked = support.ben.say(support.channel, QUESTION)

    assert "Harbour-2" in words(answer_in(support.ben, support.channel, asked))
    eventually(lambda: decided(workplace, "talk"))
    assert answers_in(support.ben, support.channel, talk) == []


def test_it_keeps_quiet_elsewhere(workplace: Workplace, support: Room) -> None:
    unasked = workplace.person("U2").say("C1", QUESTION)
    asked = workplace.person("U2").say("C1", f"<@{BOT}> {QUESTION}")

    answer_in(support.ben, "C1", asked)
    assert answers_in(support.ben, "C1", unasked) == []


def test_a_muted_thread_stays_quiet_until_somebody_mentions_the_bot(workplace: Workplace, support: Room) -> None:
    cleo, channel = support.cleo, support.channel
    asked = cleo.say(channel, QUESTION)
    cleo.press(channel, answer_in(cleo, channel, asked), "Mute in this thread")
    eventually(lambda: [one for one in answers_in(cleo, channel, asked) if "Muted by <@U3>" in words(one)])

    cleo.say(channel, "And what is the daily meal allowance?", asked)
    cleo.say(channel, f"<@{BOT}> are trains booked in second class?", asked)

    said = eventually(lambda: answers_in(cleo, channel, asked)[2:])
    assert "second class" in words(said[0])
    assert not [one for one in answers_in(cleo, channel, asked) if "75 euros" in words(one)]


def test_the_cap_of_the_day_is_kept(workplace: Workplace, support: Room) -> None:
    third = support.ana.say(support.channel, QUESTION)

    eventually(lambda: decided(workplace, "capped"))
    assert answers_in(support.ana, support.channel, third) == []


def direct_message(person: Person, text: str) -> bool:
    return any(text in words(one) for one in person.channel(person.direct(BOT)))


def test_a_source_is_read_again_and_who_asked_for_it_is_told(workplace: Workplace) -> None:
    ada = workplace.person("U1")
    view = open_panel(ada, "sources", "3 documents")

    press(ada, view, "Read again", beside="3 documents")

    eventually(lambda: direct_message(ada, "was read again"))
    acts = workplace.doors.get("/v1/audit").json()["acts"]
    assert ("U1", "source read again") in [(one["person"], one["act"]) for one in acts]
    assert "source read again" in workplace.command("audit")
    close(ada)


def test_a_channel_gets_its_own_tone_and_answers_on(workplace: Workplace) -> None:
    ada, ben = workplace.person("U1"), workplace.person("U2")

    assert "Own tone" in set_channel(ada, "C1", persona="Brief and calm.")

    asked = ben.say("C1", f"<@{BOT}> How do I get on the VPN?")
    assert "Harbour-2" in words(answer_in(ben, "C1", asked))


def test_nobody_else_is_let_in(workplace: Workplace) -> None:
    ben = workplace.person("U2")

    open_panel(ben, "audit", "Only administrators change how I work")

    close(ben)


def test_the_audit_log_names_what_was_done(workplace: Workplace) -> None:
    ada = workplace.person("U1")

    assert "changed how I behave (the tone)" in words(open_panel(ada, "audit", "had"))

    close(ada)


def test_what_people_say_in_a_channel_is_found_with_a_link(workplace: Workplace, read: tuple[Room, str, str]) -> None:
    made = read[0]
    own = made.ana.direct(BOT)
    eventually(lambda: [one for one in made.ana.channel(own) if "3 messages" in words(one)], patience=180)

    answer = answer_in(made.ben, "C1", made.ben.say("C1", f"<@{BOT}> {PRINTER}"))

    assert "tulip-7" in words(answer)
    assert "#facilities" in words(answer)


def test_what_is_edited_or_deleted_there_is_not_found_any_more(
    workplace: Workplace, read: tuple[Room, str, str]
) -> None:
    if "SLACK_APP_TOKEN" in workplace.environment:
        pytest.skip("played over HTTP alone: an edit is taken in after minutes, and comes as a message does")
    made, replied, gone = read
    made.cleo.do("messages/edit", channel=made.channel, ts=replied, text=REPLY.replace("tulip-7", "rose-9"))
    made.ben.do("messages/delete", channel=made.channel, ts=gone)

    def told() -> str:
        asked = {"question": f"{PRINTER} which queue, which code?", "user_id": "U3"}
        return str(workplace.doors.post("/v1/ask", json=asked).json())

    said = eventually(lambda: next((one for one in [told()] if "rose-9" in one), None), patience=150)
    assert "tulip-7" not in said
    assert "4711" not in said


def test_it_stands_in_the_audit_log_what_was_turned_on(workplace: Workplace, read: tuple[Room, str, str]) -> None:
    acts = [(one["person"], one["act"]) for one in workplace.doors.get("/v1/audit").json()["acts"]]

    assert ("U1", "read a channel") in acts
    assert ("U1", "channel") in acts
    open_panel(read[0].ana, "audit", "when I speak")
    close(read[0].ana)


def test_slack_refused_nothing(workplace: Workplace) -> None:
    assert [one for one in workplace.refusals() if one["method"].startswith("views")] == []
