"""Everywhere people ask they are answered, over HTTP and over Socket Mode, and only they see what is theirs alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.simulator.install import Transport
from tests.acceptance import surfaces
from tests.acceptance.surfaces import BOT, alone, answer_after, answer_in, answers_in, open_form, point, speaking
from tests.acceptance.workplace import Workplace, eventually, words
from tests.llm_server import LlmServer, Reply

VPN = "Which profile do I import to get on the VPN?"
SALARY = "What do engineers in band E2 earn?"
GROWS = 40
"""Pieces in which a slow answer comes, each after a pause: far longer than anybody waits with the stop button."""


@pytest.fixture(scope="module", params=[Transport.HTTP, Transport.SOCKET], ids=["http", "socket"])
def spoken(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, documents: Path
) -> Iterator[tuple[Workplace, LlmServer]]:
    """The bot with a language model, in a workspace it is reached from in one of two ways."""
    with speaking(tmp_path_factory.mktemp("home"), documents, request.param) as both:
        yield both


@pytest.fixture
def place(spoken: tuple[Workplace, LlmServer]) -> Workplace:
    """The workplace, with a model that quotes."""
    place, model = spoken
    model.then(Reply(surfaces.quoted))
    return place


def test_a_mention_is_answered_in_its_thread(place: Workplace) -> None:
    ben = place.person("U2")
    asked = ben.say("C1", f"<@{BOT}> {VPN}")

    assert "Harbour-2" in words(answer_in(ben, "C1", asked))
    assert len(answers_in(ben, "C1", asked)) == 1


def test_an_untagged_follow_up_is_answered_in_its_thread(place: Workplace) -> None:
    ben = place.person("U2")
    asked = ben.say("C1", f"<@{BOT}> {VPN}")
    answer_in(ben, "C1", asked)

    ben.say("C1", "And what is the daily meal allowance?", asked)

    eventually(lambda: [one for one in answers_in(ben, "C1", asked) if "75 euros" in words(one)])


def test_a_direct_message_is_answered(place: Workplace) -> None:
    ben = place.person("U2")
    channel = ben.direct(BOT)

    assert "Harbour-2" in words(answer_after(ben, channel, ben.say(channel, VPN)))


def test_a_thread_of_a_direct_message_goes_on(place: Workplace) -> None:
    ben = place.person("U2")
    channel = ben.direct(BOT)
    first = ben.say(channel, VPN)
    answer_after(ben, channel, first)

    second = ben.say(channel, "What is the daily meal allowance?", first)

    answered = eventually(lambda: [one for one in answers_in(ben, channel, first) if one["ts"] > second])
    assert "75 euros" in words(answered[0])


def test_a_group_message_that_names_the_bot_is_answered(place: Workplace) -> None:
    ben = place.person("U2")
    channel = ben.direct("U3", BOT)
    asked = ben.say(channel, f"<@{BOT}> {VPN}")

    assert "Harbour-2" in words(answer_in(place.person("U3"), channel, asked))


def test_a_group_message_shows_what_all_of_its_people_may_read(place: Workplace) -> None:
    ana = place.person("U1")
    allowed, mixed = ana.direct("U3", BOT), ana.direct("U2", BOT)

    read = answer_in(ana, allowed, ana.say(allowed, f"<@{BOT}> {SALARY}"))
    kept = answer_in(ana, mixed, ana.say(mixed, f"<@{BOT}> {SALARY}"))

    assert "61,000" in words(read)
    assert "61,000" not in words(kept)


def test_people_who_talk_in_a_group_message_are_left_alone(place: Workplace) -> None:
    ben = place.person("U2")
    channel = ben.direct("U1", "U3", BOT)
    talk = ben.say(channel, VPN)
    answer_in(ben, channel, ben.say(channel, f"<@{BOT}> {VPN}"))

    assert answers_in(ben, channel, talk) == []


def test_the_agent_view_suggests_questions(place: Workplace) -> None:
    ben = place.person("U2")
    channel = str(ben.do("home/open", tab="messages")["channel"])

    assert eventually(lambda: surfaces.prompts(ben, channel))


def test_the_agent_view_knows_the_channel_that_is_open(place: Workplace) -> None:
    ana = place.person("U1")
    channel = str(ana.do("home/open", tab="messages", channel="C3")["channel"])

    eventually(lambda: "Summarise this channel" in surfaces.prompts(ana, channel))


def test_the_stop_button_ends_an_answer_at_once_and_once(spoken: tuple[Workplace, LlmServer]) -> None:
    place, model = spoken
    ben = place.person("U2")
    channel = ben.direct(BOT)
    model.then(Reply(_at_length, pause=0.5, piece=120))
    asked = ben.say(channel, VPN)
    eventually(lambda: surfaces.growing(ben, channel, asked))

    ben.do("sessions/stop", channel=channel, thread_ts=asked)

    eventually(lambda: [one for one in answers_in(ben, channel, asked) if "Stopped before" in words(one)])
    assert len(answers_in(ben, channel, asked)) == 1


def _at_length(messages: list[dict[str, str]]) -> str:
    return "\n".join([surfaces.quoted(messages)] * GROWS)


def test_the_command_answers_its_author_alone(place: Workplace) -> None:
    ben = place.person("U2")
    ben.command(VPN, "C2")

    alone(ben, "C2", "Harbour-2")
    assert place.person("U1").told("C2", "Harbour-2") is None


def test_the_command_uses_its_authors_rights(place: Workplace) -> None:
    place.person("U3").command(SALARY, "C1")

    alone(place.person("U3"), "C1", "61,000")


def test_the_command_alone_gets_help(place: Workplace) -> None:
    place.person("U3").command("", "C1")

    alone(place.person("U3"), "C1", "Ask me a question")


@pytest.mark.parametrize(
    "text",
    [
        'Which profile do I "import" for the VPN?',
        f"payload: {VPN}",
        f"{VPN} (see <https://example.com>)",
        "@cleo which profile do I import?",
    ],
)
def test_the_command_takes_whatever_people_type(place: Workplace, text: str) -> None:
    cleo = place.person("U3")
    before = len([one for one in cleo.channel("C1") if one.get("ephemeral")])
    cleo.command(text, "C1")

    eventually(lambda: len([one for one in cleo.channel("C1") if one.get("ephemeral")]) > before)


def test_an_answer_that_is_shared_is_for_everybody(place: Workplace) -> None:
    cleo = place.person("U3")
    cleo.command("Where do I install WireGuard?", "C1")
    cleo.press("C1", alone(cleo, "C1", "self-service portal"), "Share in channel")

    shared = eventually(lambda: [one for one in place.person("U1").channel("C1") if "asked" in words(one)])
    assert "self-service portal" in words(shared[-1])


def test_a_message_that_somebody_points_at_is_answered_once_for_its_channel(place: Workplace) -> None:
    ben, cleo = place.person("U2"), place.person("U3")
    asked = ben.say("C1", VPN)

    point(cleo, "C1", asked)
    assert "Harbour-2" in words(answer_in(ben, "C1", asked))
    point(ben, "C1", asked)

    alone(ben, "C1", "answered that message already")
    assert len(answers_in(ben, "C1", asked)) == 1


def test_pointing_where_the_bot_is_not_answers_alone(place: Workplace) -> None:
    ana, ben = place.person("U1"), place.person("U2")
    asked = ben.say("C2", SALARY)

    point(ana, "C2", asked)

    alone(ana, "C2", "61,000")
    assert ben.told("C2", "61,000") is None
    assert answers_in(ben, "C2", asked) == []


def test_the_form_is_answered_in_direct_messages(place: Workplace) -> None:
    cleo = place.person("U3")
    form = open_form(cleo)

    cleo.submit(form, what=SALARY)

    channel = cleo.direct(BOT)
    eventually(lambda: [one for one in cleo.channel(channel) if "61,000" in words(one) and "You asked" in words(one)])


def test_an_empty_form_says_so(place: Workplace) -> None:
    ben = place.person("U2")
    form = open_form(ben)

    assert "errors" in ben.submit(form, what=" ")
    ben.do(f"views/{form['id']}/close")


def test_nothing_that_was_said_was_refused_by_slack(place: Workplace) -> None:
    stopped = {"stopped_by_user"}  # how Slack tells that the button was pressed
    assert [call for call in place.refusals() if call["error"] not in stopped] == []
