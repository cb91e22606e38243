"""A workplace with twelve weeks of everything: every kind of act, private and deleted questions, corrections decided
in time and later, answers of a language model, greetings, verified answers that expired, sources old and contradicted.

    busy = lived(core, clock, weeks=12)     clock stands at the Sunday of the last week then
    late(core, clock)                       more acts: later ones, and old ones that reach the ledger only now
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from flywheel.core import Core
from flywheel.model import (
    Answer,
    Audience,
    Citation,
    Correction,
    CorrectionState,
    Document,
    Kind,
    Passage,
    Question,
    Routing,
    Signal,
    SignalKind,
    Surface,
    VerifiedAnswer,
)
from flywheel.registry import Record
from flywheel.store import (
    answers,
    audit,
    corrections,
    documents,
    embeddings,
    experiments,
    ledger,
    questions,
    records,
    review_verdicts,
    reviews,
    signals,
    thresholds,
    verified,
)
from flywheel.store.database import Session
from flywheel.store.experiments import Arm, Experiment, State
from flywheel.store.reviews import ReviewItem, ReviewKind
from flywheel.store.thresholds import Bound, Breach, Threshold, ThresholdState
from tests.parts import StoppedClock

FIRST = datetime(2026, 8, 31, tzinfo=UTC)
"""The Monday of 2026-W36; twelve weeks end with 2026-W47."""
ROUTES = ("documents", "code", "tables", "people")
DOCUMENTS = 12
_TOPICS = ("the vpn client", "parental leave", "the coffee machine", "travel expenses", "the build server", "invoices")
_IMPLICIT = (
    SignalKind.COPY,
    SignalKind.SHARE,
    SignalKind.FOLLOW_UP,
    SignalKind.REGENERATE,
    SignalKind.ABANDON,
    SignalKind.ESCALATE,
    SignalKind.QUESTION_EDITED,
    SignalKind.REROUTE,
)


def lived(core: Core, clock: StoppedClock, weeks: int = 12, a_week: int = 40) -> None:
    """Fill the store with so many weeks and leave the clock at the Sunday of the last, at eight in the evening."""
    rng = Random(3)
    with core.database.begin() as db:
        _write_documents(core, db)
        for week in range(weeks):
            for number in range(a_week):
                at = FIRST + timedelta(weeks=week, minutes=10_000 * number / a_week, seconds=rng.randrange(60))
                _live(db, rng, f"{week:02d}-{number:03d}", at, better=week / (4 * weeks))
        _experiment(db, weeks)
        _set_thresholds(db, FIRST + timedelta(weeks=weeks - 2))
        _review(db, FIRST + timedelta(weeks=weeks - 1))
        _record(db, FIRST + timedelta(weeks=weeks - 2))
        verified.put(db, _verified(), core.encoder.name, core.encoder.encode(["coffee"])[0])
        audit.put(db, "flywheel", "expire", "v1", FIRST + timedelta(weeks=weeks - 1, days=1))
    clock.at = FIRST + timedelta(weeks=weeks, hours=-4)


def late(core: Core, clock: StoppedClock) -> None:
    """Let a day pass in which people vote on old answers, decide on old corrections, and old acts arrive."""
    before = clock.at
    clock.advance(timedelta(days=1))
    with core.database.begin() as db:
        for n, name in enumerate(("11-001", "11-002", "10-003", "11-005")):
            down = Signal(f"late-{n}", f"a{name}", SignalKind.THUMBS_DOWN, f"p{n}", clock.at, {})
            signals.put(db, down)
            signals.put(db, replace(down, key=f"lost-{n}", kind=SignalKind.THUMBS_UP, at=before - timedelta(hours=3)))
        for one in corrections.every(db):
            if one.state is CorrectionState.PENDING:
                corrections.decide(db, _decided(one, clock.at))
        audit.put(db, "U9", "kept", "v1", clock.at)
        _live(db, Random(4), "later", before + timedelta(hours=2), better=0.2)


def _write_documents(core: Core, db: Session) -> None:
    made = []
    for number in range(DOCUMENTS):
        owner = f"U{number % 3}" if number % 4 else None
        access = frozenset({"channel:C9"} if number == 5 else {"public"})
        updated = FIRST - timedelta(days=200 * (number % 5))
        document = Document(f"d{number}", "tests", f"doc-{number}.md", f"Guide {number}", Kind.TEXT, f"h{number}",
                            access, f"https://wiki.example/{number}", owner, updated)  # fmt: skip
        made.append((document, [Passage(f"doc-{number}.md:0", document.id, 0, f"Guide {number}.", Kind.TEXT)]))
    documents.put(db, made, version=documents.advance_corpus(db), at=FIRST)
    vectors = core.encoder.encode([f"Guide {number}." for number in range(DOCUMENTS)])
    embeddings.put(db, core.encoder.name, {f"doc-{number}.md:0": row for number, row in enumerate(vectors)})


def _experiment(db: Session, weeks: int) -> None:
    """Let one experiment run over the last five weeks, and another one end last week."""
    at = FIRST + timedelta(weeks=max(weeks - 5, 0))
    variables = (("e1", "question_wording", "feedback_rate"), ("e2", "question_moment", "satisfaction"))
    for name, variable, metric in variables:
        arms = (Arm("as it is", "always", 0.5), Arm("other", "uncertain", 0.5))
        plan = {"information": 400.0, "alpha": 0.05}
        guards = ("satisfaction", "asked_again", "slow")
        made = Experiment(name, variable, "It helps.", metric, 0.1, arms, guards, "U9", at, plan)
        experiments.put(db, made)
        experiments.start(db, name, at)
        for one in ledger.between(db, at, FIRST + timedelta(weeks=weeks)):
            if one.question.surface is not Surface.API:
                person = one.question.person
                experiments.expose(db, made, person, one.answer.id, one.answer.answered_at or at)
    result = {"finding": "winner", "winner": "other", "days": 28.0, "conclusion": "Better."}
    experiments.end(db, "e2", State.FINISHED, FIRST + timedelta(weeks=weeks - 1, days=2), result)


def _set_thresholds(db: Session, at: datetime) -> None:
    for metric, segment, value, state in (
        ("satisfaction", "all", 0.5, ThresholdState.CONFIRMED),
        ("answered_share", "surface:api", 0.9, ThresholdState.CONFIRMED),
        ("latency_p95_ms", "route:code", 900.0, ThresholdState.CONFIRMED),
        ("no_signal_share", "all", 0.6, ThresholdState.RETIRED),
        ("no_signal_share", "route:people", 0.7, ThresholdState.PROPOSED),
    ):
        bound = Bound.AT_MOST if metric in ("latency_p95_ms", "no_signal_share") else Bound.AT_LEAST
        thresholds.put(db, Threshold(metric, segment, bound, value, state, "U9", "Because.", at))
    seen = {"value": 0.7, "low": 0.6, "high": 0.8, "n": 40, "persons": 12, "seen": "70 %"}
    thresholds.begin(db, Breach("b1", 2, "answered_share", "surface:api", at + timedelta(days=9), seen))


def _review(db: Session, at: datetime) -> None:
    rng = Random(5)
    for number in range(14):
        answer = f"a10-{number:03d}"
        kind = ReviewKind.SAMPLE if number % 2 else ReviewKind.DISAGREEMENT
        item = ReviewItem(f"i{number}", kind, answer, at, detail={"answer_id": answer}, wanted=2)
        reviews.put(db, [item])
        for reviewer in ("U8", "U9")[: rng.choice((0, 1, 2, 2, 2))]:
            word = (reviewer, rng.choice(("right", "right", "wrong", "cannot tell")), "")
            review_verdicts.put(db, item, word, at + timedelta(days=1, hours=number))
    reviews.put(db, [ReviewItem("i99", ReviewKind.QUARANTINE, "p7", at, "p7")])


def _record(db: Session, at: datetime) -> None:
    rng = Random(6)
    persons = tuple(number % 9 for number in range(40))
    for number in range(4):
        scores = tuple(rng.random() for _ in persons)
        made = Record(at + timedelta(days=3 * number), "ndcg_at_10", sum(scores) / 40, 40, 0.4, 0.6, dataset="frozen",
                      dataset_hash="f1", change=f"change {number}", scores=scores, persons=persons)  # fmt: skip
        records.put(db, [made, replace(made, metric="recall_at_10", scores=(), persons=(), value=0.3 + number / 10)])


def _live(db: Session, rng: Random, name: str, at: datetime, *, better: float) -> None:
    person = f"p{min(int(rng.expovariate(0.12)), 24)}"
    question = _question(rng, name, person, at)
    questions.put(db, question)
    answer = _answer(rng, question, at + timedelta(seconds=2))
    answers.put(db, answer)
    for signal in _acts(rng, answer, person, better):
        signals.put(db, signal)
    if rng.random() < 0.12 and not answer.abstained:
        _correct(db, rng, answer, question)
    if rng.random() < 0.03:
        questions.mark_deleted(db, question.id, at + timedelta(minutes=5))


def _question(rng: Random, name: str, person: str, at: datetime) -> Question:
    private = rng.random() < 0.15
    surface = rng.choice((Surface.MENTION, Surface.MENTION, Surface.DIRECT, Surface.API))
    ts = None if surface is Surface.API else f"{at.timestamp():.6f}"
    text = f"How do I use {rng.choice(_TOPICS)} number {rng.randrange(9)}?"
    labels = frozenset({"user:p1"} if private else {"public"})
    channel = None if surface is Surface.API else rng.choice(("C1", "C2"))
    return Question(f"q{name}", text, person, surface, at, Audience(labels), text, channel=channel, message_ts=ts)


def _answer(rng: Random, question: Question, at: datetime) -> Answer:
    abstained, modelled = rng.random() < 0.15, rng.random() < 0.4
    route = rng.choice(ROUTES)
    cited = () if abstained else tuple(rng.sample(range(DOCUMENTS), rng.randint(1, 3)))
    usage = {"model": "small", "calls": 1, "unreported": 0, "prompt_tokens": rng.randrange(200, 900),
             "completion_tokens": rng.randrange(20, 200), "cost": rng.random() / 100}  # fmt: skip
    return Answer(
        f"a{question.id[1:]}",
        question.id,
        "Nothing found." if abstained else "Do it like this. [1]",
        abstained,
        rng.random(),
        "courtesy" if rng.random() < 0.04 else "extractive",
        tuple(
            Citation(n, f"doc-{one}.md:0", f"doc-{one}.md", f"Guide {one}") for n, one in enumerate(cited, 1)
        ),
        route={route: 0.7, "documents": 0.3} if route != "documents" else {route: 1.0},
        versions={"router": "index"},
        timings_ms={"retrieve": 40.0, "total": rng.lognormvariate(6, 0.5)} if rng.random() < 0.9 else {"write": 7.5},
        verified_answer_id="v1" if rng.random() < 0.08 else None,
        answered_at=at,
        routing=Routing((route,), sure=True, asked_for="code" if rng.random() < 0.03 else ""),
        usage=usage if modelled else None,
    )  # fmt: skip


class _Acts:
    """What people do about one answer, in order."""

    def __init__(self, rng: Random, answer: Answer) -> None:
        self.rng, self.answer = rng, answer
        self.done: list[Signal] = []

    def __call__(self, kind: SignalKind, person: str, seconds: float, **detail: str) -> None:
        at = (self.answer.answered_at or FIRST) + timedelta(seconds=seconds)
        key = f"{self.answer.id}-{len(self.done)}"
        self.done.append(Signal(key, self.answer.id, kind, person, at, detail))

    def chance(self, share: float) -> bool:
        return self.rng.random() < share


def _acts(rng: Random, answer: Answer, asker: str, better: float) -> Sequence[Signal]:
    act = _Acts(rng, answer)
    for n, person in enumerate([asker, f"p{rng.randrange(25)}", f"p{rng.randrange(25)}"]):
        _vote(act, person, n, better)
    for kind in _IMPLICIT:
        if act.chance(0.04):
            act(kind, asker, rng.randrange(100, 400))
    if act.chance(0.05):
        act(SignalKind.HUMAN_REPLY, rng.choice((asker, "p24")), 500)
    for source in answer.citations:
        _mark(act, asker, source)
    return act.done


def _vote(act: _Acts, person: str, n: int, better: float) -> None:
    rng = act.rng
    if act.chance((0.4, 0.1, 0.05)[n]):
        yes = act.chance(0.6 + better)
        reason = {} if yes or act.chance(0.5) else {"reason": rng.choice(("outdated", "wrong", "not_answered"))}
        act(SignalKind.THUMBS_UP if yes else SignalKind.THUMBS_DOWN, person, rng.choice((3, 30)) + n, **reason)
    if act.chance(0.06):
        vote = rng.choice(("up", "down"))
        act(SignalKind.REACTION_ADDED, person, 60 + n, reaction=f"thumbs{vote}", vote=vote)
        if act.chance(0.4):
            act(SignalKind.REACTION_REMOVED, person, 90 + n, reaction=f"thumbs{vote}")


def _mark(act: _Acts, asker: str, source: Citation) -> None:
    named = {"external_id": source.external_id, "passage_id": source.passage_id}
    if act.chance(0.1):
        kind = act.rng.choice((SignalKind.CITATION_UP, SignalKind.CITATION_DOWN, SignalKind.MORE_LIKE_THIS))
        act(kind, f"p{act.rng.randrange(25)}", 120, **named)
    if act.chance(0.1):
        act(SignalKind.CITATION_CLICK, asker, 130, **named)
        if act.chance(0.3):
            act(SignalKind.THUMBS_DOWN, asker, 140)


def _correct(db: Session, rng: Random, answer: Answer, question: Question) -> None:
    at = (answer.answered_at or FIRST) + timedelta(hours=1)
    source = rng.choice((None, "doc-1.md", answer.citations[0].external_id))
    made = Correction(f"c{answer.id}", answer.id, question.text, "Like that instead.", question.person, at, source)
    corrections.put(db, made)
    detail = {"correction": made.id}
    signals.put(db, Signal(f"edit-{answer.id}", answer.id, SignalKind.EDIT, question.person, at, detail))
    if rng.random() < 0.6:
        corrections.decide(db, _decided(made, at + timedelta(days=rng.randrange(1, 9))))


def _decided(made: Correction, at: datetime) -> Correction:
    state = CorrectionState.APPROVED if int(made.id[-1]) % 3 else CorrectionState.REJECTED
    return replace(made, state=state, reviewer="U9", reviewed_at=at)


def _verified() -> VerifiedAnswer:
    return VerifiedAnswer("v1", "Where is coffee?", "In the kitchen.", frozenset({"public"}), "p2", "U9", FIRST,
                          source="doc-3.md", passage_ids=("doc-3.md:0",))  # fmt: skip
