"""Features of a passage among the others of its list."""

from dataclasses import dataclass

from flywheel.retrieval.closer_features import CLOSER, closer


@dataclass(frozen=True)
class Written:
    """A passage's title and text."""

    title: str
    text: str


LIST = (
    Written("VPN", "Install the client and restart the laptop."),
    Written("VPN", "Certificates are renewed every spring."),
    Written("Travel", "Book the client dinner early."),
)
DOCUMENTS = ("vpn", "vpn", "travel")


def seen(question: str) -> list[dict[str, float]]:
    """Return the features of the three passages."""
    return closer(question, LIST, DOCUMENTS, [0.9, 0.4, 0.5], [0.2, 0.7, 0.1])


def test_every_passage_has_every_feature_between_nought_and_one() -> None:
    rows = seen("How do I renew the VPN certificate?")

    assert all(set(row) == set(CLOSER) and all(0 <= value <= 1 for value in row.values()) for row in rows)


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    rows = seen("client restart")

    assert rows[2]["rare_words"] < 0.5 < rows[0]["rare_words"]


def test_a_document_has_the_words_of_all_its_passages() -> None:
    first, second, _ = seen("restart certificates")

    assert first["document_words"] == second["document_words"] == 1.0


def test_words_meet_whatever_their_endings() -> None:
    assert seen("installing the client")[0]["word_pairs"] == 1.0


def test_a_passage_has_the_best_scores_of_its_document() -> None:
    first = seen("client")[0]

    assert (first["document_fused"], first["document_bm25"]) == (0.9, 0.7)


def test_a_question_without_content_words_counts_no_words() -> None:
    assert seen("how do I")[0]["rare_words"] == 0.0


def test_an_empty_list_has_no_features() -> None:
    assert closer("client", (), (), (), ()) == []
