"""Tell a question that wants an answer from knowledge, put to nobody in particular or to the bot, from people talking.

    open      a message that stands alone in a channel
    thread    a message in a thread in which the bot has answered; "and for contractors?" is a question there

A *head* is a logistic regression on the encoder's vector, the plain `signs` and the `forms` of a message; there is one
for each of the two. Its coefficients come with the package (`chatter.json`, with their content hash) and were fitted by
`tests/benchmarks/chatter.py` on public chat, on questions of public data sets and on lines written for it. Of 172
messages written by hand that it never saw it takes, from .7 on, 98 % of the questions and 9 % of the talk, much of it
written to mislead it (AUC .989). Surprising: another encoder's vectors mean something else, so with another one the
signs and forms decide alone, which is worse.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import ArtefactError
from flywheel.ports import Encoder
from flywheel.routing.chatter_forms import forms
from flywheel.routing.chatter_signs import SIGNS, signs

FILE = Path(__file__).with_name("chatter.json")
OPEN, THREAD = "open", "thread"
DECIMALS = 3
SURELY_TALK = 0.05
"""Below this the looks of a message are enough; of the 50 questions in `tests/support/unheard.py` none is below."""

_PLAIN = "plain_"
_MORE = re.compile(
    r"^\W*(?:(?:ok|okay|thanks|thank you|great|sorry|hm+|and|so|but|please)\W+)*"
    r"(?:(?:can|could|would|will) you (?:please |maybe |also |perhaps )?)"
    r"(?:explain|elaborate|clarify|rephrase|repeat|summari[sz]e|shorten|translate|expand|list|specify|be more"
    r"|go into|say (?:that|it|this)|tell me (?:more|how|what|where|which|who)|show me|give (?:me )?an? example"
    r"|send me (?:the|a) link|check for)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A logistic regression: weights of the vector's components, of the signs and of the forms, and the intercept."""

    vector: NDArray[np.float32]
    signs: NDArray[np.float64]
    forms: NDArray[np.float64]
    intercept: float


@dataclass(frozen=True, slots=True, eq=False)
class Chatter:
    """The classifier: its heads by name, and the encoder whose vectors they understand."""

    encoder: str
    heads: Mapping[str, Head]

    def likely(self, name: str, text: str, vector: NDArray[np.float32] | None) -> float:
        """Return the probability in [0, 1] that a message is a question; without a vector the signs decide."""
        head = self.heads[name if vector is not None else _PLAIN + name]
        odds = head.intercept + float(head.signs @ np.array(signs(text))) + float(head.forms[list(forms(text))].sum())
        if vector is not None:
            odds += float(head.vector @ vector)
        return 1 / (1 + math.exp(-odds))


def likely(encoder: Encoder, text: str, *, in_thread: bool = False) -> float:
    """Return the probability in [0, 1] that a message is a question for the bot.

    What looks like nothing but talk is not encoded: most of what is said in a channel costs next to nothing.

    Raises:
        ArtefactError: the coefficients in the package are not what was shipped.
    """
    model, head = shipped(), THREAD if in_thread else OPEN
    plain = model.likely(head, text, None)
    if plain < SURELY_TALK or encoder.name != model.encoder:
        return plain
    return model.likely(head, text, encoder.encode([text])[0])


def asks_for_more(text: str) -> bool:
    """Tell whether a reply asks whoever has just answered to say more, as in "could you explain the second step?".

    To the classifier this looks like a favour asked of a colleague; after an answer of the bot it is put to the bot.
    """
    return bool(_MORE.match(text))


@cache
def shipped() -> Chatter:
    """Return the classifier that comes with the package.

    Raises:
        ArtefactError: the file is not what was shipped.
    """
    return unpacked(json.loads(FILE.read_text(encoding="utf-8")))


def packed(encoder: str, heads: Mapping[str, Head]) -> dict[str, object]:
    """Return a classifier as plain JSON with its content hash."""
    content: dict[str, object] = {
        "encoder": encoder,
        "signs": list(SIGNS),
        "heads": {
            name: {
                "vector": [round(float(one), DECIMALS) for one in head.vector],
                "signs": [round(float(one), DECIMALS) for one in head.signs],
                "forms": [round(float(one), DECIMALS) for one in head.forms],
                "intercept": round(head.intercept, DECIMALS),
            }
            for name, head in heads.items()
        },
    }
    return {"hash": _hash(content), **content}


def unpacked(stored: Mapping[str, object]) -> Chatter:
    """Return the classifier that `packed` stored.

    Raises:
        ArtefactError: the content is not what the hash names, or it was made for other signs.
    """
    content = {name: value for name, value in stored.items() if name != "hash"}
    if stored.get("hash") != _hash(content):
        raise ArtefactError("the classifier of questions and talk is not what was shipped")
    heads = content["heads"]
    if content["signs"] != list(SIGNS) or not isinstance(heads, Mapping):
        raise ArtefactError("the classifier of questions and talk was made for other signs")
    return Chatter(str(content["encoder"]), {name: _head(head) for name, head in heads.items()})


def _head(stored: Mapping[str, list[float]]) -> Head:
    told, built = np.array(stored["signs"], dtype=np.float64), np.array(stored["forms"], dtype=np.float64)
    return Head(np.array(stored["vector"], dtype=np.float32), told, built, float(str(stored["intercept"])))


def _hash(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
