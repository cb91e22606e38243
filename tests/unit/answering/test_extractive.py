"""Answers that quote."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flywheel.answering.extractive import LIMIT, write
from flywheel.answering.units import plain, squeezed
from flywheel.answering.written import Written
from flywheel.model import Hit, Kind
from tests.unit.answering.made import evidence, hit

VPN = hit(
    "The VPN uses WireGuard.\n\nTo connect:\n\n1. Install WireGuard.\n2. Download the profile.\n3. Import the file.\n\n"
    "Sessions end after 12 hours.",
    "VPN",
)
ROLLBACK = hit(
    "Roll back a service with:\n\n```bash\ntide rollback api --to previous\n```\n\nIt takes 4 minutes.", "Rollback"
)
ROOMS = hit(
    "Room: Osprey; Office: Halifax; Seats: 14\nRoom: Plover; Office: Halifax; Seats: 6", "Rooms", kind=Kind.TABLE
)


def written(question: str, *hits: Hit) -> Written:
    answer = write(question, evidence(question, *hits))
    assert answer is not None
    return answer


def test_one_sentence_answers_one_question() -> None:
    assert written("When do VPN sessions end?", VPN).text == "Sessions end after 12 hours. [1]"


def test_steps_come_with_their_lead_and_in_order() -> None:
    text = written("How do I connect to the VPN?", VPN).text

    assert text.index("To connect:") < text.index("1. Install") < text.index("2. Download") < text.index("3. Import")


def test_a_command_comes_with_the_line_that_introduces_it() -> None:
    text = written("What is the command to roll back a service?", ROLLBACK).text

    assert "Roll back a service with: [1]\n```bash\ntide rollback api --to previous\n```" in text


def test_a_table_row_is_quoted_whole() -> None:
    assert written("How many seats has Osprey?", ROOMS).text == "• Room: Osprey; Office: Halifax; Seats: 14 [1]"


def test_a_sentence_that_leans_back_brings_the_one_before_it() -> None:
    page = hit("The crane lifts 500 kg. It was tested by inspectors in spring.", "Crane")
    assert written("When was it tested by inspectors?", page).text == (
        "The crane lifts 500 kg. It was tested by inspectors in spring. [1]"
    )


def test_the_newer_document_wins_and_both_stand_side_by_side_with_their_dates() -> None:
    old = hit("Meals while travelling cost up to CAD 55 per day.", "Expenses (2024 rules)", score=1.0, year=2024)
    new = hit("Meals while travelling cost up to CAD 75 per day.", "Expenses", score=0.9, year=2026)

    text = written("How much may meals while travelling cost per day?", old, new).text

    assert text.startswith("Meals while travelling cost up to CAD 75 per day. [1]")
    beside = text.split("These sources disagree:\n")[1].splitlines()
    assert beside == [
        "• 4 March 2026, “Expenses”: Meals while travelling cost up to CAD 75 per day. [1]",
        "• 4 March 2024, “Expenses (2024 rules)”: Meals while travelling cost up to CAD 55 per day. [2]",
    ]


def test_an_answer_from_a_replaced_document_says_that_it_is_old() -> None:
    old = hit("A lost receipt is replaced by a signed note.", "Expenses (2024 rules)", year=2024)
    new = hit("Photograph every bill in Pennyworth at once.", "Expenses", year=2026)

    text = written("What if I have a lost receipt?", old, new).text

    assert "This is from 4 March 2024; “Expenses” is newer" in text


def test_two_documents_that_agree_are_not_called_different() -> None:
    old = hit("Meals while travelling cost up to CAD 75 per day.", "Travel", year=2024)
    new = hit("Meals while travelling cost up to CAD 75 a day.", "Expenses", year=2026)
    assert "older source" not in written("How much may meals while travelling cost per day?", old, new).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (hit("The depth rating is 40 m.", "Eddy 2", year=2024), hit("The depth rating is 60 m.", "Eddy 3", year=2026)),
        (
            hit("The door opens at 07:00.", "Halifax", year=2024),
            hit("The door opens at 08:00 now.", "Bergen", year=2026),
        ),
    ],
)
def test_two_things_of_one_kind_do_not_disagree(one: Hit, other: Hit) -> None:
    assert "says otherwise" not in written("What is the depth rating, when does the door open?", one, other).text


def test_sentences_around_the_best_one_come_along() -> None:
    page = hit("You may self-certify for 3 days. From the 4th day we need a note. Upload it to Harbour.", "Sick leave")
    assert written("From which day do you need a note?", page).text == f"{page.text} [1]"


def test_a_line_that_introduces_something_unquoted_stays_away() -> None:
    page = hit("The crane lifts 500 kg. See below:\n\n| a | b |\n|---|---|\n| 1 | 2 |", "Crane")
    assert written("How much does the crane lift?", page).text == "The crane lifts 500 kg. [1]"


def test_a_step_brings_its_whole_list_so_that_no_number_dangles() -> None:
    text = written("Where is the profile downloaded?", VPN).text
    assert text.startswith("To connect: [1]\n1. Install WireGuard.\n2. Download the profile.\n3. Import the file.")


def test_numbers_of_a_list_that_starts_elsewhere_become_bullets() -> None:
    page = hit("4. Rinse the sensor in water.\n5. Ship the sensor to Halifax.", "Returns")
    assert written("Where do I ship the sensor?", page).text == (
        "• Rinse the sensor in water. [1]\n• Ship the sensor to Halifax. [1]"
    )


def test_a_column_of_ids_is_not_shown() -> None:
    row = hit("system: flowdb; owner: Jonas Petterman; owner_id: U0JONAS; channel: #eng", "Owners", kind=Kind.TABLE)
    assert written("Who owns flowdb?", row).text == "• system: flowdb; owner: Jonas Petterman; channel: #eng [1]"


def test_a_much_older_document_adds_nothing() -> None:
    new = hit("Logs of programs are searched for 45 days.", "Retention", year=2026)
    old = hit("Days in the archive: 30 for searched logs.", "Logging", year=2024, score=0.9)

    assert written("For how many days are logs of programs searched?", new, old).text == f"{new.text} [1]"


def test_a_row_about_something_else_adds_nothing() -> None:
    assert "Plover" not in written("How many seats has room Osprey in Halifax?", ROOMS).text


def test_a_reason_may_be_told_by_its_heading() -> None:
    cause = replace(hit("Retries of the ingest hit one node.", "Review"), heading_path=("Causes",))
    effect = hit("Readings of the ingest came late.", "Minutes of a meeting")

    assert written("Why was the ingest slow?", effect, cause).quotes[0].text == cause.text


def test_every_mark_has_a_citation_and_every_citation_a_mark() -> None:
    answer = written("How do I roll back and how do I connect?", VPN, ROLLBACK)
    marks = {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)}

    assert marks == {one.n for one in answer.citations}


def test_nothing_quotable_means_no_answer() -> None:
    assert write("Why?", evidence("Why?", hit("x" * 3000))) is None


PIECES = "The VPN profile costs CAD 75. - item * 1. 2) run: | a | `x` ``` [3] **bold** [link](u) To connect: end!"
WORDS = st.sampled_from([*PIECES.split(), "\n", "\n\n"])
TEXTS = st.lists(WORDS, min_size=1, max_size=80).map(" ".join)


@given(
    st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from(["How do I connect to the VPN?", "When?", "profile cost"])
)
def test_every_quoted_unit_stands_word_for_word_in_a_cited_passage(texts: list[str], question: str) -> None:
    hits = [hit(text, f"Page {n}") for n, text in enumerate(texts)]
    answer = write(question, evidence(question, *hits))
    if answer is None:
        return
    by_id = {one.passage_id: squeezed(plain(one.text).replace("```", " ")) for one in hits}
    cited = {one.passage_id for one in answer.citations}

    assert len(answer.text) <= LIMIT
    assert all(quote.passage_id in cited for quote in answer.quotes)
    assert all(squeezed(quote.text.replace("```", " ")) in by_id[quote.passage_id] for quote in answer.quotes)


@pytest.mark.parametrize("length", [100, 400, 690, 1000, 5000])
def test_an_answer_never_exceeds_its_limit(length: int) -> None:
    page = hit("\n".join(f"- Step {n} of the VPN {'x' * (length // 10)}." for n in range(12)), "VPN")
    answer = write("How do I step through the VPN?", evidence("How do I step through the VPN?", page))
    assert answer is None or len(answer.text) <= LIMIT
