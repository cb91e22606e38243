"""Refine the passages of documents: fold what says the same twice, and put newer versions of a document first.

    copy       a passage that says what another one says: the same words, or at least `SAME` of their shingles
    shingle    three words in a row (Broder 1997); what the two differ in must hold no number and no name
    version    a document whose title, or path, is another's but for a year, a date or a version ("Expenses 2024")

A question without a time means now. Asked for the past ("in 2023", "previously", "the old policy"), the older version
is what is wanted: the order stays as it was found, and the version of a year that the question names comes first.

A version is never left out, only moved: its place is directly behind the newer one.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice

from flywheel.retrieval.hybrid import Ranked
from flywheel.store.passages import FoundPassage

SAME = 0.9
"""The share of all shingles of two passages that both have, from which on one is a copy of the other."""

HEAD = 20
"""How many passages are compared with each other."""

_SHINGLE = 3
_NEAR_LENGTH = 0.85
_NEAR_COSINE = 0.1  # copies are about as near to the question, whatever their titles
_ROUGHLY = 0.75
_PIECE, _PIECES = 24, 4  # characters
_SHORT = 80  # characters: shorter ones say little without their heading
_APART = timedelta(days=1)
_COMPARABLE = 0.6  # of the older passage's score: below it the newer document speaks of something else there
_ALIKE = 0.5  # of all shingles of two passages

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MARK = re.compile(
    r"(?<![^\W_])(?:(?:19|20)\d\d(?:[-/.]\d\d?){0,2}|fy ?\d\d(?:\d\d)?|q[1-4]|v\d+(?:\.\d+)*|version \d+(?:\.\d+)*"
    r"|rev(?:ision)?\.? ?\d+|(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)(?:[a-z]{3,6})?(?= (?:19|20)\d\d)"
    r"|may(?= (?:19|20)\d\d)|old|new|former|previous|current|latest|archived?|draft|final|rules)(?![^\W_])",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\b(?:v|version |rev(?:ision)?\.? ?)(\d+(?:\.\d+)*)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^)]*\)")
_FILE = re.compile(r"/|\.[A-Za-z]\w{0,4}$")
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d[-/._]\d\d?(?!\d)")
_FISCAL = re.compile(r"\bfy ?(?:20)?(\d\d)\b", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:previously|formerly|originally|historically|back then|in the past|at the time|last year|years? ago"
    r"|used to be|used to have|did (?:\w+ ){1,3}use to|(?:we|they|there|it) used to"
    r"|(?<!how )(?:old|older|former|previous|prior|earlier|outdated|archived|superseded) (?:\w+ )?"
    r"(?:polic(?:y|ies)|rules?|versions?|process|guides?|handbook|contracts?|limits?|rates?|procedures?|prices?"
    r"|set-?ups?|office|address|plan|rota|figures?|budget|agreement|one|ones))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Time:
    """The time that a question asks about: the past, some years and versions, or, with none of them, now."""

    past: bool
    years: frozenset[int]
    versions: frozenset[str]

    @property
    def is_now(self) -> bool:
        """Tell whether the newest is wanted."""
        return not (self.past or self.years or self.versions)


@dataclass(frozen=True, slots=True)
class _Mark:
    """What titles and paths say of a document's version.

    `names` are its title and path without what tells versions apart; `year` is 0 and `number` () where nothing is said,
    and `dated` tells a date that is more exact than a year, as notes of a meeting have it.
    """

    names: frozenset[str]
    year: int
    number: tuple[int, ...]
    dated: bool


def refine(question: str, ranked: Sequence[Ranked], now: datetime) -> list[Ranked]:
    """Return the passages with copies folded and newer versions first; a folded one's detail counts its `copies`.

    Of copies in versions of one document the newest stays, else the best; it takes the best one's place. Only the first
    `HEAD` are looked at, which is more than anybody reads.
    """
    head = _versions_in_order(_folded(ranked[:HEAD]), time_of(question, now))
    return [*head, *ranked[HEAD:]]


def time_of(question: str, now: datetime) -> Time:
    """Return the time a question asks about; this year is no past, and neither is a year to come."""
    years = {int(one) for one in _YEAR.findall(question)} | {2000 + int(one) for one in _FISCAL.findall(question)}
    versions = frozenset(one.lower() for one in _VERSION.findall(question))
    return Time(bool(_PAST.search(question)), frozenset(years - {now.year}), versions)


def _folded(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Fold each copy into the best passage that it is a copy of."""
    leader: dict[int, int] = {}
    for first, second in _near(ranked):
        if second not in leader and first not in leader and _is_copy(ranked[first], ranked[second]):
            leader[second] = first
    if not leader:
        return list(ranked)
    copies: dict[int, list[int]] = defaultdict(list)
    for place, its_leader in leader.items():
        copies[its_leader].append(place)
    return [_one_of(ranked, place, copies[place]) for place in range(len(ranked)) if place not in leader]


def _near(ranked: Sequence[Ranked]) -> list[tuple[int, int]]:
    """Return the pairs that could be copies, by what costs little: length, cosine, and a look into the text."""
    lengths = sorted((len(one.passage.text), place) for place, one in enumerate(ranked))
    cosines = [one.features["dense"] for one in ranked]
    pairs = []
    for at, (length, first) in enumerate(lengths):
        for longer, second in islice(lengths, at + 1, None):
            if length < longer * _NEAR_LENGTH:
                break
            near = abs(cosines[first] - cosines[second]) < _NEAR_COSINE
            if near and _share_a_piece(ranked[first].passage.text, ranked[second].passage.text):
                pairs.append((min(first, second), max(first, second)))
    return sorted(pairs)


def _share_a_piece(mine: str, theirs: str) -> bool:
    """Tell whether one of a few pieces of a text stands in the other; of copies, hardly ever none does."""
    step = max((len(mine) - _PIECE) // _PIECES, 1)
    return any(mine[start : start + _PIECE] in theirs for start in range(0, step * _PIECES, step))


def _is_copy(one: Ranked, other: Ranked) -> bool:
    mine, theirs = one.passage.text, other.passage.text
    if len(mine) < _SHORT and list(one.passage.heading_path) != list(other.passage.heading_path):
        return False
    if mine == theirs:
        return True
    rough, other_rough = frozenset(mine.split()), frozenset(theirs.split())  # a first look, a tenth of the price
    if len(rough & other_rough) < _ROUGHLY * len(rough | other_rough):
        return False
    here, there = _words(mine), _words(theirs)
    apart = here.set ^ there.set
    if len(apart) > (1 - SAME) * len(here.set | there.set) or any(map(_is_telling, apart)):
        return False
    shared = len(here.shingles & there.shingles)
    return shared >= SAME * (len(here.shingles) + len(there.shingles) - shared)


@dataclass(frozen=True, slots=True)
class _Words:
    set: frozenset[str]
    shingles: frozenset[tuple[str, ...]]


@lru_cache(maxsize=512)
def _words(text: str) -> _Words:
    words = _WORD.findall(text)
    lowered = [word.lower() for word in words]
    shingles = zip(*(lowered[start:] for start in range(_SHINGLE)), strict=False)
    return _Words(frozenset(words), frozenset(shingles) or frozenset({tuple(lowered)}))


def _is_telling(word: str) -> bool:
    return word[0].isupper() or any(character.isdigit() for character in word)


def _one_of(ranked: Sequence[Ranked], best: int, copies: Sequence[int]) -> Ranked:
    """Return the one of a passage and its copies that stays, in the best one's place."""
    if not copies:
        return ranked[best]
    kept = ranked[best]
    for place in copies:
        if _are_versions(ranked[place], kept) and _is_newer(ranked[place], kept):
            kept = ranked[place]
    detail = {**(kept.passage.detail or {}), "copies": str(len(copies))}
    return kept._replace(passage=kept.passage._replace(detail=detail), score=ranked[best].score)


def _versions_in_order(ranked: list[Ranked], time: Time) -> list[Ranked]:
    """Put what the question's time asks for before the other versions of the same document."""
    if time.past and not (time.years or time.versions):
        return ranked
    if not any(_may_have_versions(one.passage) for one in ranked):
        return ranked
    places = _with_versions(ranked)
    order = [ranked[place] for place in places]
    for place in range(len(order)):
        while better := _better(order, place, time):
            order.insert(place, order.pop(better))
    changed = list(ranked)
    for place, one in zip(places, order, strict=True):
        changed[place] = one._replace(score=ranked[place].score)
    return changed


def _may_have_versions(passage: FoundPassage) -> bool:
    path = passage.external_id
    return bool(passage.updated_at or _DIGIT.search(passage.title) or (_DIGIT.search(path) and _FILE.search(path)))


def _better(order: Sequence[Ranked], place: int, time: Time) -> int:
    """Return the first later place whose passage goes before the one here, or 0."""
    later = range(place + 1, len(order))
    return next((one for one in later if _goes_first(order[one], order[place], time)), 0)


def _with_versions(ranked: Sequence[Ranked]) -> list[int]:
    """Return the places of passages whose document has another version, or one that may be one, among them."""
    named: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(ranked):
        for name in _mark(one).names:
            named[name].append(place)
    several = [places for places in named.values() if len({_stamp(ranked[place]) for place in places}) > 1]
    return sorted({place for places in several for place in places})


def _stamp(one: Ranked) -> tuple[object, ...]:
    mark = _mark(one)
    return mark.year, mark.number, one.passage.updated_at


def _goes_first(later: Ranked, earlier: Ranked, time: Time) -> bool:
    """Tell whether a passage that was found later is of the version that is asked for, and the earlier one is not."""
    if later.score < _COMPARABLE * earlier.score:
        return False
    if time.is_now:
        return _is_newer(later, earlier) and _are_versions(later, earlier)
    return _is_named(later, time) and not _is_named(earlier, time) and _are_versions(later, earlier)


def _are_versions(one: Ranked, other: Ranked) -> bool:
    mine, theirs = _mark(one), _mark(other)
    if one.passage.document_id == other.passage.document_id or mine.names.isdisjoint(theirs.names):
        return False
    told_apart = (mine.year, mine.number) != (theirs.year, theirs.number) and not (mine.dated or theirs.dated)
    return told_apart or _are_alike(one.passage.text, other.passage.text)


def _are_alike(mine: str, theirs: str) -> bool:
    if not (_share_a_piece(mine, theirs) or _share_a_piece(theirs, mine)):
        return False
    here, there = _words(mine).shingles, _words(theirs).shingles
    return len(here & there) >= _ALIKE * len(here | there)


def _is_named(one: Ranked, time: Time) -> bool:
    mark = _mark(one)
    return mark.year in time.years or ".".join(map(str, mark.number)) in time.versions


def _is_newer(one: Ranked, other: Ranked) -> bool:
    """Tell which of two versions is newer: by what the titles say, else by the dates, at least a day apart."""
    mine, theirs = _mark(one), _mark(other)
    if mine.year and theirs.year and mine.year != theirs.year:
        return mine.year > theirs.year
    if mine.number and theirs.number and mine.number != theirs.number:
        return mine.number > theirs.number
    at, before = one.passage.updated_at, other.passage.updated_at
    return at is not None and before is not None and at >= before + _APART


def _mark(one: Ranked) -> _Mark:
    return _marked(one.passage.title, one.passage.external_id)


@lru_cache(maxsize=4_096)
def _marked(title: str, path: str) -> _Mark:
    said = title if _YEAR.search(title) or _VERSION.search(title) or _FISCAL.search(title) else path
    years = [int(one) for one in _YEAR.findall(said)] or [2000 + int(one) for one in _FISCAL.findall(said)]
    number = _VERSION.search(said)
    names = {_bare(title), _bare(_ASIDE.sub(" ", title)), _bare(path) if _FILE.search(path) else ""}
    return _Mark(
        frozenset(names - {""}),
        max(years, default=0),
        tuple(map(int, number[1].split("."))) if number else (),
        bool(_DAY.search(said)),
    )


def _bare(name: str) -> str:
    """Return a title or path without what tells versions apart, as words in order."""
    return " ".join(_WORD.findall(_MARK.sub(" ", name.replace("_", " ")).lower()))
