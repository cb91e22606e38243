"""People in the loop: votes that are shown to their voter, sources that are judged, and questions handed to a person.

Over HTTP and Socket Mode, through what people press and say; waiting for hours or days is tested at the level below.
"""

from typing import Any

import pytest

from tests.acceptance.workplace import Message, Person, Workplace, button, eventually, words

QUESTION = "<@UBOT> how do I get on the VPN?"
REPLY = "Import the profile named Harbour-3, Harbour-2 is switched off."


@pytest.fixture
def ben(workplace: Workplace) -> Person:
    return workplace.person("U2")


@pytest.fixture
def cleo(workplace: Workplace) -> Person:
    return workplace.person("U3")


def asked(person: Person, text: str = QUESTION) -> tuple[str, Message]:
    """Ask in #general and return the thread and the answer."""
    ts = person.say("C1", text)
    return ts, eventually(lambda: by_bot(person, ts))[0]


def by_bot(person: Person, ts: str) -> list[Message]:
    return [one for one in person.thread("C1", ts) if one.get("bot_id")]


def seen(person: Person, ts: str, text: str) -> Message:
    """Wait for a message in a thread that holds a text, for this person's eyes alone or for all."""
    return eventually(lambda: [one for one in person.thread("C1", ts) if text in words(one)])[0]


def more(person: Person, channel: str, message: Message, label: str) -> dict[str, Any]:
    """Choose from the menu in the last row of an answer, and return the modal that opens."""
    rows = [(row, one) for row in message["blocks"] for one in row.get("elements", ()) if one["type"] == "overflow"]
    row, menu = rows[-1]
    option = next(one for one in menu["options"] if one["text"]["text"] == label)
    chosen = {"block_id": row["block_id"], "action_id": menu["action_id"], "selected_option": option}
    person.do("actions", channel=channel, ts=message["ts"], **chosen)
    return opened(person, label)


def opened(person: Person, title: str) -> dict[str, Any]:
    """Wait for a modal of this title."""
    return eventually(lambda: [one for one in person.views() if one["title"]["text"] == title and ready(one)])[-1]


def ready(view: dict[str, Any]) -> bool:
    """Tell whether a modal says more than that the bot is looking."""
    return "One moment" not in words(view)


def press_in(person: Person, view: dict[str, Any], label: str) -> None:
    """Press a button of a modal."""
    row, element = button(view["blocks"], label)
    person.do("actions", view_id=view["id"], block_id=row["block_id"], action_id=element["action_id"])


def test_a_vote_is_shown_to_its_voter_and_changed(workplace: Workplace, ben: Person, cleo: Person) -> None:
    ts, answer = asked(ben)
    cleo.press("C1", answer, "Yes")
    cleo.press("C1", seen(cleo, ts, "You said yes"), "Change it to no")

    assert eventually(lambda: "No · 1" in words(by_bot(ben, ts)[0]))
    assert seen(cleo, ts, "What was wrong?")
    assert not [one for one in ben.thread("C1", ts) if "You said" in words(one)]


def test_a_source_is_judged_where_it_is_read(workplace: Workplace, ben: Person) -> None:
    _, answer = asked(ben)
    row, source = next(
        (row, one) for row in answer["blocks"] for one in row.get("elements", ()) if one["action_id"] == "citation_1"
    )
    ben.do("actions", channel="C1", ts=answer["ts"], block_id=row["block_id"], action_id=source["action_id"])
    press_in(ben, opened(ben, "Source"), "Useful")

    assert eventually(lambda: "You said: useful." in words(ben.views()[-1]))
    press_in(ben, ben.views()[-1], "Not this")
    assert eventually(lambda: "You said: not this." in words(ben.views()[-1]))
    press_in(ben, ben.views()[-1], "More like this")
    assert eventually(lambda: "like this" in words(ben.views()[-1]).split("You said")[-1])


def test_a_person_is_asked_and_their_reply_becomes_the_answer(workplace: Workplace, ben: Person, cleo: Person) -> None:
    ts, answer = asked(ben)
    view = more(ben, "C1", answer, "Ask a person")
    assert "Cleo Costa" in words(view)
    ben.submit(view)
    seen(cleo, ts, "<@U3>, can you help <@U2>")
    cleo.say("C1", REPLY, ts)

    request = seen(ben, ts, "<@U3> replied.")
    ben.press("C1", request, "Resolved")
    assert seen(ben, ts, "Resolved, says <@U2>.")
    own = cleo.direct("UBOT")
    card = eventually(lambda: [one for one in cleo.channel(own) if "Harbour-3" in words(one)])[0]
    cleo.press(own, card, "Approve")
    assert eventually(lambda: "Harbour-3" in words(by_bot(ben, ts)[0]))


def test_a_private_question_is_shared_in_the_askers_words(workplace: Workplace, ben: Person, cleo: Person) -> None:
    own, theirs = ben.direct("UBOT"), cleo.direct("UBOT")
    stamp = ben.say(own, "what is the daily meal allowance?")
    answer = eventually(lambda: [one for one in ben.channel(own) if one["ts"] > stamp and "75 euros" in words(one)])[0]
    ben.submit(more(ben, own, answer, "Ask a person"), your="May I spend more on meals in Geneva?")
    request = eventually(lambda: [one for one in cleo.channel(theirs) if "in Geneva" in words(one)])[0]
    cleo.say(theirs, "Yes, in Geneva it is 95 euros a day.", request["ts"])

    assert "daily meal" not in words(request)
    assert eventually(lambda: [one for one in ben.channel(own) if "95 euros" in words(one)])


def test_where_nothing_is_found_a_person_is_offered(workplace: Workplace, ben: Person) -> None:
    _, answer = asked(ben, "<@UBOT> who painted the ceiling of the Sistine chapel?")
    ben.press("C1", answer, "Ask a person")

    assert "I would ask" in words(opened(ben, "Ask a person"))


def test_the_door_records_that_a_person_was_asked_for(workplace: Workplace) -> None:
    given = workplace.doors.post("/v1/ask", json={"question": "how do I get on the VPN?", "user_id": "U2"}).json()
    said = {"request_id": given["request_id"], "signal_type": "escalate", "user_id": "U2"}

    assert workplace.doors.post("/v1/feedback", json=said).json()["status"] == "recorded"
