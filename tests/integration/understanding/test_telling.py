"""What the report says people ask about, what changed, and that it says the same when it is made again."""

import json
from dataclasses import asdict
from typing import Any

from flywheel.measurement.section import Section
from flywheel.measurement.understanding.telling import Understood
from flywheel.model import SignalKind
from tests.integration.understanding.world import LEAVE, LUNCH, SECRET, VPN, World

PRIVATE = frozenset({"public", "channel:C9"})


def words(section: Section) -> str:
    return " ".join(line.text for line in section.lines)


def everything(told: Understood) -> str:
    return json.dumps(asdict(told), default=str)


def topic(told: Understood, label: str) -> dict[str, Any]:
    topics: Any = told.topics.numbers["topics"]
    return next(one for one in topics if one["label"] and label in one["label"])


def test_a_week_without_questions_is_told_plainly(world: World) -> None:
    told = world.told()

    assert "0 questions: too few that are alike" in words(told.topics)


def test_topics_are_named_by_their_words(world: World) -> None:
    world.ask(VPN, 14)
    world.ask(LUNCH, 14)

    told = world.told()

    assert "“vpn client install laptop”: 14 questions" in words(told.topics)


def test_a_line_about_a_topic_names_its_answers(world: World) -> None:
    asked = world.ask(VPN, 14)
    world.ask(LUNCH, 14)

    line = next(one for one in world.told().topics.lines if "vpn client" in one.text)

    assert sorted(line.answers) == sorted(asked)


def test_satisfaction_comes_with_its_votes(world: World) -> None:
    asked = world.ask(VPN, 14)
    world.ask(LUNCH, 14)
    world.react(SignalKind.THUMBS_UP, asked[:6])
    world.react(SignalKind.THUMBS_DOWN, asked[6:8])

    found = topic(world.told(), "vpn")

    assert (found["satisfied"]["count"], found["satisfied"]["total"], found["no_signal"]["count"]) == (6, 8, 6)


def test_a_topic_that_nobody_asked_about_before_is_new(world: World) -> None:
    for number in range(-4, 1):
        world.week(number)
        world.ask(VPN, 20)
        world.ask(LUNCH, 20)
    world.ask(LEAVE, 20)

    told = world.told()

    assert topic(told, "parental")["is_new"]
    assert not topic(told, "vpn")["has_grown"]


def test_a_new_topic_is_told_as_drift(world: World) -> None:
    for number in range(-4, 1):
        world.week(number)
        world.ask(VPN, 20)
        world.ask(LUNCH, 20)
    world.ask(LEAVE, 20)

    assert "What grew: “parental leave months paid”" in words(world.told().drift)


def test_the_same_questions_every_week_are_no_drift(world: World) -> None:
    for number in range(-4, 1):
        world.week(number)
        world.ask(VPN, 20)
        world.ask(LUNCH, 20)

    assert "People ask about the same things as before" in words(world.told().drift)


def test_more_questions_for_one_retriever_are_told(world: World) -> None:
    for number in range(-4, 1):
        world.week(number)
        world.ask(VPN, 30, route={"documents": 0.9})
        world.ask(VPN, 40 if number == 0 else 5, route={"code": 0.9})

    assert "More questions went to code" in words(world.told().drift)


def test_no_word_of_what_was_asked_elsewhere_is_told(world: World) -> None:
    world.ask(VPN, 14)
    world.ask(SECRET, 14, readers=PRIVATE, channel="C9", abstained=True)

    told = world.told()

    assert not any(word in everything(told) for word in ("layoffs", "severance", "restructuring", "C9"))
    assert "14 questions in 1 more topic cannot be quoted here" in words(told.topics)


def test_words_of_a_private_question_do_not_enter_the_name_of_a_shared_topic(world: World) -> None:
    world.ask(VPN, 14)
    world.ask((f"{VPN[0]} acquisition", *VPN[1:]), 14, readers=PRIVATE, channel="C9")

    assert "acquisition" not in everything(world.told())


def test_the_channel_itself_may_be_quoted_what_was_asked_in_it(world: World) -> None:
    world.ask(SECRET, 14, readers=PRIVATE, channel="C9")

    assert "“layoffs severance restructuring plan”" in words(world.told(channel="C9").topics)


def test_made_again_it_says_the_same(world: World) -> None:
    asked = world.ask(VPN, 20)
    world.react(SignalKind.THUMBS_DOWN, asked[:5])

    assert everything(world.told()) == everything(world.told())


def test_made_again_later_it_does_not_count_what_was_done_since(world: World) -> None:
    asked = world.ask(VPN, 20)
    world.react(SignalKind.THUMBS_DOWN, asked[:5])
    first = everything(world.told())

    world.react(SignalKind.THUMBS_UP, asked, days=30)
    world.week(6)
    world.ask(LUNCH, 20)

    assert everything(world.told()) == first


def test_the_numbers_are_plain_json(world: World) -> None:
    world.react(SignalKind.THUMBS_DOWN, world.ask(VPN, 20)[:5])
    told = world.told()

    for section in (told.topics, told.matrix, told.drift, told.stall):
        assert json.loads(json.dumps(section.numbers)) == section.numbers


def test_a_question_that_was_looked_for_again_counts_once(world: World) -> None:
    world.ask(VPN, 14)
    questions = world.told().topics.numbers["questions"]

    assert questions == 14
