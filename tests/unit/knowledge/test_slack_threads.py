"""Talk becomes documents: threads whole, loose talk in bursts."""

from itertools import pairwise

from flywheel.knowledge.slack_threads import LONGEST, Channel, prepared, talks
from flywheel.store.talk import Said

_CHANNEL = Channel("C1", "#help", frozenset({"public"}), "slack:C1", "https://acme.slack.com/")
_NOON = 1_793_707_200  # 3 November 2026, 12:00 UTC


def says(person: str, text: str, at: float = 0, root: float | None = None) -> Said:
    """Return a message `at` seconds after noon; `root` is when its thread began."""
    ts = f"{_NOON + at:.6f}"
    return Said("C1", ts, ts if root is None else f"{_NOON + root:.6f}", person, person.title(), text)


def test_a_thread_is_one_document_with_its_question_and_answer() -> None:
    thread = [says("ana", "Where is the key to the roof?"), says("ben", "At the reception desk.", 5_000, 0)]

    made = prepared(_CHANNEL, talks(thread)[0])

    text = "Ana: Where is the key to the roof?\n\nBen: At the reception desk."
    assert [passage.text for passage in made.passages] == [text]


def test_a_document_tells_where_who_and_when() -> None:
    thread = [says("ana", "Where is the key to the roof?"), says("ben", "At the reception desk.", 60, 0)]

    document = prepared(_CHANNEL, talks(thread)[0]).document

    assert document.title == "#help, Ana and Ben, 3 Nov 2026"
    assert document.url == f"https://acme.slack.com/archives/C1/p{_NOON}000000"
    assert document.updated_at is not None
    assert document.updated_at.timestamp() == _NOON + 60


def test_many_people_are_counted() -> None:
    thread = [says(one, "something worth a word", at, 0) for at, one in enumerate(("ana", "ben", "cy", "di"))]

    assert prepared(_CHANNEL, talks(thread)[0]).document.title.startswith("#help, Ana, Ben and 2 others,")


def test_loose_talk_is_cut_where_people_fall_silent() -> None:
    loose = [says("ana", "the lift is out of order again", 0), says("ben", "they are on it now", 60)]
    loose.append(says("ana", "lunch today is soup with bread", 3_600))

    assert [len(one) for one in talks(loose)] == [2, 1]


def test_a_burst_has_an_end() -> None:
    loose = [says("ana", f"one more word on line {number}", number) for number in range(LONGEST + 1)]

    assert [len(one) for one in talks(loose)] == [LONGEST, 1]


def test_a_few_words_alone_are_no_document() -> None:
    assert talks([says("ana", "good morning all")]) == []


def test_a_reply_later_than_loose_talk_stays_in_its_thread() -> None:
    said = [says("ana", "Who has the key to the roof?", 0), says("ben", "lunch today is soup with bread", 30)]
    said.append(says("cy", "It is at the desk.", 40, 0))

    assert [[one.person for one in talk] for talk in talks(said)] == [["ana", "cy"], ["ben"]]


def test_a_thread_without_its_first_message_is_kept() -> None:
    replies = [says("ben", "It is at the reception desk.", 40, 0)]

    assert prepared(_CHANNEL, talks(replies)[0]).document.external_id == f"slack/C1/{_NOON}.000000"


def test_later_passages_of_a_thread_stand_under_its_opening() -> None:
    thread = [says("ana", "Why does the lift stop?"), *(says("ben", "word " * 90, at, 0) for at in range(1, 5))]

    made = prepared(_CHANNEL, talks(thread)[0])

    assert [one.heading_path for one in made.passages] == [(), ("Why does the lift stop?",)]


def test_each_passage_leads_to_its_own_first_message() -> None:
    thread = [says("ana", "Why does the lift stop?"), *(says("ben", "word " * 90, at, 0) for at in range(1, 5))]

    urls = [one.url or "" for one in prepared(_CHANNEL, talks(thread)[0]).passages]

    assert urls[1].endswith(f"/p{_NOON + 3}000000?thread_ts={_NOON}.000000&cid=C1")


def test_a_long_message_says_in_every_part_who_wrote_it() -> None:
    long = says("ana", " ".join(f"This is sentence number {number}." for number in range(120)))

    made = prepared(_CHANNEL, [long])

    assert len(made.passages) > 1
    assert all(passage.text.startswith("Ana: ") for passage in made.passages)


def test_a_passage_is_searched_by_what_was_said_not_by_who_said_it() -> None:
    thread = [says("ana", "Where is the key?"), says("ben", "At the desk.", 60, 0)]

    assert prepared(_CHANNEL, talks(thread)[0]).passages[0].search_text == "Where is the key?\n\nAt the desk."


def test_the_question_that_began_a_thread_does_not_count_as_knowing() -> None:
    thread = [says("ana", "Where is the key?"), says("ben", "At the desk.", 60, 0), says("ana", "And then?", 90, 0)]

    made = prepared(_CHANNEL, talks(thread)[0])

    assert {one.name: one.changes for one in made.authors} == {"ana": 0, "ben": 1}


def test_the_content_hash_changes_with_every_change_that_counts() -> None:
    one = says("ana", "The key to the roof is at the desk.")
    private = Channel("C1", "#help", frozenset({"channel:C1"}), "slack:C1", "https://acme.slack.com/")
    edited = says("ana", "The key to the roof is gone for good.")

    hashes = [prepared(_CHANNEL, [one]), prepared(private, [one]), prepared(_CHANNEL, [edited])]

    assert all(a.document.content_hash != b.document.content_hash for a, b in pairwise(hashes))
