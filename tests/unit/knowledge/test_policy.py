"""Who may read a file: the nearest `.flywheel.yml`, bounded by the command."""

from pathlib import Path

import pytest

from flywheel.errors import BrokenDocument, InvalidInput
from flywheel.knowledge.policy import Policy, check_labels, narrowed, policy_above, policy_in

A, B, EVERYBODY = frozenset({"channel:A"}), frozenset({"channel:B"}), frozenset({"public"})


def test_without_any_word_a_file_is_public() -> None:
    assert Policy().access == EVERYBODY


def test_the_command_holds_where_no_file_says_otherwise() -> None:
    assert Policy(bound=A).access == A


def test_a_file_narrows_what_the_command_says() -> None:
    assert Policy(bound=EVERYBODY, said=A).access == A
    assert Policy(bound=A | B, said=A).access == A


def test_a_file_never_widens_what_the_command_says() -> None:
    assert Policy(bound=A, said=EVERYBODY).access == A
    assert Policy(bound=A, said=A | B).access == A


def test_labels_with_nothing_in_common_are_refused() -> None:
    with pytest.raises(BrokenDocument, match=r"channel:B.*lies outside.*channel:A"):
        narrowed(A, B)


def test_the_nearest_file_wins(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / ".flywheel.yml").write_text("access: [channel:A]\nowner: U1\n")
    (tmp_path / "inner" / ".flywheel.yml").write_text("access: [channel:B]\n")
    outer = policy_in(tmp_path, Policy())

    assert policy_in(tmp_path / "inner", outer) == Policy(said=B, owner="U1")


def test_a_file_above_the_given_path_holds_too(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / ".flywheel.yml").write_text("access: channel:A\n")

    assert policy_above(tmp_path / "inner", None).access == A


@pytest.mark.parametrize(
    "said", ["access: [everybody]", "acces: [public]", "- public", "access: []", "a: [", "skip: 3"]
)
def test_a_file_that_cannot_be_understood_opens_nothing(tmp_path: Path, said: str) -> None:
    (tmp_path / ".flywheel.yml").write_text(said)

    with pytest.raises(BrokenDocument):
        policy_in(tmp_path, Policy())


def test_unknown_labels_on_the_command_line_are_refused() -> None:
    with pytest.raises(InvalidInput, match="group:x"):
        check_labels(["public", "group:x"])


def test_what_guests_may_read_is_public_too() -> None:
    assert check_labels(["guests"]) == {"guests", "public"}


def test_a_file_opens_nothing_to_guests_that_the_command_left_to_the_company() -> None:
    assert narrowed(frozenset({"public"}), check_labels(["guests"])) == {"public"}


def test_a_file_may_close_to_guests_what_the_command_opened() -> None:
    assert narrowed(check_labels(["guests"]), frozenset({"public"})) == {"public"}


def test_lines_of_a_list_are_bound_by_nothing_that_nobody_said() -> None:
    assert Policy().limit is None
    assert Policy(bound=frozenset({"public"})).limit == frozenset({"public"})
