"""Pictures of documents: taken out, made small, read, described, and found again by what is in them."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest
from docx import Document as WordFile
from PIL import Image, ImageDraw
from pptx import Presentation
from pptx.util import Inches
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from flywheel.core import Core
from flywheel.errors import HostileDocument, ModelUnavailable
from flywheel.holdings import Picture
from flywheel.knowledge.parsers.figures import LONGEST_SIDE, MOST_BYTES
from flywheel.model import Kind, Passage
from flywheel.store import pictures
from flywheel.store.knowledge_tables import DocumentRow
from tests.benchmarks.drawings import drawings
from tests.benchmarks.pictures import lay_out, recalled
from tests.integration.knowledge.reading import index, reason, stored, write


@dataclass
class Words:
    """A picture reader that reads the same in every picture, and counts."""

    text: str = "Heron 8"
    asked: int = 0

    def words(self, picture: bytes) -> str:
        self.asked += 1
        if not self.text:
            raise HostileDocument("its reader died with code 1")
        return self.text


@dataclass
class Eyes:
    """A vision model that says the same of every picture, remembers what it was told, and can fail."""

    text: str = "A floor plan with four rooms."
    name: str = "eyes"
    is_blind: bool = False
    told: list[str] = field(default_factory=list)

    def describe(self, picture: bytes, media_type: str, said: str) -> str:
        self.told.append(said)
        if not self.text:
            raise ModelUnavailable("the model took too long to answer")
        return self.text


def picture(colour: str = "navy", size: tuple[int, int] = (300, 200), form: str = "PNG", **options: object) -> bytes:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).ellipse((20, 20, size[0] // 2, size[1] // 2), fill=colour)
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def word(*parts: str | bytes) -> bytes:
    document = WordFile()
    document.core_properties.title = "Guide"
    document.add_heading("Office", 1)
    for part in parts:
        if isinstance(part, bytes):
            document.add_picture(io.BytesIO(part))
        else:
            document.add_paragraph(part)
    return saved(document.save)


def pdf(pages: Sequence[Sequence[object]]) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file)
    for page in pages:
        for number, part in enumerate(page):
            if isinstance(part, bytes):
                canvas.drawImage(ImageReader(io.BytesIO(part)), 72, 700 - 120 * number, 150, 100)
            else:
                canvas.drawString(72, 700 - 120 * number, str(part))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def slides(*shown: bytes) -> bytes:
    deck = Presentation()
    for one in shown:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = "Growth"
        slide.shapes.add_picture(io.BytesIO(one), Inches(1), Inches(2))
    return saved(deck.save)


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def kept(core: Core) -> list[Picture]:
    with core.database.read() as db:
        documents = db.scalars(select(DocumentRow.id).order_by(DocumentRow.external_id)).all()
        return [one for document in documents for one in pictures.of_document(db, document)]


def images(core: Core) -> list[Passage]:
    return [passage for passage, _ in stored(core) if passage.kind is Kind.IMAGE]


@pytest.fixture
def seeing(core: Core) -> Core:
    return replace(core, picture_reader=Words())


def test_a_picture_is_found_by_what_is_written_in_it(seeing: Core, folder: Path) -> None:
    (folder / "image12.png").write_bytes(picture())
    index(seeing, folder)

    (passage,) = images(seeing)
    assert passage.text == "image12\n\nText in the picture:\nHeron 8"
    assert (passage.search_text, passage.detail) == ("image12\nHeron 8", {"picture": kept(seeing)[0].id})


def test_a_stored_picture_is_small_and_carries_nothing_beside_its_pixels(seeing: Core, folder: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    (folder / "a.jpg").write_bytes(picture(size=(3_000, 900), form="JPEG", exif=exif))
    index(seeing, folder)

    (one,) = kept(seeing)
    assert (one.width, one.height, one.media_type) == (LONGEST_SIDE, 480, "image/jpeg")
    assert not Image.open(io.BytesIO(one.content)).getexif()


def test_a_picture_that_does_not_compress_is_still_small(seeing: Core, folder: Path) -> None:
    noise = Image.frombytes("RGB", (1_500, 1_000), Random(1).randbytes(4_500_000))
    noise.save(folder / "noise.png")
    index(seeing, folder)

    assert len(kept(seeing)[0].content) <= MOST_BYTES


@pytest.mark.parametrize("decoration", [picture(size=(40, 40)), picture("white")])
def test_decoration_is_no_picture(seeing: Core, folder: Path, decoration: bytes) -> None:
    (folder / "a.docx").write_bytes(word("Words.", decoration))
    index(seeing, folder)

    assert kept(seeing) == []


def test_a_figure_in_word_has_its_caption_context_and_heading(seeing: Core, folder: Path) -> None:
    text = (
        "It was measured twice. The rooms are below.",
        picture(),
        "Figure 3: floor 2",
        "It opened in May. Then rain.",
    )
    (folder / "a.docx").write_bytes(word(*text))
    index(seeing, folder)

    (one,), (passage,) = kept(seeing), images(seeing)
    assert (one.caption, one.context) == ("Figure 3: floor 2", "The rooms are below.")
    assert (passage.heading_path, passage.text.split("\n")[0]) == (("Office",), "Figure 3: floor 2")


def test_a_figure_without_a_caption_has_the_sentences_around_it(seeing: Core, folder: Path) -> None:
    (folder / "a.docx").write_bytes(word("It was measured. The rooms are below.", picture(), "It opened in May. Then."))
    index(seeing, folder)

    assert kept(seeing)[0].context == "The rooms are below. It opened in May."


def test_the_same_picture_twice_in_a_document_is_one(seeing: Core, folder: Path) -> None:
    (folder / "a.docx").write_bytes(word("One.", picture(), "Two.", picture(), "Three.", picture("red")))
    index(seeing, folder)

    assert len(kept(seeing)) == len(images(seeing)) == 2


def test_a_figure_in_a_pdf_has_its_page_and_caption(seeing: Core, folder: Path) -> None:
    pages: list[list[object]] = [["Only words here."], ["Before it.", picture(), "Figure 1: rooms"]]
    (folder / "a.pdf").write_bytes(pdf(pages))
    index(seeing, folder)

    (one,), (passage,) = kept(seeing), images(seeing)
    assert (one.caption, passage.page) == ("Figure 1: rooms", 2)


def test_two_figures_on_a_page_have_one_caption_each(seeing: Core, folder: Path) -> None:
    page = [
        "Fig. 1: navy rooms.",
        picture(),
        "Some words between them, which end.",
        "Fig. 2: red rooms.",
        picture("red"),
    ]
    (folder / "a.pdf").write_bytes(pdf([page]))
    index(seeing, folder)

    assert [one.caption for one in kept(seeing)] == ["Fig. 1: navy rooms.", "Fig. 2: red rooms."]


def test_a_logo_on_many_pages_of_a_pdf_is_left_out(seeing: Core, folder: Path) -> None:
    pages: list[list[object]] = [[f"Page {number}.", picture()] for number in range(3)]
    (folder / "a.pdf").write_bytes(pdf([*pages, ["Chart.", picture("red")]]))
    index(seeing, folder)

    assert [passage.page for passage in images(seeing)] == [4]


def test_a_scan_without_text_becomes_readable(seeing: Core, folder: Path) -> None:
    (folder / "a.pdf").write_bytes(pdf([[picture()]]))
    index(seeing, folder)

    assert [passage.text for passage in images(seeing)] == ["A\n\nText in the picture:\nHeron 8"]


def test_a_picture_on_a_slide_stands_under_its_title(seeing: Core, folder: Path) -> None:
    (folder / "a.pptx").write_bytes(slides(picture(), picture("red")))
    index(seeing, folder)

    assert [passage.page for passage in images(seeing)] == [1, 2]


def test_a_logo_on_many_slides_is_left_out(seeing: Core, folder: Path) -> None:
    (folder / "a.pptx").write_bytes(slides(picture(), picture(), picture(), picture("red")))
    index(seeing, folder)

    assert [passage.page for passage in images(seeing)] == [4]


def test_what_is_written_over_a_whole_page_makes_several_passages(core: Core, folder: Path) -> None:
    lines = "\n".join(f"line {number} of a long letter about the roof" for number in range(60))
    (folder / "scan.png").write_bytes(picture())
    index(replace(core, picture_reader=Words(lines)), folder)

    found = images(core)
    assert len(found) > 1
    assert {passage.detail["picture"] for passage in found} == {kept(core)[0].id}


def test_a_picture_that_cannot_be_read_is_kept_and_reported(core: Core, folder: Path) -> None:
    (folder / "a.png").write_bytes(picture())
    report = index(replace(core, picture_reader=Words("")), folder)

    assert [passage.text for passage in images(core)] == ["a"]
    assert "its reader died with code 1" in reason(report, "a.png, picture 1")


def test_a_page_names_the_picture_beside_it(seeing: Core, folder: Path) -> None:
    (folder / "img").mkdir()
    (folder / "img" / "floor plan.png").write_bytes(picture())
    write(folder, "guide.md", "# Guide\n\n![Where Heron is](img/floor%20plan.png)\n\nWords.")
    index(seeing, folder)

    page, file = images(seeing)
    assert (page.text, page.detail) == ("Where Heron is", file.detail)


@pytest.mark.parametrize("address", ["../outside.png", "https://e.example/a.png", "missing.png", "/etc/a.png", "plan"])
def test_an_image_that_is_not_in_the_folder_names_no_picture(seeing: Core, folder: Path, address: str) -> None:
    (folder.parent / "outside.png").write_bytes(picture())
    write(folder, "guide.md", f"# Guide\n\n![Where Heron is]({address})\n\nWords.")
    index(seeing, folder)

    assert [passage.detail for passage in images(seeing)] == [{}]


def test_a_description_stands_in_the_passage_and_is_searched_before_the_words(seeing: Core, folder: Path) -> None:
    (folder / "a.png").write_bytes(picture())
    index(replace(seeing, vision=Eyes()), folder)

    (passage,), (one,) = images(seeing), kept(seeing)
    assert passage.search_text == "a\nA floor plan with four rooms.\nHeron 8"
    assert (one.description, one.described_by) == ("A floor plan with four rooms.", "eyes")


def test_the_same_picture_is_read_and_described_once(seeing: Core, folder: Path) -> None:
    reader, eyes = Words(), Eyes()
    core = replace(seeing, picture_reader=reader, vision=eyes)
    (folder / "a.docx").write_bytes(word("Words.", picture()))
    index(core, folder)
    (folder / "a.docx").write_bytes(word("Other words.", picture()))

    assert index(core, folder).changed == 1
    assert (reader.asked, len(eyes.told)) == (1, 1)


def test_a_vision_model_that_comes_later_describes_what_is_there(seeing: Core, folder: Path) -> None:
    (folder / "a.png").write_bytes(picture())
    write(folder, "b.md")
    index(seeing, folder)

    assert index(replace(seeing, vision=Eyes()), folder).changed == 1
    assert kept(seeing)[0].description


def test_a_failing_vision_model_is_reported_once_and_tried_again_next_time(seeing: Core, folder: Path) -> None:
    for number in range(5):
        (folder / f"{number}.png").write_bytes(picture(size=(300, 200 + number)))
    eyes = Eyes("")
    report = index(replace(seeing, vision=eyes), folder)

    assert (len(report.refused), 3 <= len(eyes.told) <= 4) == (1, True)
    assert index(replace(seeing, vision=Eyes()), folder).changed == 5


def test_a_blind_vision_model_is_not_asked_again(seeing: Core, folder: Path) -> None:
    (folder / "a.png").write_bytes(picture())
    blind = replace(seeing, vision=Eyes(is_blind=True))
    index(blind, folder)

    assert index(blind, folder).unchanged == 1


def test_of_drawn_pictures_the_right_one_comes_first_three_times_as_often(tmp_path: Path) -> None:
    asked = lay_out(drawings(Random(7), 0.1), tmp_path / "knowledge")

    by_name, by_content = (sum(recalled(tmp_path, asked, reads=reads, depth=1)) for reads in (False, True))
    assert by_content >= max(3 * by_name, 0.8 * len(asked))
