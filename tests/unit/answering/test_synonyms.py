"""Words that people use for one another."""

from flywheel.answering.synonyms import spoken_of
from flywheel.answering.words import content_words


def test_a_synonym_counts_as_the_word() -> None:
    assert spoken_of(content_words("vacation"), content_words("25 days of annual leave")) == content_words("vacation")


def test_both_ways_hold() -> None:
    assert spoken_of(content_words("leave"), content_words("unused vacation")) == content_words("leave")


def test_other_words_do_not_count() -> None:
    assert spoken_of(content_words("vacation allowance"), content_words("the boat crane lifts")) == []
