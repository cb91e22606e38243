"""The sample company is consistent: people, folders, links, questions and the binary documents agree."""

import re
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from bot.simulator.company_files import (
    ALL_HANDS,
    COMPANY,
    RESELLER_AGREEMENT,
    SAFETY_MANUAL,
    items,
    write_company_files,
)
from bot.simulator.company_workspace import load

DESCRIBED: dict[str, Any] = yaml.safe_load((COMPANY / "company.yaml").read_text(encoding="utf-8"))
PEOPLE = {person["id"] for person in DESCRIBED["people"]}
ANSWERED = [question for question in DESCRIBED["questions"] if question["document"]]
CONTRADICTIONS = [question for question in ANSWERED if question["kind"] == "contradiction"]
PAGES = sorted(COMPANY.rglob("*.md"))
FOLDERS = sorted(path for path in COMPANY.rglob("*") if path.is_dir())
BINARIES = sorted(path for path in COMPANY.rglob("*") if path.suffix in {".pdf", ".docx", ".pptx", ".xlsx", ".png"})


def name_of(path: Path) -> str:
    return str(path.relative_to(COMPANY))


def words_of_pdf(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def words_of_docx(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


def words_of_pptx(path: Path) -> str:
    slides = Presentation(str(path)).slides
    shown = [shape.text_frame.text for slide in slides for shape in slide.shapes]
    return "\n".join([*shown, *(slide.notes_slide.notes_text_frame.text for slide in slides if slide.has_notes_slide)])


def words_of_xlsx(path: Path) -> str:
    sheets = load_workbook(path, read_only=True).worksheets
    return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)


READERS: Mapping[str, Callable[[Path], str]] = {
    ".pdf": words_of_pdf, ".docx": words_of_docx, ".pptx": words_of_pptx, ".xlsx": words_of_xlsx,
}  # fmt: skip


def words(path: Path) -> str:
    """Return the text of a document in lower case, without emphasis, with single spaces."""
    text = READERS[path.suffix](path) if path.suffix in READERS else path.read_text(encoding="utf-8")
    return " ".join(text.replace("**", "").lower().split())


def front_matter(path: Path) -> dict[str, Any]:
    matter = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
    assert isinstance(matter, dict)
    return matter


def access(folder: Path) -> list[str]:
    """Return the labels of the nearest `.flywheel.yml`, this folder's or one above."""
    rules = folder / ".flywheel.yml"
    if not rules.exists():
        return access(folder.parent)
    labels: list[str] = yaml.safe_load(rules.read_text(encoding="utf-8"))["access"]
    return labels


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    (folder / "sales").mkdir()
    shutil.copy(COMPANY / "sales" / "quarterly-sales.csv", folder / "sales")
    write_company_files(folder)
    return folder


def test_workspace_loader_accepts_the_company() -> None:
    workspace = load(COMPANY, lambda: datetime(2026, 11, 16, 9, tzinfo=UTC))

    assert workspace.team.name == "Tidewell"


def test_ids_of_people_and_channels_are_unique() -> None:
    ids = [entry["id"] for entry in DESCRIBED["people"] + DESCRIBED["channels"]]

    assert len(ids) == len(set(ids))


def test_three_people_are_administrators() -> None:
    assert len(PEOPLE & set(DESCRIBED["admins"])) == 3


@pytest.mark.parametrize("channel", DESCRIBED["channels"], ids=lambda channel: str(channel["name"]))
def test_every_member_of_a_channel_is_a_person(channel: dict[str, Any]) -> None:
    assert set(channel["members"]) <= PEOPLE


def test_every_owner_of_a_folder_is_a_person() -> None:
    assert set(DESCRIBED["owners"].values()) <= PEOPLE


def test_folder_rules_name_the_owners_that_the_company_names() -> None:
    ruled = {folder: yaml.safe_load((COMPANY / folder / ".flywheel.yml").read_text()) for folder in DESCRIBED["owners"]}

    assert {folder: rules["owner"] for folder, rules in ruled.items()} == DESCRIBED["owners"]


def test_every_access_label_names_a_known_channel_or_person() -> None:
    known = {"public", "user:U0NOBODY", *(f"user:{person}" for person in PEOPLE)}
    known |= {f"channel:{channel['id']}" for channel in DESCRIBED["channels"]}

    assert {label for folder in (COMPANY, *FOLDERS) for label in access(folder)} <= known


def test_nobody_is_shown_the_file_with_the_answers() -> None:
    assert access(COMPANY) == ["user:U0NOBODY"]


@pytest.mark.parametrize(
    ("kind", "least"),
    [("unanswerable", 5), ("contradiction", 4), ("table", 4), ("code", 3), ("image", 2), ("private", 6)],
)
def test_there_are_enough_questions_of_each_kind(kind: str, least: int) -> None:
    assert sum(question["kind"] == kind for question in DESCRIBED["questions"]) >= least


def test_every_question_has_two_paraphrases() -> None:
    assert {len(question["paraphrases"]) for question in DESCRIBED["questions"]} == {2}


@pytest.mark.parametrize("question", ANSWERED, ids=lambda question: str(question["question"]))
def test_document_of_a_question_contains_its_answer(question: dict[str, Any]) -> None:
    text = words(COMPANY / question["document"])

    assert question["answer_contains"]
    assert [part for part in question["answer_contains"] if part.lower() not in text] == []


@pytest.mark.parametrize("question", ANSWERED, ids=lambda question: str(question["question"]))
def test_audience_of_a_question_may_read_its_document(question: dict[str, Any]) -> None:
    assert access((COMPANY / question["document"]).parent) == [question["audience"]]


@pytest.mark.parametrize("question", CONTRADICTIONS, ids=lambda question: str(question["question"]))
def test_outdated_document_is_older_and_says_something_else(question: dict[str, Any]) -> None:
    newer, older = COMPANY / question["document"], COMPANY / question["outdated"]

    assert front_matter(older)["updated_at"] < front_matter(newer)["updated_at"]
    assert not any(part.lower() in words(older) for part in question["answer_contains"])


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_front_matter_has_title_owner_date_and_address(page: Path) -> None:
    matter = front_matter(page)

    assert matter["title"]
    assert matter["owner"] in PEOPLE
    assert isinstance(matter["updated_at"], date)
    assert matter["url"] == f"https://wiki.tidewell.example/{name_of(page).removesuffix('.md')}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_of_a_page_lead_to_documents(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pages_are_as_long_as_real_ones(page: Path) -> None:
    assert 150 <= len(page.read_text(encoding="utf-8").split()) <= 900


@pytest.mark.parametrize("path", [path for path in BINARIES if path.suffix in READERS], ids=name_of)
def test_maker_writes_the_same_text_again(path: Path, rebuilt: Path) -> None:
    assert words(path)
    assert words(rebuilt / name_of(path)) == words(path)


@pytest.mark.parametrize("path", [path for path in BINARIES if path.suffix == ".png"], ids=name_of)
def test_maker_draws_pictures_of_the_same_size_again(path: Path, rebuilt: Path) -> None:
    with Image.open(path) as drawn, Image.open(rebuilt / name_of(path)) as again:
        again.load()

        assert drawn.size == again.size


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("safety/safety-manual.pdf", SAFETY_MANUAL),
        ("legal/reseller-agreement-template.docx", RESELLER_AGREEMENT),
        ("company/all-hands-2026-q3.pptx", ALL_HANDS),
    ],
)
def test_binary_document_holds_all_of_its_text(path: str, text: str) -> None:
    written = words(COMPANY / path)

    assert [line for _, line in items(text) if " ".join(line.lower().split()).removeprefix("---") not in written] == []


def test_two_runs_of_the_maker_write_the_same_bytes(rebuilt: Path) -> None:
    before = {path: path.read_bytes() for path in rebuilt.rglob("*.*") if path.is_file()}

    write_company_files(rebuilt)

    assert [path.name for path, content in before.items() if path.read_bytes() != content] == []


def test_maker_owns_every_binary_document(rebuilt: Path) -> None:
    made = {str(path.relative_to(rebuilt)) for path in rebuilt.rglob("*.*") if path.suffix != ".csv" and path.is_file()}

    assert made == {name_of(path) for path in BINARIES}


def test_company_fits_into_three_megabytes() -> None:
    assert sum(path.stat().st_size for path in COMPANY.rglob("*") if path.is_file()) < 3_000_000


@pytest.mark.parametrize("said", DESCRIBED["talk"], ids=lambda said: str(said["text"])[:30])
def test_people_talk_where_they_are_members(said: dict[str, Any]) -> None:
    members = next(one["members"] for one in DESCRIBED["channels"] if one["id"] == said["channel"])

    assert {one["by"] for one in (said, *said.get("replies", ()))} <= set(members)


def test_the_talk_is_there_before_anybody_comes_and_read() -> None:
    workspace = load(COMPANY, lambda: datetime(2026, 11, 21, tzinfo=UTC))
    general = workspace.channel("C0GENERAL")

    assert [one.get("reply_count", 0) for one in general.roots()] == [0, 3, 0]
    assert general.unread("U0NORA") == 0
