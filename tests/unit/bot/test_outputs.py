"""Paths that commands write to are looked at before the work begins."""

from pathlib import Path

import click
import pytest

from bot.commands.outputs import Output


def test_a_new_file_in_a_folder_is_taken(tmp_path: Path) -> None:
    assert Output().convert(str(tmp_path / "curve.png"), None, None) == tmp_path / "curve.png"


def test_a_file_in_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(click.BadParameter, match="no folder"):
        Output().convert(str(tmp_path / "none" / "curve.png"), None, None)


def test_a_folder_is_no_file_to_write(tmp_path: Path) -> None:
    with pytest.raises(click.BadParameter, match="is a directory"):
        Output().convert(str(tmp_path), None, None)


def test_a_new_folder_may_lie_deep(tmp_path: Path) -> None:
    assert Output(folder=True).convert(str(tmp_path / "a" / "b"), None, None) == tmp_path / "a" / "b"


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(click.BadParameter, match="no folder"):
        Output(folder=True).convert(str(tmp_path / "file" / "b"), None, None)
