"""What a notice of unusual votes says."""

import json
from datetime import date

from bot.blocks.alarm import Rise, What, alarm_message

DAY = date(2026, 11, 21)


def said(*rises: Rise, others: int = 0, seen_by: str = "") -> str:
    return json.dumps(alarm_message(rises, "alarm_1", others=others, seen_by=seen_by).blocks, ensure_ascii=False)


def test_many_votes_on_an_answer_are_told_with_its_question() -> None:
    shown = said(Rise(What.ANSWER, "a1", DAY, 20, 1.0, 20, "Where is the <key>?", "a1"))

    assert "One answer got *20 votes* on 21 November, by 20 people; 1 a day is usual." in shown
    assert "“Where is the &lt;key&gt;?”" in shown


def test_changed_votes_are_told_as_such() -> None:
    assert "*40 votes* were turned round" in said(Rise(What.TURNED, "everybody", DAY, 40, 2.4, 12))


def test_an_unreadable_question_has_no_trace_to_open() -> None:
    assert "Why this answer?" not in said(Rise(What.ANSWER, "a1", DAY, 20, 1.0, 20))


def test_what_was_seen_has_no_button() -> None:
    shown = said(Rise(What.PERSON, "U2", DAY, 50, 3.0, 1), seen_by="U1")

    assert "Seen by <@U1>" in shown
    assert "alarm_seen" not in shown


def test_alarms_that_are_not_shown_are_counted() -> None:
    assert "7 more alarms wait" in said(Rise(What.PERSON, "U2", DAY, 50, 3.0, 1), others=7)
