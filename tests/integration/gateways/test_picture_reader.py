"""Reading pictures in a child process: what is written comes out in lines, and no picture can hurt the parent."""

import io
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw, ImageFont

from flywheel.errors import BrokenDocument, HostileDocument
from flywheel.gateways.picture_lines import PieceOfWriting, lines
from flywheel.gateways.picture_reader import RapidPictureReader


@pytest.fixture(scope="module")
def reader() -> Iterator[RapidPictureReader]:
    """Return one reader for all tests, because loading the models takes seconds."""
    made = RapidPictureReader()
    yield made
    made.close()


def sheet(*written: tuple[int, int, str], size: tuple[int, int] = (500, 240), turned: bool = False) -> bytes:
    image = Image.new("RGB", size, "white")
    for left, top, text in written:
        ImageDraw.Draw(image).text((left, top), text, fill="black", font=ImageFont.load_default(26))
    file = io.BytesIO()
    (image.rotate(90, expand=True) if turned else image).save(file, "PNG")
    return file.getvalue()


def piece(text: str, left: float, top: float, width: float = 60, height: float = 20) -> PieceOfWriting:
    return PieceOfWriting(text, left, top, left + width, top + height)


def test_lines_come_from_top_to_bottom(reader: RapidPictureReader) -> None:
    assert reader.words(sheet((30, 130, "Error E-4471"), (30, 40, "Roof repair"))) == "Roof repair\nError E-4471"


def test_writing_that_runs_upwards_is_read(reader: RapidPictureReader) -> None:
    assert reader.words(sheet((30, 40, "thousand euros"), turned=True)) == "thousand euros"


def test_a_picture_without_writing_has_no_words(reader: RapidPictureReader) -> None:
    assert reader.words(sheet()) == ""


def test_bytes_that_are_no_image_are_broken(reader: RapidPictureReader) -> None:
    with pytest.raises(BrokenDocument, match="damaged image"):
        reader.words(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)


def test_a_picture_of_too_many_pixels_is_refused(reader: RapidPictureReader) -> None:
    file = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(file, "PNG")

    with pytest.raises(HostileDocument, match="64 million pixels"):
        reader.words(file.getvalue())


def test_after_a_child_has_died_the_next_picture_is_read(reader: RapidPictureReader) -> None:
    reader.words(sheet())
    assert reader._child
    reader._child._process.kill()
    reader._child._process.wait()

    assert reader.words(sheet((30, 40, "Still here"))) == "Still here"


def test_a_child_that_takes_too_long_is_killed() -> None:
    reader = RapidPictureReader(patience=0.05)

    with pytest.raises(HostileDocument, match=r"more than 0\.05 seconds"):
        reader.words(sheet())

    assert reader._child is None


def test_the_child_can_open_no_connection() -> None:
    program = (
        "import socket, sys; from flywheel.gateways.picture_child import _refuse_network;"
        "sys.addaudithook(_refuse_network); socket.create_connection(('127.0.0.1', 9), 1)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert "PermissionError: the picture reader opens no connections" in ended.stderr


def test_a_label_and_the_number_under_it_are_one() -> None:
    found = [
        piece("Heron", 100, 10, 60),
        piece("8", 125, 31, 10),
        piece("Gannet", 300, 10, 60),
        piece("4", 325, 31, 10),
    ]

    assert lines(found) == ["Heron 8 · Gannet 4"]


def test_cells_of_a_row_stay_together() -> None:
    found = [piece("Rent", 0, 0), piece("1,200", 200, 2), piece("Power", 0, 40), piece("310", 200, 41)]

    assert lines(found) == ["Rent · 1,200", "Power · 310"]


def test_words_that_run_upwards_are_read_from_the_bottom() -> None:
    found = [piece("CAD", 2, 10, 20, 40), piece("thousand", 2, 60, 20, 80)]

    assert lines(found) == ["thousand CAD"]


def test_markers_of_a_curve_are_left_out() -> None:
    assert lines([piece("●", 0, 0, 12, 12), piece("Jan", 0, 40)]) == ["Jan"]
