"""Say a question in other words where a data set has no second wording of it: another opening, words left out.

It is what people do in a hurry, and no more: nobody's synonyms are known. Pure: the generator is given.
"""

from random import Random

_OPENINGS = ("", "", "hi, ", "quick question: ", "does anybody know: ", "help please, ", "sorry to ask again, ")
_DROPPED = 0.2
_FEWEST = 3


def in_other_words(text: str, rng: Random) -> str:
    """Return a question with some words left out and another opening; at least three of its words stay."""
    words = text.split()
    kept = [word for word in words if rng.random() >= _DROPPED]
    while len(kept) < min(_FEWEST, len(words)):
        kept = [word for word in words if rng.random() >= _DROPPED]
    return rng.choice(_OPENINGS) + " ".join(kept)
