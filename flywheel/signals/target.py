"""Which passage a signal is about, whether a person named it by its own id or by its document's external id."""

from dataclasses import dataclass

from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.store import answers, sources


@dataclass(frozen=True, slots=True)
class Target:
    """A passage by either name; both are None when a signal is about the whole answer."""

    passage_id: str | None = None
    external_id: str | None = None


def resolve(core: Core, answer_id: str, target: Target) -> Target:
    """Return the target with both names.

    A passage of the answer's own shortlist is preferred, the best ranked one first; otherwise the document's first
    passage stands for it.

    Raises:
        InvalidInput: neither the shortlist nor the index knows it.
    """
    if target.passage_id is None and target.external_id is None:
        return target
    with core.database.read() as db:
        for listed in answers.shortlist_of(db, answer_id):
            if listed.passage_id == target.passage_id or (
                target.passage_id is None and listed.external_id == target.external_id
            ):
                return Target(listed.passage_id, listed.external_id)
        known = sources.passage_of(db, passage_id=target.passage_id, external_id=target.external_id)
    if known is None:
        raise InvalidInput(f"no passage is known as {target.passage_id or target.external_id}")
    return Target(*known)
