"""Answer a question that came with files: what they say is context of this one question, and is not indexed.

    about the file   "what does this contract say about notice?": the file is read first, then the company's documents
    with the file    a screenshot and "what does this error mean?": the documents are searched with the words in it,
                     then the file itself

What a file says is data like a document's: it is quoted, or fenced for a language model, and never followed. A passage
of a file has an id that begins with `file:`; no other question finds it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flywheel.answering import extractive, grounded, summary
from flywheel.answering.decide import Decision, Thresholds, Verdict, confidence, signals
from flywheel.answering.draft import Draft, Watch
from flywheel.answering.evidence import gather
from flywheel.answering.research import Task, research, research_surest
from flywheel.answering.words import content_words
from flywheel.answering.written import Written
from flywheel.core import Core
from flywheel.errors import ModelUnavailable
from flywheel.model import Hit, Kind, Retriever

PREFIX = "file:"
"""How the ids of a file's passages begin."""

_ABOUT = re.compile(
    r"\b(?:(?:this|the|that|my|attached|these|enclosed) (?:attached )?"
    r"(?:file|document|doc|pdf|paper|report|contract|sheet|spreadsheet|slides?|deck|presentation|letter|invoice|policy|page|notes?|table|attachment|text)s?|attach(?:ed|ment)"
    r"|(?:this|that|my|attached|these|enclosed) (?:lease|agreement|offer|quote|bill|receipt|form|manual)s?"
    r"|(?:does|do|did|would) (?:this|that|it|they|these) (?:say|state|mention|require|allow)"
    r"|in here|it says?)\b",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"error|fail|denied|refused|exception|warn|invalid|expired|cannot|can't|unable|not found|\d{3,}", re.I
)
_SEARCHED = 40  # words of a file that are searched with the question
_LINES = 3
_FROM_FILE = 0.5  # of the usual line: somebody has brought the file, so it is likely to be what they mean


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that was read: its name, where it opens, and what it says in pieces. `is_picture` of an image file."""

    id: str
    name: str
    url: str | None
    texts: tuple[str, ...]
    is_picture: bool = False


def is_of_file(passage_id: str) -> bool:
    """Tell whether a passage is of a file that came with a question: no index has it, nothing is learned of it."""
    return passage_id.startswith(PREFIX)


def passages_of(core: Core, question: str, files: Sequence[Attached]) -> tuple[Hit, ...]:
    """Return what files say as hits, the nearest to the question first; scores are cosines in [-1, 1]."""
    texts = [(file, n, text) for file in files for n, text in enumerate(file.texts)]
    if not texts:
        return ()
    vectors = core.encoder.encode([question or "summary", *(text for _, _, text in texts)])
    cosines = vectors[1:] @ vectors[0]
    ranked = sorted(zip(texts, cosines, strict=True), key=lambda pair: -float(pair[1]))
    return tuple(
        Hit(
            f"{PREFIX}{file.id}:{n}"[:64],
            f"{PREFIX}{file.id}",
            file.name,
            file.name,
            text,
            Retriever.DOCUMENTS,
            float(cosine),
            Kind.TEXT,
            url=file.url,
            features={"dense": float(cosine), "dense_rank": float(rank), "bm25_rank": float(rank)},
        )
        for rank, ((file, n, text), cosine) in enumerate(ranked, 1)
    )


def research_with(core: Core, task: Task, files: Sequence[Attached], watch: Watch) -> Draft:
    """Return the draft of an answer to a question with files; one that found nothing when neither helps."""
    hits = passages_of(core, task.question, files)
    if not hits:
        return research(core, task, watch)
    if summary.is_wanted(task.question):
        return _summed_up(core, task, files, watch)
    if not all(file.is_picture for file in files):
        share = _FROM_FILE if _ABOUT.search(task.question) else 1.0
        return _from_file(core, task, hits, watch, share) or research(core, task, watch)
    wordings = [replace(task, question=one) for one in _questions(task.question, hits)]
    found = research_surest(core, wordings, watch)
    found = replace(found, standalone=task.question, vector=None)  # the file's words are nobody's question
    if not found.abstained:
        return found.told("Searched with the words of the attached file.")
    return _from_file(core, task, hits, watch, _FROM_FILE) or found


def _summed_up(core: Core, task: Task, files: Sequence[Attached], watch: Watch) -> Draft:
    """Return a summary of the files, in the order of what they say."""
    order = {f"{PREFIX}{file.id}:{n}"[:64]: (at, n) for at, file in enumerate(files) for n in range(len(file.texts))}
    items = sorted(passages_of(core, task.question, files), key=lambda hit: order[hit.passage_id])
    with watch.stage("write"):
        written = summary.summarise(core, items)
    why = "The attached file was summed up."
    found = replace(written, text=written.text or "There is too little in the file to sum up.")
    return Draft(found, Decision(Verdict.ANSWER, 1.0, why), (), task.question, trace=(why, *written.notes))


def _questions(question: str, hits: Sequence[Hit]) -> list[str]:
    """Return what is searched: the question with the file's words, and with the lines that tell what is wrong."""
    lines = [" ".join(line.split()) for hit in hits for line in hit.text.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.search(line)][:_LINES]
    every = " ".join(" ".join(lines).split()[:_SEARCHED]).lower()
    asked = [f"{question} {every}", *(f"{question} {line.lower()}" for line in telling)]
    return list(dict.fromkeys(asked)) if content_words(every) else [question]


def _from_file(core: Core, task: Task, hits: Sequence[Hit], watch: Watch, share: float) -> Draft | None:
    """Return an answer from the file alone, or None when it does not say; `share` of the usual line is enough."""
    with watch.stage("decide"):
        evidence = gather(core.encoder, task.question, hits)
        sure = confidence(signals(task.question, hits, evidence), Thresholds())
    if not evidence or sure < Thresholds().answer * share:
        return None
    why = f"The attached file answers with a confidence of {sure * 100:.0f} %."
    with watch.stage("write"):
        try:
            written = _modelled(core, task, hits, watch)
        except ModelUnavailable as error:
            why = why if core.language_model is None else f"{why} The language model was not used: {error}."
            written = extractive.write(task.question, evidence)
    if written is None:
        return None
    return Draft(written, Decision(Verdict.ANSWER, sure, why), (), task.question, trace=(why,))


def _modelled(core: Core, task: Task, hits: Sequence[Hit], watch: Watch) -> Written | None:
    """Return what the language model wrote, None when it finds no answer in the file.

    Raises:
        ModelUnavailable: there is none, or it failed.
    """
    if core.language_model is None:
        raise ModelUnavailable("none is configured")
    assignment = grounded.Assignment(task.question, hits, persona=task.persona)
    return grounded.write(core.language_model, assignment, core.rng, watch.progress.text)
