"""Look at a given answer again because what it cites has changed, and answer its question anew where it fell.

    holds       every sentence that it rested on, or what it says of a source itself, still stands in that source; or
                the question's answer today says the same (the same numbers, names, denials and words)
    fell        neither

The new answer is one more row for the same question, like one that was looked up elsewhere (`again.py`), made for the
people who could read the first one, less what they have lost since. Looking is not asking: no question is stored.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from flywheel.answering import budget, habits, metering
from flywheel.answering.draft import Draft, Watch
from flywheel.answering.keeping import finished
from flywheel.answering.research import Task, research
from flywheel.answering.units import sentences
from flywheel.answering.words import content_words, names, numbers
from flywheel.answering.written import MARK
from flywheel.core import Core
from flywheel.knowledge.access import audience_of, common
from flywheel.model import Answer, Audience, Question
from flywheel.store import answer_checks, answers, passages, questions

_WORD = re.compile(r"[^\W_]+")
_DENIAL = re.compile(r"\b(?:not|no|never|none|nobody|nothing|without|cannot|neither|nor)\b|n['’]t\b", re.IGNORECASE)
_SPELLED: Mapping[str, str] = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
    "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
    "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "hundred": "100", "thousand": "1000",
}  # fmt: skip
"""Numbers that documents write as words; "one" is left out, since it is mostly no number."""
_SAME_MEANING = 0.85
_MISTYPED = 0.8  # similarity of two words with the same first letter of which one is the other, written wrongly


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking at an answer again: `fresh` is None where it holds, else what is true now.

    `was` is a sentence of the old answer that its source does not say any more, empty where its readers may not know.
    `sources` are the titles of those that changed and are still readable; `gone` says that none of the old ones is.
    """

    fresh: Answer | None = None
    was: str = ""
    sources: tuple[str, ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    """What a cited document says today, folded, to those who read the answer; `is_there` where it says anything."""

    title: str
    said: str
    is_there: bool


def look_again(core: Core, answer_id: str, state: str) -> Look | None:
    """Return what came of looking at an answer for a state of its sources; None when it or its question is gone.

    Nothing is posted. The new answer is stored, under an id that is the same for the same state.

    Raises:
        ConfigurationError, ModelUnavailable: as asking does.
    """
    with core.database.read() as db:
        answer = answers.find(db, answer_id)
        question = questions.find(db, answer.question_id) if answer else None
        is_deleted = question is not None and questions.is_deleted(db, question.id)
    if answer is None or question is None or is_deleted:
        return None
    readers = _readers(core, question)
    sources = _sources(core, answer, readers)
    fallen = _fallen(core, answer, sources)
    if not fallen:
        return Look()
    metered = metering.metered(budget.within(core)[0])
    watch = Watch(metered)
    task = Task(question.standalone or question.text, readers, person=question.person)
    draft = research(metered, habits.held_to(core, task, question.channel), watch)
    is_model = core.language_model is not None and draft.written.writer == core.language_model.name
    in_meaning = is_model and _keeps_its_words(core, answer.id, fallen, sources)
    if not draft.abstained and _says_the_same(core, answer, draft, in_meaning=in_meaning):
        return Look()
    fresh = _stored(metered, answer, state, (draft.told("Looked again, because a source has changed."), watch))
    there = {n: one for n, one in sources.items() if one.is_there}
    was = next((claim for n, claim in fallen if n in there), "")
    return Look(fresh, was, tuple(dict.fromkeys(there[n].title for n, _ in fallen if n in there)), not there)


def _readers(core: Core, question: Question) -> Audience:
    """Return what those who read the answer may read today, never more than on the day it was given."""
    now = audience_of(core.directory, question.person, question.channel)
    return common(question.audience, now)


def _sources(core: Core, answer: Answer, readers: Audience) -> Mapping[int, _Source]:
    """Return by number what each source of an answer says today."""
    found = {}
    with core.database.read() as db:
        for one in answer.citations:
            ids = answer_checks.passages_of(db, one.external_id, readers.labels)
            hits = passages.hits(db, ids, readers)
            said = " ".join(_folded(hit.text) for hit in hits)
            found[one.n] = _Source(one.title, f" {said} ", bool(hits))
    return found


def _fallen(core: Core, answer: Answer, sources: Mapping[int, _Source]) -> list[tuple[int, str]]:
    """Return (source number, sentence) for what the answer says and its source does not say any more."""
    with core.database.read() as db:
        rested = answer_checks.said_by(db, answer.id)
    return [
        (n, one) for n, one in _claims(answer.text) if n in sources and not _stands(sources[n], one, rested.get(n, ()))
    ]


def _claims(text: str) -> list[tuple[int, str]]:
    """Return (source number, sentence) for what an answer says; a sentence without a mark rests on the next one."""
    claims: list[tuple[int, str]] = []
    waiting: list[str] = []
    for one in (said for line in text.splitlines() for said in sentences(line)):
        bare = MARK.sub("", one).strip()
        waiting += [bare] if _WORD.search(bare) else []
        marked = [int(n) for n in MARK.findall(one)]
        claims += [(n, said) for n in marked for said in waiting]
        waiting = [] if marked else waiting
    return claims


def _stands(source: _Source, claim: str, rested: Sequence[str]) -> bool:
    if not source.is_there:
        return False
    if rested and all(_is_said(source, one) for one in rested):
        return True
    return _is_said(source, claim)


def _is_said(source: _Source, sentence: str) -> bool:
    return f" {_folded(sentence)} " in source.said


def _keeps_its_words(
    core: Core, answer_id: str, fallen: Sequence[tuple[int, str]], sources: Mapping[int, _Source]
) -> bool:
    """Tell whether the words that what fell had from its sources still stand there: "left" is near to "right"."""
    with core.database.read() as db:
        rested = answer_checks.said_by(db, answer_id)
    for n, claim in fallen:
        had = set(content_words(" ".join(rested.get(n, ()))))
        now = content_words(sources[n].said)
        if not had or not all(_is_among(word, now) for word in content_words(claim) if word in had):
            return False
    return True


def _says_the_same(core: Core, old: Answer, draft: Draft, *, in_meaning: bool) -> bool:
    """Tell whether the answer of today differs from the old one in wording alone.

    `in_meaning` allows other words of the same meaning, as a language model that writes it again uses them.
    """
    before, now = (MARK.sub("", text) for text in (old.text, draft.written.text))
    if _counted(before) != _counted(now) or names(before) != names(now):
        return False
    if len(_DENIAL.findall(before)) != len(_DENIAL.findall(now)):
        return False
    if _has_same_words(content_words(before), content_words(now)):
        return True
    vectors = core.encoder.encode([before, now])
    return in_meaning and float(vectors[0] @ vectors[1]) >= _SAME_MEANING


def _counted(text: str) -> frozenset[str]:
    """Return the numbers in a text, in digits or words; "sixteen weeks" and "twenty weeks" are close in meaning."""
    spelled = (_SPELLED.get(word) for word in _WORD.findall(text.casefold()))
    return numbers(text) | {value for value in spelled if value is not None}


def _has_same_words(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Tell whether two texts have the same words of meaning, up to misspellings."""
    return all(_is_among(word, theirs) for word in mine) and all(_is_among(word, mine) for word in theirs)


def _is_among(word: str, others: Sequence[str]) -> bool:
    """Tell whether a word is among others; "possible" is not "impossible" written wrongly: that would begin alike."""
    same_start = [one for one in others if one[:1] == word[:1]]
    return word in others or any(SequenceMatcher(None, word, one).ratio() >= _MISTYPED for one in same_start)


def _stored(core: Core, old: Answer, state: str, made: tuple[Draft, Watch]) -> Answer:
    draft, watch = made
    name = f"a-{hashlib.sha256(f'{old.id}:living:{state}'.encode()).hexdigest()[:32]}"
    fresh = replace(finished(core, draft, watch), id=name, question_id=old.question_id)
    with core.database.begin() as db:
        answers.put(db, fresh, draft.hits, {one.passage_id for one in fresh.citations})
        kept = answers.find(db, name)
    return kept or fresh


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
