"""The exact scan follows the store and shows nobody what they may not read."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from flywheel.gateways.exact_scan import ExactScan, cosines
from flywheel.model import PUBLIC, Audience
from flywheel.store.database import Database
from tests.integration.gateways.conftest import HashingEncoder, Library

EVERYONE = Audience.everyone()


@pytest.fixture
def scan(database: Database, encoder: HashingEncoder) -> ExactScan:
    """Return a scan over an empty store."""
    return ExactScan(database, encoder.name, encoder.dimensions)


def nearest(scan: ExactScan, text: str, audience: Audience = EVERYONE, k: int = 5) -> list[str]:
    """Return the ids found for a text."""
    return [one.passage_id for one in scan.nearest(HashingEncoder().encode([text])[0], audience, k)]


def test_the_nearest_comes_first_with_its_cosine(library: Library, scan: ExactScan) -> None:
    library.add("vpn", "connect to the vpn")
    library.add("tea", "make some tea")

    found = scan.nearest(HashingEncoder().encode(["connect to the vpn"])[0], EVERYONE, 5)

    assert found[0].passage_id == "vpn"
    assert found[0].score == pytest.approx(1.0, abs=1e-5)


def test_an_empty_store_finds_nothing(scan: ExactScan) -> None:
    assert nearest(scan, "anything") == []


def test_a_passage_of_a_channel_is_hidden_from_everyone(library: Library, scan: ExactScan) -> None:
    library.add("secret", "salary bands", "channel:C1")

    assert nearest(scan, "salary bands") == []


def test_a_passage_of_a_channel_is_found_by_its_members(library: Library, scan: ExactScan) -> None:
    library.add("secret", "salary bands", "channel:C1")

    assert nearest(scan, "salary bands", Audience(frozenset({PUBLIC, "channel:C1"}))) == ["secret"]


def test_a_new_passage_is_found_by_a_running_scan(library: Library, scan: ExactScan) -> None:
    library.add("old", "some text")
    nearest(scan, "some text")

    library.add("new", "fresh words")

    assert nearest(scan, "fresh words")[0] == "new"


def test_a_removed_passage_is_gone_at_once(library: Library, scan: ExactScan) -> None:
    library.add("old", "some text")
    nearest(scan, "some text")

    library.remove("old")

    assert nearest(scan, "some text") == []


def test_a_passage_that_came_back_is_found_once(library: Library, scan: ExactScan) -> None:
    library.add("old", "some text")
    nearest(scan, "some text")
    library.remove("old")

    library.add("old", "some text")

    assert nearest(scan, "some text") == ["old"]


def test_closing_a_document_closes_it_for_a_running_scan(library: Library, scan: ExactScan) -> None:
    library.add("plan", "the plan")
    nearest(scan, "the plan")

    library.add("plan", "the plan", "user:U1")

    assert nearest(scan, "the plan") == []


def test_a_few_readable_rows_score_as_they_do_among_all(library: Library, scan: ExactScan) -> None:
    library.add_many(30)
    library.add("mine", "topic 3 words", "user:U1")
    vector = HashingEncoder().encode(["topic 3 words"])[0]

    alone = scan.nearest(vector, Audience(frozenset({"user:U1"})), 1)[0]
    among = scan.nearest(vector, Audience(frozenset({PUBLIC, "user:U1"})), 40)

    assert alone.score == pytest.approx(dict(among)["mine"], abs=1e-6)


def test_named_passages_are_compared_and_unknown_ones_left_out(library: Library, scan: ExactScan) -> None:
    library.add("vpn", "connect to the vpn")
    scan.refresh()

    assert scan.cosines(np.zeros(32, dtype=np.float32), ["vpn", "unknown"]) == {"vpn": 0.0}


def test_two_threads_give_the_cosines_that_one_gives() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(5_001, 32)).astype(np.float32)
    with ThreadPoolExecutor(1) as aside:
        shared = cosines(matrix, matrix[7], aside)

    assert shared == pytest.approx(cosines(matrix, matrix[7]), abs=1e-5)


def test_threads_that_search_while_passages_come_in_all_get_answers(library: Library, scan: ExactScan) -> None:
    library.add("base", "base words")
    lengths: list[int] = []
    threads = [
        threading.Thread(target=lambda: lengths.extend(len(nearest(scan, "base words")) for _ in range(20)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for number in range(5):
        library.add(f"more{number}", "base words again")
    for thread in threads:
        thread.join()

    assert len(lengths) == 80
    assert min(lengths) >= 1
