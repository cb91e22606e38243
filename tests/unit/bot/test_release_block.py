"""Rows of releases: the buttons fit what can be done, and a row is drawn anew where it stands."""

from dataclasses import replace
from typing import Any

from bot.blocks.release import Shown, ids_in, models_message, redrawn, row, state, told, watched_message
from bot.blocks.report import models_in, report_message
from flywheel.registry import Outcome, Release
from tests.parts import MOMENT

HELD = Release("r1", "fusion", {}, {"reason": "Not <!channel> better."}, "s", MOMENT, Outcome.HELD, serving=False)
SERVING = replace(HELD, serving=True, outcome=Outcome.RELEASED)
CANARY = replace(HELD, serving=True, outcome=Outcome.CANARY, share=0.5)


def buttons(blocks: list[dict[str, Any]]) -> list[str]:
    return [one["action_id"] for block in blocks for one in block.get("elements", ()) if one["type"] == "button"]


def test_what_serves_can_be_rolled_back() -> None:
    assert buttons(row(Shown(SERVING))) == ["release_roll_back"]


def test_a_canary_can_be_promoted_held_and_rolled_back() -> None:
    assert buttons(row(Shown(CANARY))) == ["release_promote", "release_hold", "release_roll_back"]


def test_what_does_not_serve_can_be_promoted() -> None:
    assert buttons(row(Shown(HELD))) == ["release_promote"]


def test_every_button_asks_first() -> None:
    assert all("confirm" in one for one in row(Shown(CANARY))[0]["elements"])


def test_the_question_says_which_model_and_what_became_of_it() -> None:
    assert "It was held. Let fusion serve everybody?" in str(row(Shown(HELD)))


def test_states_say_whom_a_release_serves() -> None:
    taken = replace(HELD, outcome=Outcome.ROLLED_BACK)

    assert [state(one) for one in (SERVING, CANARY, HELD, taken, replace(SERVING, serving=False))] == [
        "serves everybody", "a canary, it serves 50 % of people", "held", "rolled back", "served before",
    ]  # fmt: skip


def test_a_redrawn_row_says_who_acted_and_stays_one_row() -> None:
    once = redrawn(row(Shown(SERVING)), {"r1": Shown(HELD, "roll back", "U1")})
    twice = redrawn(once, {"r1": Shown(SERVING, "promote", "U2")})

    assert "Rolled back by <@U1>" in str(once)
    assert ("Promoted by <@U2>" in str(twice), "U1" in str(twice), len(twice)) == (True, False, 2)


def test_other_blocks_stay_as_they_are() -> None:
    other = {"type": "divider"}

    assert redrawn([other, *row(Shown(CANARY))], {})[0] == other


def test_what_the_gate_did_by_itself_is_no_act_of_anybody() -> None:
    assert len(row(Shown(CANARY, "canary", "flywheel"))) == 1


def test_evidence_is_inert() -> None:
    assert "<!channel>" not in str(models_message([Shown(HELD)]).blocks)


def test_evidence_tells_what_the_watch_saw() -> None:
    seen = replace(CANARY, evidence={"reason": "Better.", "canary": {"fate": "watched", "reason": "No harm."}})

    assert told(Shown(seen)) == ["Better.", "watched: No harm."]


def test_nothing_learned_is_said() -> None:
    assert "Nothing was learned yet" in models_message([]).text


def test_a_list_of_many_fits_into_a_message() -> None:
    many = [Shown(replace(CANARY, id=f"r{number}"), "promote", "U1") for number in range(40)]

    assert len(models_message(many).blocks) <= 50


def test_a_notice_says_what_was_done_and_why() -> None:
    notice = watched_message(Shown(HELD, "roll back", "flywheel"), "People are less satisfied.")

    assert "fusion rolled back" in notice.text
    assert "less satisfied" in str(notice.blocks)


REPORT = {"title": "Week", "verdicts": [{"learner": "fusion", "outcome": "held", "evidence": "e", "release": "r1"}]}


def test_a_verdict_has_the_buttons_of_its_release() -> None:
    assert models_in(REPORT) == ["r1"]
    assert ids_in(report_message(REPORT, {"r1": Shown(SERVING)}).blocks) == ["r1"]


def test_a_verdict_without_a_release_has_none() -> None:
    assert ids_in(report_message(REPORT).blocks) == []


def test_a_verdict_is_shown_in_short() -> None:
    verdict = {"learner": "fusion", "outcome": "held", "short": "Not better.", "evidence": "e"}
    shown = str(report_message({"verdicts": [verdict]}).blocks)

    assert "Not better." in shown
    assert "The whole reasons" in shown


def test_the_notes_of_a_report_with_every_learner_fit_in() -> None:
    verdicts = [{"learner": str(n), "outcome": "held", "short": "s", "release": f"r{n}"} for n in range(20)]
    report = {"figures": [{"name": "n", "value": "v"}] * 6, "chart": "F1", "verdicts": verdicts, "notes": ["n"] * 20}
    every = {f"r{n}": Shown(replace(CANARY, id=f"r{n}"), "promote", "U1") for n in range(20)}

    blocks = report_message(report | {"untried": "Not tried yet: the last one."}, every).blocks

    assert "Not tried yet: the last one." in str(blocks)
    assert len(blocks) <= 50
