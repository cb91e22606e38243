"""How an answer asks whether it helped: in its words, with buttons or in small print."""

from bot.blocks.answer import Standing, answer_message
from bot.blocks.asking import Invitation, later_message
from bot.blocks.message import Message
from bot.simulator.blockcheck import Surface, problems
from flywheel.model import Answer

ANSWER = Answer("a1", "q1", "Do this.", abstained=False, confidence=0.9, writer="extractive")
QUIET = Invitation(quiet=True)


def shown(invitation: Invitation, *, only_you: bool = False) -> Message:
    return answer_message(ANSWER, Standing(yes=1, invitation=invitation, only_you=only_you))


def actions_of(message: Message) -> list[str]:
    rows = [part for block in message.blocks for part in (*block.get("elements", ()), block.get("accessory", {}))]
    return [part["action_id"] for part in rows if "action_id" in part]


def test_by_default_it_asks_as_ever() -> None:
    assert "*Did we answer your question?*" in str(answer_message(ANSWER, Standing()).blocks)


def test_other_words_come_with_the_same_buttons() -> None:
    message = shown(Invitation("Is this right?"))

    assert "*Is this right?*" in str(message.blocks)
    assert actions_of(message)[:2] == ["vote_yes", "vote_no"]


def test_in_small_print_there_is_still_a_way_to_vote() -> None:
    message = shown(QUIET)

    assert "Did we answer" not in str(message.blocks)
    assert "vote_menu" in actions_of(message)
    assert "vote_yes" not in actions_of(message)


def test_the_menu_names_the_answer_and_the_vote() -> None:
    menu = next(block["accessory"] for block in shown(QUIET).blocks if "accessory" in block)

    assert [one["value"] for one in menu["options"]] == ["a1#yes", "a1#no"]


def test_an_answer_for_one_can_be_shared_either_way() -> None:
    assert "share" in actions_of(shown(QUIET, only_you=True))
    assert "share" in actions_of(shown(Invitation(), only_you=True))


def test_words_hold_nothing_that_is_live() -> None:
    message = later_message(Invitation("<!channel> is this right?"), "a1", (0, 0))

    assert "<!channel>" not in str(message)


def test_the_later_question_has_counts() -> None:
    message = later_message(QUIET, "a1", (2, 1))

    assert [part["text"]["text"] for part in message.blocks[1]["elements"]] == ["Yes · 2", "No · 1"]


def test_slack_takes_both_forms() -> None:
    forms = [shown(QUIET), shown(QUIET, only_you=True), shown(Invitation()), later_message(QUIET, "a1", (0, 0))]

    assert [problems(list(one.blocks), Surface.MESSAGE) for one in forms] == [[], [], [], []]
