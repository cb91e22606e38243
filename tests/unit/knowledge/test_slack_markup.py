"""What Slack's message objects say, and which of them are talk."""

import pytest

from flywheel.knowledge.slack_markup import readable, said

_NAMES = {"U1": "Ana Ruiz", "U2": "Ben"}


def name_of(person: str) -> str:
    return _NAMES.get(person, person)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("ask <@U1> or <@U9|zoe>", "ask @Ana Ruiz or @zoe"),
        ("see <#C1|general>", "see #general"),
        ("see <#C1>", "see another channel"),
        ("<!here> and <!subteam^S1|@ops>", "@here and @ops"),
        ("on <!date^1700000000^{date}|14 Nov>", "on 14 Nov"),
        ("<https://x.test/a|the page>", "the page (https://x.test/a)"),
        ("<https://x.test/a>", "https://x.test/a"),
        ("<mailto:ana@x.test|ana@x.test>", "ana@x.test"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
    ],
)
def test_markup_becomes_readable_text(raw: str, text: str) -> None:
    assert readable(raw, name_of) == text


def test_a_message_keeps_who_said_it_and_its_thread() -> None:
    one = said({"ts": "1.5", "thread_ts": "1.1", "user": "U1", "text": "Yes."}, "C1", name_of)

    assert one is not None
    assert (one.name, one.root, one.text) == ("Ana Ruiz", "1.1", "Yes.")


def test_the_newest_wording_of_an_edited_message_counts() -> None:
    one = said({"ts": "1.5", "user": "U1", "text": "Now.", "edited": {"user": "U1", "ts": "2.0"}}, "C1", name_of)

    assert one is not None
    assert one.edited == "2.0"


def test_files_are_named() -> None:
    raw = {"ts": "1.5", "user": "U1", "text": "", "subtype": "file_share", "files": [{"name": "plan.pdf"}]}
    one = said(raw, "C1", name_of)

    assert one is not None
    assert one.files == ("plan.pdf",)


@pytest.mark.parametrize(
    "raw",
    [
        {"ts": "1.5", "user": "U1", "subtype": "channel_join", "text": "<@U1> has joined"},
        {"ts": "1.5", "user": "USLACKBOT", "subtype": "tombstone", "text": "This message was deleted."},
        {"ts": "1.5", "user": "U1", "bot_id": "B1", "text": "beep"},
        {"ts": "1.5", "bot_id": "B1", "subtype": "bot_message", "text": "beep"},
        {"ts": "1.5", "user": "U1", "text": "  "},
        {"ts": "../5", "user": "U1", "text": "hello"},
        {"user": "U1", "text": "hello"},
        {"ts": "1.5", "user": ["U1"], "text": "hello"},
    ],
)
def test_what_no_person_said_is_no_talk(raw: dict[str, object]) -> None:
    assert said(raw, "C1", name_of) is None


def test_a_name_cannot_pass_for_two_speakers() -> None:
    one = said({"ts": "1.5", "user": "U7", "text": "hi there"}, "C1", lambda _: "Ana: yes\nBen")

    assert one is not None
    assert one.name == "Ana yes Ben"
