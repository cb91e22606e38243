"""The wheel, through the doors: people ask in words of their own and vote, a turn is made, and what came of it serves.

The tests run in the order in which they stand, on one company: first its votes are learned from and taken back, then
somebody attacks it, then somebody is forgotten.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.simulator.install import Transport
from tests.acceptance.company import (
    ADMIN,
    ATTACKER,
    Company,
    ask,
    ask_and_vote,
    attack,
    found,
    report,
    share_right,
    turned,
)
from tests.acceptance.nicknames import wordings, write
from tests.acceptance.workplace import eventually, working

NEW = 24
"""Wordings that nobody asks before the turn."""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Index the entries, let forty people ask and vote, and turn the wheel once."""
    documents = tmp_path_factory.mktemp("entries")
    write(documents)
    asked = list(wordings())
    with working(tmp_path_factory.mktemp("home"), documents, Transport.HTTP) as place:
        new = tuple(asked[-NEW:])
        before = tuple(found(place, one.question) for one in new)
        answers = ask_and_vote(place, asked[:-NEW])
        turn = turned(place)
        eventually(lambda: report(place))
        yield Company(place, new, before, answers, turn)


def test_every_learner_says_why_it_may_serve_or_not(company: Company) -> None:
    learners = company.turn["evidence"]["learners"]

    assert {"fusion", "memory", "reranker", "lambdamart", "adapter", "thresholds"} <= learners.keys()
    assert {one["decision"] for one in learners.values()} <= {"released", "provisional", "held"}
    assert all(one["reason"].endswith(".") for one in learners.values())


def test_what_has_won_on_few_questions_serves_half_of_the_people(company: Company) -> None:
    memory = company.memory()

    assert company.turn["evidence"]["learners"]["memory"]["decision"] == "provisional"
    assert (memory["outcome"], memory["serving"], memory["share"]) == ("canary", True, 0.5)


def test_wordings_that_nobody_has_used_find_their_entry(company: Company) -> None:
    assert share_right(company.new, company.before) < 0.5
    assert company.right() > 0.9


def test_a_person_stays_in_their_half(company: Company) -> None:
    people = [f"P{number}" for number in range(12)]
    arms = [found(company.place, company.new[0].question, person) == company.before[0] for person in people]
    again = [found(company.place, company.new[1].question, person) == company.before[1] for person in people]

    assert set(arms) == {True, False}
    assert again == arms


def test_a_hold_takes_the_canary_out_of_service(company: Company) -> None:
    held = company.call(f"/v1/models/{company.memory()['id']}/hold")

    assert (held["outcome"], held["serving"]) == ("held", False)
    assert company.found() == company.before


def test_what_was_promoted_serves_everybody(company: Company) -> None:
    promoted = company.call(f"/v1/models/{company.memory()['id']}/promote")

    assert (promoted["outcome"], promoted["serving"], promoted["share"]) == ("released", True, 1.0)
    assert all(company.right(f"P{number}") > 0.9 for number in range(2))


def test_what_people_pointed_at_is_the_answer_to_the_next_wording(company: Company) -> None:
    wanted = next(one for one in company.new if "owl week" in one.question)

    answer = ask(company.place, wanted.question, "P50")

    assert "rotated weekly" in answer["answer"]
    assert [one["external_id"] for one in answer["citations"]] == ["oncall.md"]


def test_one_call_gives_the_old_order_back_within_a_second(company: Company) -> None:
    company.call(f"/v1/models/{company.memory()['id']}/promote")
    began = time.monotonic()
    company.call(f"/v1/models/{company.memory()['id']}/rollback")

    assert found(company.place, company.new[0].question) == company.before[0]
    assert time.monotonic() - began < 1
    assert company.found() == company.before


def test_one_command_gives_the_old_order_back(company: Company) -> None:
    memory = company.memory()["id"]
    assert "serves everybody" in company.place.command("models", "promote", memory)
    assert company.right() > 0.9

    assert "no longer serves" in company.place.command("models", "rollback", memory)
    assert company.found() == company.before
    assert f"{memory}  memory         rolled back" in company.place.command("models", "list")


def test_one_button_under_the_report_gives_the_old_order_back(company: Company) -> None:
    company.call(f"/v1/models/{company.memory()['id']}/promote")
    shown = report(company.place)
    assert shown is not None

    company.place.person(ADMIN).press("C1", shown, "Roll back")

    eventually(lambda: company.memory()["outcome"] == "rolled_back")
    assert company.found() == company.before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/models/nothing/promote", 404),
        ("/v1/models/nothing/hold", 404),
        ("/v1/models/nothing/rollback", 404),
        ("/v1/models/{memory}/rollback", 422),
        ("/v1/models/{memory}/hold", 422),
        ("/v1/reviews/nothing", 404),
        ("/v1/credit/nothing", 404),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(company: Company, path: str, status: int) -> None:
    body = {"user_id": ADMIN, "verdict": "right", "part": "ranking"}
    reply = company.place.doors.post(path.format(memory=company.memory()["id"]), json=body)

    assert reply.status_code == status
    assert len(reply.json()["detail"].split()) > 3


def test_a_complaint_blames_one_part_and_says_why(company: Company) -> None:
    told = company.place.doors.get(f"/v1/credit/{company.answers[0]}").json()

    assert told["part"] in {"router", "retrieval", "ranking", "writing", "knowledge", "none"}
    assert told["why"].endswith(".")
    assert told["signals"]


def test_what_a_turn_doubts_waits_for_a_review(company: Company) -> None:
    waiting = company.place.doors.get("/v1/reviews", params={"kind": "doubted_label"}).json()

    first = next(one for one in waiting["items"] if one["wanted"] == 1)  # a share of them waits for two reviewers
    decided = company.call(f"/v1/reviews/{first['id']}", verdict="wrong", user_id=ADMIN)
    left = company.place.doors.get("/v1/reviews", params={"kind": "doubted_label"}).json()

    assert decided["verdict"] == "wrong"
    assert left["total"] == waiting["total"] - 1


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("jsonl", {"messages"}),
        ("triplets", {"query", "positive", "negative"}),
        ("graded", {"query", "passages"}),
    ],
)
def test_votes_come_out_as_training_data(company: Company, form: str, fields: set[str]) -> None:
    reply = company.place.doors.get("/v1/flywheel/training-candidates", params={"format": form})

    rows = [json.loads(line) for line in reply.text.splitlines()]
    assert rows
    assert all(row.keys() == fields for row in rows)
    assert int(reply.headers["X-Total-Count"]) > 0


def test_candidates_come_out_as_json(company: Company) -> None:
    told = company.place.doors.get("/v1/flywheel/training-candidates", params={"min_quality": "high"}).json()

    assert told["total"] >= 1
    assert "How do I hand in receipts for travel expenses?" in [one["input"] for one in told["candidates"]]


def test_an_attacker_changes_nothing_and_a_reviewers_word_stays(company: Company) -> None:
    company.call(f"/v1/credit/{company.answers[1]}", part="knowledge", user_id=ADMIN)
    company.call(f"/v1/models/{company.memory()['id']}/promote")
    right = company.right()
    attack(company)

    turned(company.place)

    told = company.place.doors.get(f"/v1/credit/{company.answers[1]}").json()
    assert (told["part"], told["signals"][0]["corrected_by"]) == ("knowledge", ADMIN)
    assert company.right() >= right
    assert ATTACKER in {one["person"] for one in company.place.doors.get("/v1/reviews").json()["items"]}


def test_trainings_and_chats_for_a_language_model_are_at_hand(company: Company, tmp_path: Path) -> None:
    company.place.command("train", "--list")
    company.place.command("models", "export", str(tmp_path / "chats"))

    chats = (tmp_path / "chats" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(json.loads(line)["messages"] for line in chats)
    assert (tmp_path / "chats" / "card.json").exists()


def test_who_is_forgotten_leaves_nothing_and_the_wheel_turns_without_them(company: Company) -> None:
    person = "P7"
    before = company.memory()
    assert json.loads(company.place.command("export", person))["signals"]

    told = company.place.command("forget", person, "--yes")

    assert "rows are gone" in told
    assert not any(json.loads(company.place.command("export", person)).values())
    assert company.memory()["snapshot"] != before["snapshot"]
    assert company.right() > 0.9


def test_a_replay_draws_the_curve_of_a_few_weeks(company: Company, tmp_path: Path) -> None:
    labelled = [
        {"text": one.question, "label": one.entry.name, "split": "dev" if number % 6 == 0 else "train"}
        for number, one in enumerate(wordings())
    ]
    (tmp_path / "queries.jsonl").write_text("".join(json.dumps(one) + "\n" for one in labelled), encoding="utf-8")

    told = company.place.command("replay", str(tmp_path), "--weeks", "1", "--questions", "12", "--people", "6")

    assert [line.split()[0] for line in told.splitlines() if line.strip()[:2] in {"0 ", "1 "}] == ["0", "1"]
