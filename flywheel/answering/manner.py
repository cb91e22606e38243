"""How the language model is asked: the rules it is given, and the liked answers it is shown. Both are learned.

    learner     artefact                                                        without a release
    prompt      {"prompt": id of prompt.RULES}                                  the plain rules
    examples    {"encoder": name, "examples": [{question, answer,               no examples
                passages, vector}]}

Examples are chosen per question: the nearest of the same type first (how, what, who, yes or no …), the nearest of the
others where there are too few. They show the model how people like to be answered, never what is true: each sentence
it writes must still be supported by a passage. All that an example rests on was public when it was learned; who may
read it is looked up anew, because that changes.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from flywheel.answering.grounded import Assignment
from flywheel.answering.prompt import DEFAULT_RULES, RULES, Example
from flywheel.errors import ArtefactError
from flywheel.model import Audience, Hit
from flywheel.ports import Vectors
from flywheel.store import releases, sources
from flywheel.store.database import Database
from flywheel.store.direct import direct

PROMPT, EXAMPLES = "prompt", "examples"
SHOWN = 3
"""Examples shown with a question (nearest neighbours as in DSPy's KNNFewShot, k = 3)."""
_LOOKED_AT = 12
_HALF = np.dtype("<f2")
_DEFAULT = "default"
_TYPES: tuple[tuple[str, str], ...] = (
    ("how many", r"how (?:many|much|long|often|far|old|big)\b"),
    ("how", r"how\b"),
    ("who", r"(?:who|whom|whose)\b"),
    ("when", r"(?:when|what time|what date)\b"),
    ("where", r"where\b"),
    ("why", r"why\b"),
    ("which", r"which\b"),
    ("what", r"(?:what|what's)\b"),
    ("yes or no", r"(?:is|are|am|was|were|do|does|did|can|could|may|must|should|shall|will|would|has|have|had)\b"),
)


Readable = Callable[[Sequence[Example]], Sequence[Example]]
"""Returns those of some examples that may be shown, in the same order."""


def kind_of(question: str) -> str:
    """Return a question's type by its first words; `other` where they tell none."""
    asked = question.strip().lower()
    return next((name for name, pattern in _TYPES if re.match(pattern, asked)), "other")


@dataclass(frozen=True, slots=True)
class Library:
    """Liked answers with the unit vectors of their questions, shape (n, dimensions), under one encoder."""

    encoder: str
    examples: tuple[Example, ...]
    vectors: Vectors
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, artefact: Mapping[str, object]) -> "Library":
        """Read an artefact.

        Raises:
            ArtefactError: it is not such an artefact.
        """
        encoder, rows = artefact.get("encoder"), artefact.get("examples")
        if not isinstance(encoder, str) or not isinstance(rows, list) or not rows:
            raise ArtefactError("a few-shot library needs an encoder and examples")
        try:
            examples = tuple(Example(row["question"], row["answer"], tuple(row["passages"])) for row in rows)
            vectors = np.stack([np.frombuffer(base64.b64decode(row["vector"]), dtype=_HALF) for row in rows])
        except (TypeError, KeyError, ValueError, binascii.Error) as error:
            raise ArtefactError(f"an example of a few-shot library cannot be read: {error}") from error
        return cls(encoder, examples, vectors.astype(np.float32), tuple(kind_of(one.question) for one in examples))

    def nearest(self, question: str, vector: Vectors, readable: Readable) -> tuple[Example, ...]:
        """Return the examples to show with a question, the nearest last, where the model looks most."""
        kind, cosines = kind_of(question), self.vectors @ vector
        order = sorted(range(len(self.examples)), key=lambda n: (self.kinds[n] != kind, -float(cosines[n]), n))
        shown = readable([self.examples[n] for n in order[:_LOOKED_AT]])[:SHOWN]
        return tuple(reversed(shown))


def packed(encoder: str, examples: Sequence[Example], vectors: Vectors) -> dict[str, object]:
    """Return the artefact of a library; `vectors` has shape (n, dimensions)."""
    rows = [
        {
            "question": one.question,
            "answer": one.answer,
            "passages": list(one.passages),
            "vector": base64.b64encode(vector.astype(_HALF).tobytes()).decode(),
        }
        for one, vector in zip(examples, vectors, strict=True)
    ]
    return {"encoder": encoder, "examples": rows}


@dataclass(frozen=True, slots=True)
class Manner:
    """Rules and examples that serve, and their versions for the log."""

    rules: str = DEFAULT_RULES
    library: Library | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    def assignment(self, question: str, hits: Sequence[Hit], vector: Vectors, readable: Readable = tuple) -> Assignment:
        """Return a question to be answered in this manner; `vector` is its unit vector, shape (dimensions,)."""
        shown = self.library.nearest(question, vector, readable) if self.library is not None else ()
        return Assignment(question, hits, shown, self.rules)


def read(database: Database, encoder: str, person: str | None = None) -> Manner:
    """Return the manner that serves a person's questions; what cannot be used is left out, and the versions say why."""
    with direct(database) as db:
        chosen = {learner: releases.serving_id(db, learner, person) for learner in (PROMPT, EXAMPLES)}
    rules, prompt_version = _loaded(database, PROMPT, chosen[PROMPT])
    library, examples_version = _loaded(database, EXAMPLES, chosen[EXAMPLES])
    if isinstance(library, Library) and library.encoder != encoder:
        library, examples_version = None, f"{_DEFAULT} (the library's vectors are of another encoder)"
    return Manner(
        rules if isinstance(rules, str) else DEFAULT_RULES,
        library if isinstance(library, Library) else None,
        {PROMPT: prompt_version, EXAMPLES: examples_version},
    )


def readable_by(database: Database, audience: Audience) -> Readable:
    """Return what keeps the examples of which an audience may read everything that they rest on, as things stand."""

    def kept(examples: Sequence[Example]) -> list[Example]:
        with database.read() as db:
            labels = sources.labels_of(db, sorted({passage for one in examples for passage in one.passages}))
        allowed = {passage for passage, its in labels.items() if its & audience.labels}
        return [one for one in examples if allowed.issuperset(one.passages)]

    return kept


def rules_of(artefact: Mapping[str, object]) -> str:
    """Return the id of the rules in an artefact.

    Raises:
        ArtefactError: there are no such rules.
    """
    rules = artefact.get("prompt")
    if not isinstance(rules, str) or rules not in RULES:
        raise ArtefactError(f"there are no rules {rules!r}")
    return rules


@lru_cache(maxsize=16)
def _loaded(database: Database, learner: str, release_id: str | None) -> tuple[str | Library | None, str]:
    """Return what a release says and its id, or nothing and why; a release never changes, so either holds for good."""
    if release_id is None:
        return None, _DEFAULT
    try:
        with database.read() as db:
            release = releases.find(db, release_id)
        if release is None:
            return None, f"{_DEFAULT} (release {release_id} is gone)"
        made = rules_of(release.artefact) if learner == PROMPT else Library.of(release.artefact)
    except ArtefactError as error:
        return None, f"{_DEFAULT} ({error})"
    return made, release_id
