"""Take an export of a Slack workspace in as documents, unless they are the same as last time."""

from collections.abc import Collection, Iterator, Sequence

from flywheel.core import Core
from flywheel.knowledge.identity import document_id
from flywheel.knowledge.preparing import Prepared, Unchanged
from flywheel.knowledge.progress import Progress
from flywheel.knowledge.slack_export import ChannelTalk, channels_of
from flywheel.knowledge.slack_threads import Channel, prepared, talks
from flywheel.knowledge.source import Candidate, Refusal
from flywheel.store import documents, marks, talk
from flywheel.store.talk import Said

_AT_ONCE = 256


def outcomes(core: Core, candidate: Candidate, progress: Progress) -> Iterator[Prepared | Unchanged | Refusal]:
    """Yield what became of each thread and burst of an export, and a refusal for each file that cannot be read."""

    def address_of(team: str) -> str | None:
        with core.database.read() as db:
            return marks.find(db, address_mark(team))

    def forgotten(people: Collection[str]) -> frozenset[str]:
        with core.database.read() as db:
            return talk.forgotten(db, people)

    for one in channels_of(candidate, address_of, forgotten):
        if isinstance(one, Refusal):
            progress.expect(1)
            yield one
        else:
            yield from _of_channel(core, one, progress)


def address_mark(team: str) -> str:
    """Return the name of the mark that holds the address of a workspace ("https://acme.slack.com/")."""
    return f"workspace:{team}"[:160]


def _of_channel(core: Core, one: ChannelTalk, progress: Progress) -> Iterator[Prepared | Unchanged | Refusal]:
    found = talks(one.messages)
    progress.expect(len(found) + len(one.refused))
    yield from one.refused
    for start in range(0, len(found), _AT_ONCE):
        yield from _some(core, one.channel, found[start : start + _AT_ONCE])


def _some(core: Core, channel: Channel, found: Sequence[Sequence[Said]]) -> Iterator[Prepared | Unchanged]:
    ids = [document_id(channel.source, talk.external_id(channel.id, one[0].root)) for one in found]
    with core.database.read() as db:
        known = documents.content_hashes(db, ids)
    for name, one in zip(ids, found, strict=True):
        made = prepared(channel, one, known.get(name))
        yield Unchanged(name) if made.document.content_hash == known.get(name) else made
