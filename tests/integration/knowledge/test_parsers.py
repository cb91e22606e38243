"""Each format: a real file, made here, read in a real child."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from PIL import Image, PngImagePlugin
from pptx.util import Inches
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from flywheel.errors import DocumentError
from flywheel.knowledge.chunks import Piece
from flywheel.knowledge.formats import format_of
from flywheel.knowledge.readers import Readers, Reading
from flywheel.model import Kind


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(1) as made:
        yield made


def read(readers: Readers, name: str, content: bytes | str) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return readers.read(format_of(name), name, io.BytesIO(raw), len(raw))


def texts(reading: Reading) -> list[str]:
    return [piece.text for piece in reading.pieces]


def png(**said: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, value in said.items():
        info.add_text(key, value)
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG", pnginfo=info)
    return file.getvalue()


MARKDOWN = """# Travel

Book with [Fairlead](https://f) and *wait*.

## Steps

1. Log in
2. Choose
   - cheap
   - early

```sh
fairlead book
```

| Class | From |
|---|---|
| Premium | 7 hours |

![A map of the harbour](map.png "Harbour")

*Figure: the harbour in 2026.*
"""


def test_markdown_keeps_lists_code_tables_and_images_apart(readers: Readers) -> None:
    reading = read(readers, "a.md", MARKDOWN)

    assert reading.title == "Travel"
    assert tuple(piece for piece in reading.pieces if piece.kind is not Kind.CODE) == (
        Piece("Book with Fairlead and wait.", heading_path=("Travel",), line=3),
        Piece(
            "1. Log in\n2. Choose\n  - cheap\n  - early\n```sh\nfairlead book\n```",
            heading_path=("Travel", "Steps"),
            line=7,
        ),
        Piece("Class: Premium; From: 7 hours", Kind.TABLE, ("Travel", "Steps"), line=18, detail={"table": "1"}),
        Piece(
            "A map of the harbour\nHarbour\nFigure: the harbour in 2026.",
            Kind.IMAGE,
            ("Travel", "Steps"),
            line=20,
            detail={"image": "map.png"},
        ),
    )


def test_markdown_front_matter_is_read_and_counts_as_lines(readers: Readers) -> None:
    reading = read(readers, "a.md", "---\ntitle: T\nowner: U1\nurl: javascript:x\nupdated_at: 2026-05-04\n---\nWords.")

    assert (reading.title, reading.owner, reading.url) == ("T", "U1", None)
    assert (reading.updated_at, reading.pieces[0].line) == ("2026-05-04T00:00:00+00:00", 7)


def test_plain_text_has_a_title_a_date_headings_and_items(readers: Readers) -> None:
    top = "Printers in short\nUpdated: 2025-10-09, Sanne\n\n"
    text = f"{top}How to print\n  1. Send the job.\n  2. Press Start.\n\nThe end."
    reading = read(readers, "a.txt", text)

    assert (reading.title, reading.updated_at) == ("Printers in short", "2025-10-09T00:00:00+00:00")
    assert reading.pieces[1] == Piece("1. Send the job.\n2. Press Start.", heading_path=("How to print",), line=5)
    assert reading.pieces[2].heading_path == ()


def test_restructured_text_is_read(readers: Readers) -> None:
    top = "API\n===\n\n:date: 2026-05-04\n\nCall it.\n\nLimits\n------\n\n- 600 a minute\n\n"
    text = f"{top}.. code:: sh\n\n   curl x\n\n.. image:: a.png\n   :alt: A chart\n"
    reading = read(readers, "a.rst", text)

    assert (reading.title, reading.updated_at) == ("API", "2026-05-04T00:00:00+00:00")
    assert texts(reading)[-3:] == ["- 600 a minute\n```sh\ncurl x\n```", "A chart", "curl x"]
    assert reading.pieces[-1].heading_path == ("API", "Limits")


def test_restructured_text_includes_no_files(readers: Readers) -> None:
    reading = read(readers, "a.rst", "Words.\n\n.. include:: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n")

    assert "root:" not in "".join(texts(reading))


def test_html_is_read_without_scripts_and_navigation(readers: Readers) -> None:
    page = """<html><head><title>Old</title><script>evil()</script></head><body><nav>Home</nav><main><h1>History</h1>
        <p>Founded in <b>2011</b>.</p><ul><li>one<ol><li>inner</li></ol></li></ul>
        <table><tr><th>Year</th><th>What</th></tr><tr><td>2011</td><td>Start</td></tr></table>
        <figure><img src=x alt="A boat"><figcaption>The first boat</figcaption></figure>
        <pre>run  it</pre><p hidden>never</p></main><footer>Imprint</footer></body></html>"""
    reading = read(readers, "a.html", page)

    assert reading.title == "History"
    assert [(piece.kind.value, piece.text) for piece in reading.pieces] == [
        ("document", "Founded in 2011.\n\n- one\n  1. inner"),
        ("table", "Year: 2011; What: Start"),
        ("image", "A boat\nThe first boat"),
        ("document", "```\nrun  it\n```"),
    ]


def pdf(*pages: list[tuple[int, str]], title: str = "") -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, A4)
    canvas.setTitle(title)
    for lines in pages:
        for number, (points, text) in enumerate(lines):
            canvas.setFont("Helvetica", points)
            canvas.drawString(50, 800 - 20 * number, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_pdf_pages_have_numbers_and_larger_lines_are_headings(readers: Readers) -> None:
    first = [(18, "Fire"), (10, "Anyone who sees a fire pulls the nearest red alarm and then"), (10, "calls 911.")]
    reading = read(readers, "a.pdf", pdf(first, [(18, "Flood"), (10, "Close the gate.")], title="Safety"))

    assert reading.title == "Safety"
    assert reading.pieces == (
        Piece("Anyone who sees a fire pulls the nearest red alarm and then calls 911.", heading_path=("Fire",), page=1),
        Piece("Close the gate.", heading_path=("Flood",), page=2),
    )


def test_pdf_headers_that_repeat_are_dropped(readers: Readers) -> None:
    said = ["One day.", "Two boats.", "Three nets.", "Four seas."]
    pages = [[(10, f"Tidewell - page {number}"), (10, text)] for number, text in enumerate(said, 1)]

    assert texts(read(readers, "a.pdf", pdf(*pages))) == said


def test_docx_is_read(readers: Readers) -> None:
    document = docx.Document()
    document.core_properties.title = "Agreement"
    document.core_properties.modified = datetime(2026, 4, 14, tzinfo=UTC)
    document.add_heading("Prices", 1)
    document.add_paragraph("Less 18 percent.")
    document.add_paragraph("first", style="List Number")
    document.add_paragraph("second", style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ["A", "B", "1", "2"], strict=True):
        cell.text = text
    document.add_picture(io.BytesIO(png()))
    document.inline_shapes[0]._inline.docPr.set("descr", "The logo")
    file = io.BytesIO()
    document.save(file)
    reading = read(readers, "a.docx", file.getvalue())

    assert (reading.title, reading.updated_at) == ("Agreement", "2026-04-14T00:00:00+00:00")
    assert texts(reading) == ["Less 18 percent.\n\n1. first\n2. second", "A: 1; B: 2", "The logo"]
    assert reading.pieces[0].heading_path == ("Prices",)


def test_pptx_slides_are_pages_with_notes(readers: Readers) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Goals"
    slide.placeholders[1].text = "Ship it\nSell it"
    slide.notes_slide.notes_text_frame.text = "Say thanks."
    picture = slide.shapes.add_picture(io.BytesIO(png()), Inches(1), Inches(1))
    picture._element.nvPicPr.cNvPr.set("descr", "A chart")
    last = deck.slides.add_slide(deck.slide_layouts[5])
    last.shapes.title.text = "The end"
    file = io.BytesIO()
    deck.save(file)
    reading = read(readers, "a.pptx", file.getvalue())

    assert [(piece.page, piece.heading_path, piece.text) for piece in reading.pieces] == [
        (1, ("Goals",), "- Ship it\n- Sell it"),
        (1, ("Goals",), "A chart"),
        (1, ("Goals",), "Say thanks."),
        (2, ("The end",), "The end"),
    ]


def test_xlsx_rows_carry_their_header(readers: Readers) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sensors"
    for row in (["Name", "Depth m", "Since"], ["Eddy", 40.0, datetime(2026, 1, 2)], [None, None, None], ["Deep", 2.5]):  # noqa: DTZ001
        sheet.append(row)
    book.create_sheet("Hidden").sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    reading = read(readers, "a.xlsx", file.getvalue())

    text = "Name: Eddy; Depth m: 40; Since: 2026-01-02\nName: Deep; Depth m: 2.5"
    assert reading.pieces == (Piece(text, Kind.TABLE, ("Sensors",), page=1, line=2, detail={"table": "1"}),)


@pytest.mark.parametrize(
    "content",
    [
        b"Name,City\nEva,K\xf6ln\n",
        "Name;City\nEva;Köln\n".encode("utf-16"),
        "\ufeffName\tCity\nEva\tKöln\n".encode(),
        'Name|City\r\n"Eva"|Köln\r\n'.encode(),
    ],
)
def test_csv_delimiters_and_encodings_are_found_out(readers: Readers, content: bytes) -> None:
    assert texts(read(readers, "a.csv", content)) == ["Name: Eva; City: Köln"]


def test_a_notebook_is_text_code_and_what_was_printed(readers: Readers) -> None:
    code = {"cell_type": "code", "source": "print(1)", "outputs": [{"output_type": "stream", "text": "1\n"}]}
    text = {"cell_type": "markdown", "source": "# Drift\nWe look.", "metadata": {}}
    book = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [text, {**code, "metadata": {}}]}
    reading = read(readers, "a.ipynb", json.dumps(book))

    assert (reading.title, texts(reading)) == ("Drift", ["We look.\n\n```\nprint(1)\n```\n```\n1\n```", "print(1)"])


def test_python_is_cut_at_its_definitions(readers: Readers) -> None:
    code = (
        '"""Module."""\n\nX = 1\n\n\n# why\n@cache\ndef f(a):\n    """Doc."""\n    return a\n\n\nclass C:\n    y = 2\n'
    )
    pieces = read(readers, "a.py", code).pieces

    assert [(piece.heading_path, piece.line) for piece in pieces] == [((), 1), (("f",), 6), (("C",), 13)]
    assert pieces[1].text == '# why\n@cache\ndef f(a):\n    """Doc."""\n    return a'
    assert {piece.kind for piece in pieces} == {Kind.CODE}


def test_a_long_class_is_cut_into_its_methods(readers: Readers) -> None:
    methods = "".join(f"    def m{number}(self):\n        return {'x + ' * 60}1\n\n" for number in range(4))
    pieces = read(readers, "a.py", f"class C:\n    y = 2\n\n{methods}").pieces

    assert [piece.heading_path for piece in pieces] == [("C",), *[("C", f"m{number}") for number in range(4)]]


def test_other_languages_are_cut_before_lines_that_define(readers: Readers) -> None:
    code = "import x\n\n// Rounds.\nexport function round(v: number) {\n  return v\n}\n\nexport const LIMIT = 3\n"
    pieces = read(readers, "a.ts", code).pieces

    assert [(piece.heading_path, piece.line) for piece in pieces] == [((), 1), (("round",), 3), (("LIMIT",), 8)]


def test_python_that_does_not_parse_is_still_read(readers: Readers) -> None:
    pieces = read(readers, "a.py", "print 'two'\n\ndef f():\n  print 'x'\n").pieces

    assert [piece.heading_path for piece in pieces] == [(), ("f",)]


def test_an_image_says_its_name_and_description(readers: Readers) -> None:
    reading = read(readers, "halifax-floorPlan.png", png(Description="Floor 2, north is up"))

    assert reading.pieces == (Piece("halifax floor plan\nFloor 2, north is up", Kind.IMAGE),)


@pytest.mark.parametrize("name", ["a.jpg", "a.gif", "a.webp"])
def test_other_image_formats_are_read(readers: Readers, name: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, {"jpg": "JPEG", "gif": "GIF", "webp": "WEBP"}[name[2:]])

    assert texts(read(readers, name, file.getvalue())) == ["a"]


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.rst", "a.html", "a.csv", "a.py"])
def test_an_empty_file_holds_no_text(readers: Readers, name: str) -> None:
    with pytest.raises(DocumentError, match="holds no text"):
        read(readers, name, " \n\n")


def test_json_is_read_as_code(readers: Readers) -> None:
    assert read(readers, "a.json", json.dumps({"limit": 3}, indent=1)).pieces[0].kind is Kind.CODE


def test_the_sample_company_is_read_whole(readers: Readers) -> None:
    company = Path(__file__).parents[3] / "bot" / "simulator" / "company"
    files = [path for path in company.rglob("*") if path.is_file() and not path.name.startswith(".")]

    assert all(read(readers, path.name, path.read_bytes()).pieces for path in files)
