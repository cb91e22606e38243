"""Tables of every sort of file become data tables, whole and typed, tied to the passages they are found by."""

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from reportlab.lib import colors
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table
from sqlalchemy import select

from flywheel.core import Core
from flywheel.holdings import Column, DataTable
from flywheel.model import PUBLIC, Audience
from flywheel.store import tables
from flywheel.store.knowledge_tables import DataTableRow, DocumentRow
from tests.integration.knowledge.reading import index, reason, stored, write

EVERYBODY = frozenset({PUBLIC})
FEES = (
    (Column("Plan"), Column("Fee (EUR)", "number", "EUR"), Column("Share", "number", "%")),
    (("Basic", "1,240.50", "12 %"), ("Pro", "2,310", "88 %")),
)
ROWS = [["Plan", "Fee (EUR)", "Share"], ["Basic", "1,240.50", "12 %"], ["Pro", "2,310", "88 %"]]


def of(core: Core, folder: Path) -> list[DataTable]:
    """Return the tables of a folder in the order of their documents and in it."""
    index(core, folder, access=EVERYBODY)
    with core.database.read() as db:
        wanted = select(DataTableRow.id).join(DocumentRow).order_by(DocumentRow.external_id, DataTableRow.ordinal)
        return tables.find(db, list(db.scalars(wanted)), Audience(EVERYBODY))


def save_xlsx(folder: Path, rows: Sequence[Sequence[object]], shape: Callable[[Worksheet], None] | None = None) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    if shape:
        shape(sheet)
    book.save(folder / "a.xlsx")


def save_pdf(folder: Path, *story: Flowable | str) -> None:
    style = getSampleStyleSheet()["BodyText"]
    parts = [Paragraph(one, style) if isinstance(one, str) else one for one in story]
    SimpleDocTemplate(str(folder / "a.pdf"), title="Report").build(parts)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'Plan,Fee (EUR),Share\nBasic,"1,240.50",12 %\nPro,"2,310",88 %\n'),
        ("a.tsv", "Plan\tFee (EUR)\tShare\nBasic\t1,240.50\t12 %\nPro\t2,310\t88 %\n"),
        ("a.md", "|Plan|Fee (EUR)|Share|\n|--|--|--|\n|Basic|1,240.50|12 %|\n|Pro|2,310|88 %|\n"),
        (
            "a.html",
            "<table><tr><th>Plan<th>Fee (EUR)<th>Share<tr><td>Basic<td>1,240.50<td>12 %<tr><td>Pro<td>2,310<td>88 %",
        ),
        (
            "a.rst",
            ".. list-table::\n   :header-rows: 1\n\n   * - Plan\n     - Fee (EUR)\n     - Share\n   * - Basic\n"
            "     - 1,240.50\n     - 12 %\n   * - Pro\n     - 2,310\n     - 88 %\n",
        ),
    ],
)
def test_a_table_of_a_text_file_is_kept_whole(core: Core, folder: Path, name: str, text: str) -> None:
    write(folder, name, text)

    assert [(one.columns, one.rows) for one in of(core, folder)] == [FEES]


def test_a_table_of_a_word_file_is_kept_whole(core: Core, folder: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Fees by plan", style="Caption")
    table = document.add_table(3, 3)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), (one for row in ROWS for one in row), strict=True
    ):
        cell.text = text
    document.save(str(folder / "a.docx"))

    assert [(one.title, (one.columns, one.rows)) for one in of(core, folder)] == [("Fees by plan", FEES)]


@pytest.mark.parametrize("ruled", [True, False])
def test_a_table_of_a_pdf_is_found_by_its_alignment(core: Core, folder: Path, ruled: bool) -> None:
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)] if ruled else []
    save_pdf(folder, "What each plan costs.", Table(ROWS, style=[*grid, ("ALIGN", (1, 0), (-1, -1), "RIGHT")]), "End.")

    assert [(one.columns, one.rows, one.page) for one in of(core, folder)] == [(*FEES, 1)]
    assert [text for passage, _ in stored(core) for text in passage.text.splitlines() if "Basic" in text] == [
        "Plan: Basic; Fee (EUR): 1,240.50; Share: 12 %"
    ]


@pytest.mark.parametrize("repeated", [0, 1])
def test_a_table_that_runs_on_over_pages_of_a_pdf_is_one(core: Core, folder: Path, repeated: int) -> None:
    people = [[f"Person {n}", ["Ops", "Sales"][n % 2], str(n)] for n in range(90)]
    save_pdf(folder, "Leave taken.", Table([["Employee", "Team", "Days"], *people], repeatRows=repeated))

    assert [len(one.rows) for one in of(core, folder)] == [90]


@pytest.mark.parametrize(
    "rows",
    [
        [["Introduction", "3"], ["Scope", "5"], ["Rules", "9"]],
        [["Name:", "Fairlead"], ["Seat:", "Halifax"], ["Founded:", "in spring"]],
        [["–", "Bring a badge."], ["–", "Sign in at the desk."], ["–", "Wear a vest."]],
    ],
)
def test_what_only_stands_aligned_in_a_pdf_is_no_table(core: Core, folder: Path, rows: list[list[str]]) -> None:
    save_pdf(folder, "Some words before.", Table(rows))

    assert of(core, folder) == []


def test_a_sheet_may_hold_several_tables_under_titles(core: Core, folder: Path) -> None:
    sales: list[Sequence[object]] = [["Region", "EUR"], ["North", 5]]
    staff: list[Sequence[object]] = [["Team", "Heads"], ["Ops", 7]]
    save_xlsx(folder, [["Sales 2026"], [], *sales, [], ["Staff"], *staff])

    assert [(one.title, one.columns[0].name, one.rows, one.first_line) for one in of(core, folder)] == [
        ("Sales 2026", "Region", (("North", "5"),), 4),
        ("Staff", "Team", (("Ops", "7"),), 8),
    ]


def test_merged_cells_and_formats_of_a_sheet_count(core: Core, folder: Path) -> None:
    def shape(sheet: Worksheet) -> None:
        for merged in ("B1:C1", "A1:A2", "A3:A4"):
            sheet.merge_cells(merged)
        for row in (3, 4):
            sheet.cell(row, 2).number_format = '#,##0.00 "€"'
            sheet.cell(row, 3).number_format = "0.0%"

    head = [["Region", "2025", None], [None, "Cost", "Growth"]]
    save_xlsx(folder, [*head, ["North", 5, 0.125], [None, 7, 0.5]], shape)

    (table,) = of(core, folder)
    assert table.columns == (
        Column("Region"),
        Column("2025 Cost", "number", "€"),
        Column("2025 Growth", "number", "%"),
    )
    assert table.rows == (("North", "5 €", "12.5%"), ("North", "7 €", "50%"))


def test_spanning_cells_of_a_page_are_repeated(core: Core, folder: Path) -> None:
    page = (
        "<table><caption>Prices</caption><thead><tr><th rowspan=2>Item<th colspan=2>Price<tr><th>2025<th>2026</thead>"
        "<tr><td rowspan=2>Pen<td>1<td>2<tr><td>3<td>4</table>"
    )
    write(folder, "a.html", page)

    (table,) = of(core, folder)
    assert (table.title, [column.name for column in table.columns], table.rows) == (
        "Prices",
        ["Item", "Price 2025", "Price 2026"],
        (("Pen", "1", "2"), ("Pen", "3", "4")),
    )


def test_a_table_for_the_look_of_a_page_is_read_through(core: Core, folder: Path) -> None:
    inner = "<table><tr><th>a<th>b<tr><td>1<td>2</table>"
    write(folder, "a.html", f"<table><tr><td><p>Menu</p>{inner}<td>Right</table>")

    assert [one.rows for one in of(core, folder)] == [(("1", "2"),)]


def test_a_record_brings_its_table(core: Core, folder: Path) -> None:
    record = {"_id": "t1", "title": "Fees", "text": "Fees of all plans", "source_type": "table", "table": ROWS}
    write(folder, "a.jsonl", json.dumps(record))

    (table,) = of(core, folder)
    ((passage, _),) = stored(core)
    assert ((table.columns, table.rows), passage.detail["table"], passage.text) == (FEES, table.id, "Fees of all plans")


def test_a_record_without_one_brings_the_rows_of_its_text(core: Core, folder: Path) -> None:
    text = "\n".join(" | ".join(row) for row in ROWS)
    write(folder, "a.jsonl", json.dumps({"_id": "t1", "title": "Fees", "text": text, "source_type": "table"}))

    assert [(one.columns, one.rows) for one in of(core, folder)] == [FEES]


def test_a_record_whose_table_is_none_is_refused(core: Core, folder: Path) -> None:
    record = {"_id": "t1", "title": "Fees", "text": "x", "source_type": "table", "table": [[{"a": 1}]]}
    write(folder, "a.jsonl", json.dumps(record))

    assert reason(index(core, folder), "a.jsonl, line 1") == "a cell of the table is not text"


def test_a_table_that_is_gone_from_its_file_is_gone(core: Core, folder: Path) -> None:
    write(folder, "a.md", "|a|b|\n|-|-|\n|1|2|\n")
    of(core, folder)
    write(folder, "a.md", "No table any more.")

    assert of(core, folder) == []


def test_a_cell_that_looks_like_a_formula_stays_text(core: Core, folder: Path) -> None:
    write(folder, "a.csv", "Name,Amount\n=cmd|'/C calc'!A0,1\n@SUM(1+1),2\n")

    assert of(core, folder)[0].rows == (("=cmd|'/C calc'!A0", "1"), ("@SUM(1+1)", "2"))


def test_a_sheet_that_claims_a_billion_cells_costs_what_it_holds(core: Core, folder: Path) -> None:
    save_xlsx(folder, [["Team", "Heads"], ["Ops", 7]])
    changed = io.BytesIO()
    with zipfile.ZipFile(folder / "a.xlsx") as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            said = old.read(member).replace(b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"')
            claims = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells><pageMargins'
            new.writestr(member, said.replace(b"<pageMargins", claims, 1))
    (folder / "a.xlsx").write_bytes(changed.getvalue())

    assert [one.rows for one in of(core, folder)] == [(("Ops", "7"),)]


def test_a_cell_that_claims_to_span_everything_is_bounded(core: Core, folder: Path) -> None:
    write(folder, "a.html", f"<table><tr><th>a<th>b{'<tr><td colspan=99999 rowspan=99999>x<td>y' * 50}</table>")

    assert of(core, folder) == []
    assert "too large to compute with" in stored(core)[0][0].text
