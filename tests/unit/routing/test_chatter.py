"""Questions and talk, as far as they can be told apart without an encoder; with one see the busy week."""

import json

import pytest

from flywheel.errors import ArtefactError
from flywheel.routing import chatter
from flywheel.routing.chatter_forms import tokens_of
from flywheel.routing.chatter_signs import SIGNS, signs
from tests.parts import HashingEncoder
from tests.support import unheard

ENCODER = HashingEncoder()


def test_most_unheard_questions_are_told_from_most_unheard_talk_by_their_looks_alone() -> None:
    questions = [chatter.likely(ENCODER, text) >= 0.7 for text in unheard.QUESTIONS]
    talk = [chatter.likely(ENCODER, text) >= 0.7 for text in unheard.TALK]

    assert sum(questions) / len(questions) >= 0.8
    assert sum(talk) / len(talk) <= 0.2


def test_what_is_put_to_a_person_is_talk() -> None:
    assert chatter.likely(ENCODER, "@U123 how do I request a parental leave?") < 0.5


def test_a_follow_up_is_a_question_in_a_thread_alone() -> None:
    assert chatter.likely(ENCODER, "and for contractors?", in_thread=True) > 0.7
    assert chatter.likely(ENCODER, "and for contractors?") < 0.5


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("could you explain the second step", True),
        ("ok, thanks. Can you please summarise that?", True),
        ("can you give an example", True),
        ("can you give me a lift?", False),
        ("could you send it to me by mail tomorrow?", False),
        ("I could explain it", False),
    ],
)
def test_a_request_to_say_more_is_told_from_a_favour(text: str, is_so: bool) -> None:
    assert chatter.asks_for_more(text) is is_so


def test_the_matter_is_taken_out_of_a_form() -> None:
    assert tokens_of("Is the travel policy done?") == ["is", "the", "_", "policy", "done", "?"]


def test_people_links_numbers_and_emoji_are_kinds_of_words() -> None:
    found = tokens_of("@U12 see https://a.example/1 in 5 :tada:")

    assert found == ["<person>", "see", "<link>", "in", "<number>", "<emoji>"]


@pytest.mark.parametrize("text", ["", "?", "\n" * 500, "@" * 3_000, "a" * 8_000, "how " * 2_000, "?" * 20_000])
def test_no_text_is_too_odd(text: str) -> None:
    assert 0 <= chatter.likely(ENCODER, text) <= 1
    assert all(0 <= one <= 1 for one in signs(text))
    assert len(signs(text)) == len(SIGNS)


def test_of_a_long_message_the_end_counts_too() -> None:
    asking = dict(zip(SIGNS, signs(f"{'word ' * 1_000}anyone knows how to get there?"), strict=True))

    assert asking["ends_asking"] == asking["anyone_knows"] == 1.0


def test_changed_coefficients_are_refused() -> None:
    stored = json.loads(chatter.FILE.read_text(encoding="utf-8"))
    stored["heads"]["open"]["intercept"] += 1

    with pytest.raises(ArtefactError):
        chatter.unpacked(stored)
