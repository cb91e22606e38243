"""The review queue in Slack: one card at a time, in one modal, with what the reviewer may read and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from bot import outbox, settling
from bot.app import Bot
from bot.blocks.card import OPEN, WAITING
from bot.blocks.message import actions, button, message
from bot.outbox import Outgoing
from flywheel.core import Core
from flywheel.curation import review_deciding, review_queue
from flywheel.curation.corrections import Suggestion, suggest
from flywheel.signals.votes import votes
from flywheel.store import answers, expertise, reviews, trusts
from flywheel.store.reviews import ReviewItem, ReviewKind, identity
from flywheel.store.standing import Standing
from tests.integration.bot.test_feedback import ephemeral
from tests.integration.bot.world import People, eventually, utc_now, words
from tests.parts import answered, know


def put_sample(core: Core, answer_id: str, minute: int = 0) -> str:
    """Put up an answer; the smaller the minute, the sooner it is asked about."""
    item = identity(ReviewKind.SAMPLE, answer_id)
    at = utc_now() - timedelta(days=1) + timedelta(minutes=minute)
    detail = {"answer_id": answer_id, "question_id": f"q-{answer_id}", "confidence": 0.5}
    with core.database.begin() as db:
        reviews.put(db, [ReviewItem(item, ReviewKind.SAMPLE, answer_id, at, detail=detail)])
    return item


@pytest.fixture
def queue(core: Core) -> list[str]:
    """Put up two answers that all may read, and one from a private channel."""
    with core.database.begin() as db:
        expertise.put_open_channels(db, ["C1"])
    answered(core, "a1", question="How do I get on the VPN?", text="Use Office-2. [1]", cites=["vpn.md:0"])
    answered(core, "a2", question="When is lunch?", text="At noon. [1]", cites=["lunch.md:0"])
    know(core, "board.md", "The board meets on Mondays.", access=("channel:C9",))
    answered(core, "a3", question="When does the board meet?", text="Mondays. [1]", cites=["board.md:0"])
    return [put_sample(core, name, minute) for minute, name in enumerate(("a1", "a2", "a3"))]


def open_queue(people: People, by: str) -> dict[str, Any]:
    people.act("commands", by=by, channel="C1", command="/ask", text="review")
    return shown_card(people, by)


def shown_card(people: People, by: str) -> dict[str, Any]:
    """Wait until the modal shows what there is to judge."""

    def look() -> dict[str, Any] | None:
        view = people.modal(by)
        return None if WAITING in words(view) else view

    return dict(eventually(look))


def judge(people: People, by: str, verdict: str, reason: str = "") -> dict[str, Any]:
    """Choose a verdict in the top modal and submit it; return the modal as it is then."""
    view = people.modal(by)
    radio = next(one for one in view["blocks"] if str(one["block_id"]).startswith("verdict:"))
    option = next(one for one in radio["element"]["options"] if one["value"] == verdict)
    state = {radio["block_id"]: {"choice": {"type": "radio_buttons", "selected_option": option}}}
    if reason:
        state[radio["block_id"].replace("verdict", "reason")] = {"text": {"type": "plain_text_input", "value": reason}}
    people.act(f"views/{view['id']}/submit", by=by, state=state)
    return people.modal(by)


def press(people: People, by: str, action: str) -> None:
    view = people.modal(by)
    people.act("actions", by=by, view_id=view["id"], block_id="card", action_id=action)


def suggestions_decided(core: Core) -> list[str | None]:
    with core.database.read() as db:
        return [one.verdict for one in reviews.decided(db, ReviewKind.CORRECTION)]


def answer_at(core: Core, ts: str) -> str:
    """Return the id of the answer in a thread."""
    with core.database.read() as db:
        [answer] = answers.in_thread(db, "C1", ts)
    return answer.id


def answer_in(core: Core, ts: str) -> str:
    """Return the id of the answer in a thread, once somebody has voted on it."""
    found = answer_at(core, ts)
    eventually(lambda: votes(core, found))
    return found


def decided(core: Core, item: str) -> str | None:
    with core.database.read() as db:
        found = reviews.find(db, item)
    return found.verdict if found else None


def test_a_card_shows_question_answer_and_source(people: People, queue: list[str]) -> None:
    shown = words(open_queue(people, "U1"))

    assert all(one in shown for one in ("1 of 2", "How do I get on the VPN", "Use Office-2", "self service portal"))


def test_a_verdict_brings_the_next_card(people: People, core: Core, queue: list[str]) -> None:
    open_queue(people, "U1")
    after = words(judge(people, "U1", "wrong", "The profile has another name."))

    assert "When is lunch" in after
    assert "2 of 2" in after
    assert decided(core, queue[0]) == "wrong"


def test_the_last_verdict_ends_the_sitting(people: People, queue: list[str]) -> None:
    open_queue(people, "U1")
    judge(people, "U1", "right")

    assert "You judged 2 items" in words(judge(people, "U1", "right"))


def test_skipping_decides_nothing(people: People, core: Core, queue: list[str]) -> None:
    open_queue(people, "U1")
    press(people, "U1", "card_skip")

    assert eventually(lambda: "When is lunch" in words(people.modal("U1")))
    assert decided(core, queue[0]) is None


def test_undo_brings_the_last_card_back(people: People, core: Core, queue: list[str]) -> None:
    open_queue(people, "U1")
    judge(people, "U1", "right")
    press(people, "U1", "card_undo")

    assert eventually(lambda: "Use Office-2" in words(people.modal("U1")))
    assert decided(core, queue[0]) is None


def test_guidelines_lie_on_top(people: People, queue: list[str]) -> None:
    open_queue(people, "U1")
    press(people, "U1", "card_guidelines")

    assert eventually(lambda: "must stand in a cited source" in words(people.modal("U1")))


def test_what_a_reviewer_may_not_read_is_never_shown(people: People, core: Core, queue: list[str]) -> None:
    open_queue(people, "U1")
    shown = words(judge(people, "U1", "right")) + words(judge(people, "U1", "right"))

    assert "Mondays" not in shown
    assert decided(core, queue[2]) is None


def test_a_button_opens_the_queue_wherever_it_stands(people: People, core: Core, queue: list[str]) -> None:
    shown = message("Review", [actions("queue", [button("Review", OPEN, "-")])])
    with core.database.begin() as db:
        outbox.put(db, Outgoing("queue", shown, channel="C1"), utc_now())
    posted = eventually(lambda: [m for m in people.messages("U1", "C1") if OPEN in str(m.get("blocks"))])[0]
    people.press("U1", "C1", posted, OPEN)

    assert "Use Office-2" in words(shown_card(people, "U1"))


def test_a_decision_on_a_suggestion_is_not_taken_back_and_the_card_says_so(people: People, core: Core) -> None:
    answer = answered(core, "a1", cites=["vpn.md:0"])
    suggest(core, Suggestion("k", answer, "U3", "Use Office-3."))
    open_queue(people, "U1")
    judge(people, "U1", "reject")
    eventually(lambda: suggestions_decided(core))
    press(people, "U1", "card_undo")

    assert eventually(lambda: "a decision on a suggestion stays" in words(people.modal("U1")))


def test_others_are_told_who_reviews(people: People, queue: list[str]) -> None:
    assert "Reviewing is for administrators" in words(open_queue(people, "U2"))


def test_whose_votes_proved_right_reviews_too(people: People, core: Core, queue: list[str]) -> None:
    with core.database.begin() as db:
        trusts.replace_all(db, {"U2": Standing(9.0, 1.0, 10)}, core.now())

    assert "Use Office-2" in words(open_queue(people, "U2"))


def test_a_form_without_a_verdict_stays(people: People, core: Core, queue: list[str]) -> None:
    view = open_queue(people, "U1")
    answer = people.act(f"views/{view['id']}/submit", by="U1", state={})

    assert answer["response_action"] == "errors"
    assert decided(core, queue[0]) is None


def test_a_suggestion_is_decided_everywhere_at_once(people: People, core: Core) -> None:
    ts = people.say("U2", "C1", "<@UBOT> when is lunch served in the canteen?")
    people.press("U3", "C1", people.reply("U2", "C1", ts), "vote_no")
    asked = eventually(lambda: ephemeral(people, "U3", ts))[0]
    people.press("U3", "C1", asked, "suggest")
    people.submit("U3", answer="From 11:30 to 13:30.")
    card = eventually(lambda: [m for m in people.messages("U1", people.dm("U1")) if "suggested answer" in words(m)])
    with core.database.begin() as db:
        expertise.put_open_channels(db, ["C1"])
    open_queue(people, "U1")
    judge(people, "U1", "approve")

    assert eventually(lambda: "11:30" in words(people.replies("U2", "C1", ts)[0]))
    told = eventually(lambda: [m for m in people.messages("U1", people.dm("U1")) if "Approved by" in words(m)])
    assert told[0]["ts"] == card[0]["ts"]
    assert eventually(lambda: suggestions_decided(core)) == ["approve"]


def test_the_word_is_not_taken_for_a_question(people: People, core: Core, queue: list[str]) -> None:
    open_queue(people, "U1")

    assert [m for m in people.messages("U1", "C1") if m.get("ephemeral")] == []


def test_who_voted_on_an_answer_does_not_judge_it(people: People, core: Core) -> None:
    ts = people.say("U2", "C1", "<@UBOT> how do I get on the VPN?")
    people.press("U1", "C1", people.reply("U2", "C1", ts), "vote_yes")
    put_sample(core, answer_in(core, ts))

    assert "Nothing waits" in words(open_queue(people, "U1"))
    assert review_deciding.undo_last(core, "U1") is None


def test_a_suggestion_decided_at_another_door_is_told_once(people: People, core: Core, bot: Bot) -> None:
    ts = people.say("U2", "C1", "<@UBOT> when is lunch served in the canteen?")
    people.reply("U2", "C1", ts)
    suggest(core, Suggestion("k", answer_at(core, ts), "U3", "From 11:30 to 13:30."))
    review_queue.refresh(core)
    with core.database.read() as db:
        [item] = reviews.queued(db, {ReviewKind.CORRECTION})
    review_deciding.decide(core, item.id, "U1", "approve")
    face = bot.upkeep._face

    assert [settling.catch_up(face), settling.catch_up(face)] == [1, 0]
    assert eventually(lambda: "11:30" in words(people.replies("U2", "C1", ts)[0]))


def test_a_verdict_on_a_card_from_home_brings_home_up_to_date(people: People, queue: list[str]) -> None:
    people.act("home/open", by="U1", tab="home")
    view = eventually(lambda: people.look("home?as=U1")["view"])
    assert "Review (2)" in words(view)  # the third is of a private channel
    people.act("actions", by="U1", view_id=view["id"], block_id="board", action_id=OPEN)
    shown_card(people, "U1")
    judge(people, "U1", "right")

    assert eventually(lambda: "Review (1)" in words(people.look("home?as=U1")["view"]))


def test_who_waits_for_a_card_that_slack_would_not_open_is_told(people: People, queue: list[str]) -> None:
    people.act("faults", method="views.open", times=1, error="expired_trigger_id")
    people.act("commands", by="U1", channel="C1", command="/ask", text="review")

    assert eventually(lambda: [m for m in people.messages("U1", "C1") if "too slow for Slack" in words(m)])


def test_the_modal_opens_before_the_card_is_looked_for(people: People, queue: list[str]) -> None:
    open_queue(people, "U1")

    assert [WAITING in str(call) for call in people.calls("views.open")] == [True]
