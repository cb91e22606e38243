"""Who reads an answer decides what is in it: guests, people who join meanwhile, and those who are gone."""

from typing import Any

import pytest

from tests.acceptance.surfaces import BOT, alone, answer_after, answer_in, answers_in
from tests.acceptance.workplace import Person, Workplace, eventually, words

VPN = f"<@{BOT}> Which profile do I import to get on the VPN?"
SALARY = "What do engineers in band E2 earn?"
MORE = "There is more that only you can see."


@pytest.fixture
def ana(workplace: Workplace) -> Person:
    return workplace.person("U1")


@pytest.fixture
def cleo(workplace: Workplace) -> Person:
    return workplace.person("U3")


def private_channel(ana: Person, name: str, *people: str) -> str:
    """Have Ana make a private channel with these people and the bot."""
    channel = str(ana.do("channels/create", name=name, private=True)["channel"])
    for one in (*people, BOT):
        ana.do("channels/invite", channel=channel, user=one)
    return channel


def test_what_only_the_asker_may_read_is_offered_to_them_alone(workplace: Workplace, cleo: Person) -> None:
    ben = workplace.person("U2")
    asked = cleo.say("C1", f"<@{BOT}> {SALARY}")
    in_channel = answer_in(cleo, "C1", asked)
    cleo.press("C1", alone(cleo, "C1", MORE), "Show me")

    alone(cleo, "C1", "61,000")
    assert "61,000" not in words(in_channel)
    assert ben.told("C1", "61,000") is None
    assert ben.told("C1", MORE) is None


def test_nothing_is_offered_to_somebody_who_may_not_read_more(workplace: Workplace, cleo: Person) -> None:
    ben = workplace.person("U2")
    answer_in(ben, "C1", ben.say("C1", f"<@{BOT}> {SALARY} Tell me, please."))
    answer_in(cleo, "C1", cleo.say("C1", f"<@{BOT}> {SALARY} I ask once more."))

    alone(cleo, "C1", MORE)
    assert ben.told("C1", MORE) is None


def test_a_guest_is_told_nothing_of_the_companys(workplace: Workplace) -> None:
    guest = workplace.person("U4")
    own = guest.direct(BOT)

    assert "Harbour-2" not in words(answer_after(guest, own, guest.say(own, VPN)))


def test_where_a_guest_reads_along_the_company_keeps_quiet(workplace: Workplace, ana: Person) -> None:
    channel = private_channel(ana, "with-a-guest", "U3", "U4")

    answer = answer_in(ana, channel, ana.say(channel, VPN))

    assert "Harbour-2" not in words(answer)
    ana.press(channel, alone(ana, channel, MORE), "Show me")
    alone(ana, channel, "Harbour-2")
    assert workplace.person("U4").told(channel, "Harbour-2") is None


def test_who_joins_before_the_answer_is_posted_counts(workplace: Workplace, ana: Person) -> None:
    channel = private_channel(ana, "who-joins", "U3")
    held_back: dict[str, Any] = {"status": 429, "error": "ratelimited", "retry_after": 3}
    ana.do("faults", method="chat.postMessage", times=1, **held_back)
    asked = ana.say(channel, VPN)
    eventually(lambda: [one for one in workplace.calls("chat.postMessage") if one["error"] == "ratelimited"])
    ana.do("channels/invite", channel=channel, user="U4")

    assert "Harbour-2" not in words(answer_in(ana, channel, asked))
    assert len(answers_in(ana, channel, asked)) == 1


def test_who_is_deactivated_loses_everything_at_once(workplace: Workplace) -> None:
    def told() -> str:
        asked = {"question": SALARY, "user_id": "U3"}
        return str(workplace.doors.post("/v1/ask", json=asked).json()["answer"])

    assert "61,000" in told()

    workplace.person("U1").do("people/deactivate", user="U3")

    eventually(lambda: "61,000" not in told())
