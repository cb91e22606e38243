"""The `.env` file: what setup sets, what it leaves alone, and what happens when it cannot write."""

from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot.envfile import merged, read, write
from flywheel.errors import ConfigurationError


def test_other_lines_stay_in_their_places() -> None:
    assert merged("# mine\nA=1\n\nB=2\n", {"A": "3"}) == "# mine\nA=3\n\nB=2\n"


def test_new_variables_go_to_the_end() -> None:
    assert merged("A=1", {"B": "2"}) == "A=1\nB=2\n"


def test_a_variable_that_stood_there_twice_stands_there_once() -> None:
    assert merged("A=1\nexport A=2\n", {"A": "3"}) == "A=3\n"


def test_a_comment_about_a_variable_is_no_variable() -> None:
    assert merged("#A=1\n", {"A": "3"}) == "#A=1\nA=3\n"


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1))
def test_any_value_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    file = tmp_path_factory.mktemp("env") / ".env"
    write(file, {"A": value})

    assert dotenv_values(file, interpolate=False) == {"A": value}


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1\n", encoding="utf-8")
    file.chmod(0o644)
    write(file, {"B": "2"})

    assert file.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("A=1\n", encoding="utf-8")
    (tmp_path / ".env").symlink_to(tmp_path / "real")
    write(tmp_path / ".env", {"A": "2"})

    assert ((tmp_path / ".env").is_symlink(), read(tmp_path / "real")) == (True, {"A": "2"})


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere/\.env cannot be written"):
        write(tmp_path / "nowhere" / ".env", {"A": "1"})


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    write(tmp_path / ".env", {"A": "1"})

    assert [one.name for one in tmp_path.iterdir()] == [".env"]


def test_empty_values_count_as_unset(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=\nB=1\n", encoding="utf-8")

    assert read(tmp_path / ".env") == {"B": "1"}
