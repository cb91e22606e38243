"""Files that are broken, too big, not what they say, or meant to hurt: refused by name, and the rest goes on."""

import contextlib
import gzip
import io
import json
import os
import re
import socket
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from flywheel.core import Core
from flywheel.errors import HostileDocument
from flywheel.knowledge.formats import Format
from flywheel.knowledge.pictures import Viewer
from flywheel.knowledge.policy import Policy
from flywheel.knowledge.preparing import prepare_file
from flywheel.knowledge.readers import Readers
from flywheel.knowledge.source import Candidate, Refusal
from tests.integration.knowledge.reading import index, names, reason, write


def encrypted_pdf() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(50, 800, "secret")
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=file)
    writer.encrypt("password", algorithm="RC4-128")
    sealed = io.BytesIO()
    writer.write(sealed)
    return sealed.getvalue()


def bomb_pdf() -> bytes:
    """Return a PDF of 400 KB whose page unpacks to 400 MB."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(100, 100)
    stream = pypdf.generic.EncodedStreamObject()
    stream._data = zlib.compress(b"0 0 m " * 66_000_000, 1)
    stream[pypdf.generic.NameObject("/Filter")] = pypdf.generic.NameObject("/FlateDecode")
    page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx_file() -> bytes:
    file = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Words.")
    document.save(file)
    return file.getvalue()


def entity_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    body = f'<!DOCTYPE x [<!ENTITY e0 "boom">{entities}]><w:document>&e12;</w:document>'
    return zipped({"word/document.xml": body.encode(), "[Content_Types].xml": b"<Types/>"})


def lying_zip() -> bytes:
    """Return a container whose member unpacks to 60 MB and declares 600 bytes."""
    raw = bytearray(zipped({"word/document.xml": b" " * 60_000_000}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.rindex(mark) + offset
        raw[at : at + 4] = (600).to_bytes(4, "little")
    return bytes(raw)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "sealed.pdf": (encrypted_pdf, "encrypted"),
    "bomb.pdf": (bomb_pdf, "unpacks|limit|MB of memory|took"),
    "cut.pdf": (lambda: encrypted_pdf()[:300], "damaged PDF|holds no text"),
    "bomb.docx": (lambda: zipped({"word/document.xml": b" " * 200_000_000}), "unpacks to 200 MB"),
    "lying.docx": (lying_zip, "unpacks to more than it declares|damaged ZIP"),
    "many.docx": (lambda: zipped({f"x/{n}": b"" for n in range(3_000)}), "holds 3,000 members"),
    "entities.docx": (entity_bomb, "damaged DOCX|parser failed"),
    "plain.docx": (lambda: zipped({"hello.txt": b"hi"}), "without word/document.xml"),
    "cut.docx": (lambda: docx_file()[:5_000], "damaged"),
    "word.xlsx": (docx_file, "without xl/workbook.xml"),
    "deep.ipynb": (lambda: b"[" * 200_000, "nested too deeply|not a notebook"),
    "deep.html": (lambda: b"<div>" * 20_000 + b"hello", "nested too deeply|holds no text|MB of memory"),
    "deep.md": (lambda: b"> " * 100_000 + b"x", "nested too deeply|holds no text|took|seconds of work"),
    "really.txt": (encrypted_pdf, "named .txt but its content is PDF"),
    "really.md": (lambda: bytes(range(256)) * 40, "named .md but its content is binary"),
    "broken.txt": (lambda: "Grüße und ".encode() * 50 + b"\xff\xfe\xfa", "not valid UTF-8 at byte"),
    "packed.csv": (lambda: gzip.compress(b"a,b\n1,2\n"), "named .csv but its content is gzip"),
    "tiny.png": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "damaged image"),
    "quote.csv": (lambda: b'a,b\n1,"' + b"x" * 200_000, "damaged table"),
    "page.yml.exe": (lambda: b"MZ", "no parser for .exe"),
}


def children() -> list[str]:
    """Return the process ids of our readers."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            ours = process.joinpath("stat").read_text().rsplit(")", 1)[1].split()[1] == str(os.getpid())
            if ours and b"reading_child" in process.joinpath("cmdline").read_bytes():
                found.append(process.name)
    return found


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _) in HOSTILE.items():
        (folder / name).write_bytes(make())
    write(folder, "good.md", "# Good\nThis one is fine.")
    return folder


def test_hostile_files_are_refused_by_name_and_the_good_one_is_read(core: Core, hostile_folder: Path) -> None:
    report = index(core, hostile_folder)
    wrong = {
        name: dict(report.refused).get(name)
        for name, (_, expected) in HOSTILE.items()
        if not re.search(expected, dict(report.refused).get(name, "it was read"))
    }

    assert wrong == {}
    assert names(core) == ["good.md"]


def test_a_sparse_file_of_300_mb_is_refused_by_its_size(core: Core, folder: Path) -> None:
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(300_000_000)
    started = time.monotonic()

    assert reason(index(core, folder), "sparse.txt") == "300 MB, more than 50 MB"
    assert time.monotonic() - started < 5


def test_one_huge_line_is_read_in_pieces(core: Core, folder: Path) -> None:
    write(folder, "line.txt", "word " * 400_000)

    assert index(core, folder).passages > 1_000


def test_a_file_with_too_many_passages_is_refused(core: Core, folder: Path) -> None:
    write(folder, "log.txt", "word " * 5_000_000)

    assert "more than 20,000 passages" in reason(index(core, folder), "log.txt")


def test_links_out_of_the_folder_are_refused_and_links_inside_passed_over(core: Core, folder: Path) -> None:
    outside = write(folder.parent / "outside", "secret.md")
    (folder / "out.md").symlink_to(outside)
    (folder / "outdir").symlink_to(outside.parent)
    (folder / "nowhere.md").symlink_to(folder / "missing.md")
    (folder / "loop").symlink_to(folder)
    (folder / "again.md").symlink_to(write(folder, "inside.md"))
    report = index(core, folder)

    assert names(core) == ["inside.md"]
    assert dict(report.refused) == {
        "out.md": "a link out of its folder",
        "outdir": "a link out of its folder",
        "nowhere.md": "a link that leads nowhere",
    }


def test_what_is_no_plain_file_is_refused(core: Core, folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "s.md"))
        report = index(core, folder)

    assert report.refused == (("pipe.md", "not a plain file"), ("s.md", "not a plain file"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(core: Core, folder: Path) -> None:
    write(folder, "closed.md").chmod(0)

    assert reason(index(core, folder), "closed.md") == "cannot be read: Permission denied"


def test_a_file_that_fails_while_it_is_read_is_refused(core: Core) -> None:
    memory = Candidate(Path("/proc/self/mem"), "s", "mem.md", Format.MARKDOWN, Policy(), 1, 0.0)
    with Readers(1) as readers:
        outcome = prepare_file(readers, Viewer(core), memory, None)

    assert outcome == Refusal("s", "mem.md", "cannot be read: Input/output error")


def test_a_file_that_is_replaced_by_a_link_is_not_followed(core: Core, folder: Path) -> None:
    (folder / "a.md").symlink_to("/etc/passwd")
    candidate = Candidate(folder / "a.md", str(folder), "a.md", Format.MARKDOWN, Policy(), 1, 0.0)
    with Readers(1) as readers:
        outcome = prepare_file(readers, Viewer(core), candidate, None)

    assert isinstance(outcome, Refusal)


def test_a_child_that_hangs_is_killed_and_replaced() -> None:
    slow = io.BytesIO(b"*a **b " * 6_000_000)
    with Readers(1, patience=3) as readers:
        with pytest.raises(HostileDocument, match=r"took more than 3 seconds"):
            readers.read(Format.MARKDOWN, "a.md", slow, 42_000_000)
        assert readers.read(Format.TEXT, "b.txt", io.BytesIO(b"fine"), 4).pieces


def test_children_end_with_their_pool() -> None:
    with Readers(2) as readers:
        readers.read(Format.TEXT, "b.txt", io.BytesIO(b"fine"), 4)
        running = children()
        assert running
    assert not any(Path(f"/proc/{child}").exists() for child in running)


def test_a_child_sees_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    with Readers(1) as readers:
        readers.read(Format.TEXT, "b.txt", io.BytesIO(b"fine"), 4)
        (child,) = children()
        assert b"SLACK_BOT_TOKEN" not in Path(f"/proc/{child}/environ").read_bytes()


def test_a_packed_list_of_one_endless_line_stays_out_of_memory(core: Core, folder: Path) -> None:
    with gzip.open(folder / "bomb.jsonl.gz", "wb", compresslevel=1) as file:
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(b"\n" + json.dumps({"_id": "a", "text": "Fine."}).encode())
    before = resident()
    report = index(core, folder)

    assert (names(core), report.refused) == (["a"], (("bomb.jsonl.gz, line 1", "longer than 5 MB"),))
    assert resident() - before < 50_000_000
