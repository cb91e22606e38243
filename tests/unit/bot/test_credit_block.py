"""What went wrong: told to all who see the trace, changed by those who may."""

from typing import Any

from bot.blocks.credit import Blame, credit_blocks
from bot.simulator.blockcheck import Surface, problems

BLAME = Blame("a1", "ranking", "The passage that people pointed at was found at place 7 and not shown.")


def said(blame: Blame | None) -> str:
    return str(credit_blocks(blame))


def menu(blame: Blame) -> dict[str, Any]:
    return dict(credit_blocks(blame)[1]["elements"][0])


def test_where_nobody_complained_nothing_is_said() -> None:
    assert credit_blocks(None) == []


def test_the_part_and_the_reason_are_told() -> None:
    assert "Ranking. The passage that people pointed at was found at place 7" in said(BLAME)


def test_nobody_is_offered_what_they_may_not_do() -> None:
    assert len(credit_blocks(BLAME)) == 1


def test_a_reviewer_may_choose_every_other_part() -> None:
    chosen = [one["value"] for one in menu(Blame("a1", "ranking", "", correctable=True))["options"]]

    assert chosen == ["a1#router", "a1#retrieval", "a1#writing", "a1#knowledge", "a1#none"]


def test_who_said_otherwise_is_mentioned() -> None:
    assert "<@U9> said so." in said(Blame("a1", "writing", "A reviewer said so.", "U9"))


def test_it_is_valid_in_a_modal_whatever_it_says() -> None:
    blame = Blame("a" * 64, "ranking", "<!channel> " * 400, correctable=True)

    assert list(problems(credit_blocks(blame), Surface.MODAL)) == []
