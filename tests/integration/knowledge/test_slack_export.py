"""Export archives of Slack: recognised, read, bounded; hostile ones refused in a sentence."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from flywheel.core import Core
from flywheel.curation import person
from flywheel.knowledge.ingest import IngestReport, ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import Audience, Document
from flywheel.store import authors, documents, marks
from tests.parts import make_core

_NOON = 1_793_707_200  # 3 November 2026, 12:00 UTC
_USERS = [
    {"id": "U1", "team_id": "T1", "name": "ana", "real_name": "Ana Ruiz"},
    {"id": "U2", "team_id": "T1", "name": "ben", "profile": {"real_name": "Ben Bo"}},
    {"id": "U9", "team_id": "T1", "name": "helper", "is_bot": True},
]


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = make_core(tmp_path)
    yield core
    core.database.close()


def says(user: str, text: str, at: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": text, "ts": f"{_NOON + at}.000100", **more}


def thread(word: str) -> list[dict[str, Any]]:
    """Return a question about a word and its reply."""
    root = f"{_NOON}.000100"
    return [
        says("U1", f"Where is the {word}?", thread_ts=root),
        says("U2", f"The {word} is in the cellar.", 60, thread_ts=root),
    ]


def files(days: Mapping[str, Any], **listed: Any) -> dict[str, str]:
    """Return the files of an export, by name."""
    parts = {"users": _USERS, "channels": [{"id": "C1", "name": "general"}], **listed}
    return {f"{name}.json": json.dumps(one) for name, one in parts.items()} | {
        f"{name}.json": one if isinstance(one, str) else json.dumps(one) for name, one in days.items()
    }


def unpacked(folder: Path, content: Mapping[str, str]) -> Path:
    """Write an export into a folder."""
    for name, text in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def packed(path: Path, content: Mapping[str, str]) -> Path:
    """Write an export into a ZIP."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return path


def index(core: Core, path: Path, access: frozenset[str] | None = None) -> IngestReport:
    return ingest(core, [path], access, Silence())


def found(core: Core, word: str, *labels: str) -> list[Document]:
    """Return the documents that people with these labels find by a word."""
    audience = Audience(frozenset(labels or {"public"}))
    hits = core.words.match(word, audience, 10)
    with core.database.read() as db:
        known = [documents.passage(db, one.passage_id, audience) for one in hits]
    return [one[1] for one in known if one is not None]


def test_a_folder_is_recognised_without_being_told(core: Core, tmp_path: Path) -> None:
    index(core, unpacked(tmp_path / "export", files({"general/2026-11-03": thread("anchor")})))

    assert [one.title for one in found(core, "anchor")] == ["#general, Ana Ruiz and Ben Bo, 3 Nov 2026"]


def test_a_zip_is_read_as_its_folder_is(core: Core, tmp_path: Path) -> None:
    index(core, packed(tmp_path / "export.zip", files({"general/2026-11-03": thread("anchor")})))

    assert [one.external_id for one in found(core, "anchor")] == [f"slack/C1/{_NOON}.000100"]


def test_an_export_within_a_folder_of_documents_is_recognised(core: Core, tmp_path: Path) -> None:
    unpacked(tmp_path / "all" / "slack", files({"general/2026-11-03": thread("anchor")}))
    (tmp_path / "all" / "note.md").write_text("The compass lies on the table.")

    assert index(core, tmp_path / "all").added == 2


def test_replies_of_a_later_day_join_their_thread(core: Core, tmp_path: Path) -> None:
    root, reply = thread("anchor")
    later = {**reply, "ts": f"{_NOON + 90_000}.000100"}

    report = index(core, unpacked(tmp_path / "e", files({"general/2026-11-03": [root], "general/2026-11-04": [later]})))

    assert report.added == 1


def test_the_same_again_changes_nothing(core: Core, tmp_path: Path) -> None:
    export = unpacked(tmp_path / "e", files({"general/2026-11-03": thread("anchor")}))
    index(core, export)

    assert index(core, export).unchanged == 1


def test_what_is_gone_from_the_export_goes(core: Core, tmp_path: Path) -> None:
    export = unpacked(tmp_path / "e", files({"general/2026-11-03": thread("anchor")}))
    index(core, export)
    (export / "general" / "2026-11-03.json").write_text("[]")

    assert index(core, export).removed == 1


def test_a_private_channel_is_for_its_members(core: Core, tmp_path: Path) -> None:
    groups = [{"id": "G1", "name": "board"}]
    index(core, unpacked(tmp_path / "e", files({"board/2026-11-03": thread("anchor")}, groups=groups)))

    assert not found(core, "anchor")
    assert found(core, "anchor", "channel:G1")


def test_an_externally_shared_channel_is_for_its_members(core: Core, tmp_path: Path) -> None:
    channels = [{"id": "C1", "name": "general", "is_ext_shared": True}]
    index(core, unpacked(tmp_path / "e", files({"general/2026-11-03": thread("anchor")}, channels=channels)))

    assert not found(core, "anchor")


def test_direct_messages_are_left_out_and_the_report_says_so(core: Core, tmp_path: Path) -> None:
    dms = [{"id": "D1", "members": ["U1", "U2"]}]

    report = index(core, unpacked(tmp_path / "e", files({"D1/2026-11-03": thread("anchor")}, dms=dms)))

    assert (report.added, report.refused[0][0]) == (0, "direct messages")


def test_direct_messages_are_read_for_the_people_that_the_command_names(core: Core, tmp_path: Path) -> None:
    export = unpacked(
        tmp_path / "e", files({"D1/2026-11-03": thread("anchor")}, dms=[{"id": "D1", "members": ["U1", "U2"]}])
    )

    index(core, export, frozenset({"user:U1"}))

    assert [one.access for one in found(core, "anchor", "user:U1")] == [frozenset({"user:U1"})]


def test_joins_bots_and_what_bots_are_asked_are_left_out(core: Core, tmp_path: Path) -> None:
    noise = [
        says("U1", "<@U1> has joined the channel anchor", subtype="channel_join"),
        says("U9", "I am a machine and know the anchor well", 1, bot_id="B1"),
        says("U1", "<@U9> where is the anchor of the ship?", 2, thread_ts=f"{_NOON + 2}.000100"),
        says("U2", "It is in the cellar, dear machine.", 3, thread_ts=f"{_NOON + 2}.000100"),
    ]

    assert index(core, unpacked(tmp_path / "e", files({"general/2026-11-03": noise}))).added == 0


def test_an_edit_and_a_deletion_that_the_export_tells_of_count(core: Core, tmp_path: Path) -> None:
    told = [
        says("U1", "the anchor lies in the cellar below"),
        {
            "type": "message",
            "subtype": "message_changed",
            "ts": "1.0",
            "message": says("U1", "the oar lies in the cellar"),
        },
        says("U2", "the rudder lies in the attic above", 9_000),
        {"type": "message", "subtype": "message_deleted", "ts": "2.0", "deleted_ts": f"{_NOON + 9_000}.000100"},
    ]
    index(core, unpacked(tmp_path / "e", files({"general/2026-11-03": told})))

    assert (len(found(core, "oar")), found(core, "anchor"), found(core, "rudder")) == (1, [], [])


def test_who_answered_is_an_author(core: Core, tmp_path: Path) -> None:
    index(core, unpacked(tmp_path / "e", files({"general/2026-11-03": thread("anchor")})))
    document = found(core, "anchor")[0]

    with core.database.read() as db:
        wrote = authors.of_documents(db, [document.id], Audience.everyone())

    assert {one.name: one.changes for one in wrote} == {"U2": 1, "U1": 0}


def test_links_lead_into_the_workspace_where_it_is_known(core: Core, tmp_path: Path) -> None:
    with core.database.begin() as db:
        marks.put(db, "workspace:T1", "https://acme.slack.com/")
    index(core, unpacked(tmp_path / "e", files({"general/2026-11-03": thread("anchor")})))

    assert found(core, "anchor")[0].url == f"https://acme.slack.com/archives/C1/p{_NOON}000100"


def test_a_broken_day_is_refused_and_what_was_known_of_its_channel_stays(core: Core, tmp_path: Path) -> None:
    export = unpacked(tmp_path / "e", files({"general/2026-11-03": thread("anchor")}))
    index(core, export)
    (export / "general" / "2026-11-03.json").write_text("[{")

    report = index(core, export)

    assert report.refused[0][0] == "general/2026-11-03.json"
    assert "not JSON" in report.refused[0][1]
    assert found(core, "anchor")


def test_a_forgotten_person_does_not_come_back_with_the_export(core: Core, tmp_path: Path) -> None:
    export = unpacked(tmp_path / "e", files({"general/2026-11-03": thread("anchor")}))
    index(core, export)

    person.forget(core, "U2")
    gone = found(core, "anchor")
    index(core, export)

    assert (gone, [one.title for one in found(core, "anchor")]) == ([], [])  # what is left is a question of four words


def test_a_forgotten_person_is_not_named_where_others_mention_them(core: Core, tmp_path: Path) -> None:
    said = [says("U1", "<@U2> put the anchor in the cellar below")]
    export = unpacked(tmp_path / "e", files({"general/2026-11-03": said}))
    person.forget(core, "U2")

    index(core, export)

    with core.database.read() as db:
        passage = documents.passage(
            db, core.words.match("anchor", Audience.everyone(), 1)[0].passage_id, Audience.everyone()
        )
    assert passage is not None
    assert passage[0].text == "Ana Ruiz: @somebody who is gone put the anchor in the cellar below"


def test_a_name_that_leads_out_of_the_export_leads_nowhere(core: Core, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "2026-11-03.json").write_text(json.dumps(thread("anchor")))
    channels = [{"id": "C1", "name": "../outside"}]

    assert index(core, unpacked(tmp_path / "e", files({}, channels=channels))).added == 0


def test_a_link_out_of_the_export_is_passed_over(core: Core, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "2026-11-03.json").write_text(json.dumps(thread("anchor")))
    export = unpacked(tmp_path / "e", files({}))
    (export / "general").symlink_to(tmp_path / "outside")

    assert index(core, export).added == 0


def test_a_zip_bomb_is_refused(core: Core, tmp_path: Path) -> None:
    bomb = packed(tmp_path / "export.zip", files({"general/2026-11-03": "[" + " " * 60_000_000 + "]"}))

    assert "times its size" in index(core, bomb).refused[0][1]


def test_a_damaged_zip_is_refused(core: Core, tmp_path: Path) -> None:
    path = packed(tmp_path / "export.zip", files({"general/2026-11-03": thread("anchor")}))
    path.write_bytes(path.read_bytes()[:-30])

    assert "damaged ZIP" in index(core, path).refused[0][1]


def test_a_zip_that_declares_too_many_members_is_refused(core: Core, tmp_path: Path) -> None:
    path = packed(tmp_path / "export.zip", files({}))
    content = bytearray(path.read_bytes())
    content[-10:-6] = (2**32 - 2).to_bytes(4, "little")
    path.write_bytes(content)

    assert "members" in index(core, path).refused[0][1]


def test_another_zip_is_still_no_document(core: Core, tmp_path: Path) -> None:
    path = packed(tmp_path / "photos.zip", {"a.txt": "hello"})

    assert index(core, path).refused[0][1] == "no parser for .zip"
