"""Have the panel judge what was chosen, as far as a turn's budget goes; the next turn goes on from there.

    chosen answers × judges × metrics that apply × RUNS, less what is stored

An answer is judged in one go and then stored, so that nothing is asked twice. A judge that can say nothing at all of an
answer (time-outs, limits) is not asked further in this turn: what is missing waits. Requests that a server refuses for
good while it takes others are kept as not judged, so that no answer stands in the way of the rest for ever.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flywheel.core import Core
from flywheel.errors import ModelRefused, ModelUnavailable
from flywheel.measurement.judge.cases import case, known_answers
from flywheel.measurement.judge.rubrics import Metric, applies
from flywheel.ports import Case, Judge, Opinion
from flywheel.store import judgements
from flywheel.store.judgements import Judgement
from flywheel.store.ledger import Exchange

RUNS = 3
"""How often each metric is judged; the median counts."""
AT_ONCE = 4
MOST_REFUSED = 3
"""Answers in a row that a server may refuse before it counts as refusing everything."""
LONGEST = timedelta(minutes=10)
"""After this no further answer is begun."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Calls and tokens that may be spent; an answer that was begun is finished as far as calls go."""

    calls: int
    tokens: int


@dataclass(slots=True)
class Ran:
    """What came of it: answers and runs judged, runs without a usable reply, calls, failed calls, tokens, answers left.

    `tokens` counts what was reported; `failures` maps a judge's name to why it was not asked further, `refused` to what
    its server refused since it last took anything.
    """

    answers: int = 0
    runs: int = 0
    unread: int = 0
    calls: int = 0
    failed: int = 0
    tokens: int = 0
    waiting: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    refused: dict[str, list[Judgement]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Task:
    """One run of a judge on one metric of a case."""

    judge: Judge
    rubric: str
    case: Case
    metric: str
    run: int

    @property
    def id(self) -> str:
        return judgements.identity(self.case.answer_id, self.judge.name, self.metric, self.rubric, self.run)


def run(core: Core, chosen: Sequence[Exchange], budget: Budget) -> Ran:
    """Judge answers in their order and return what came of it."""
    ran, began = Ran(), core.now()
    with core.database.read() as db:
        known = known_answers(db)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for exchange in chosen:
            tasks = _missing(core, _tasks(core.panel.judges, case(core, exchange, known)))
            wanted = [one for one in tasks if one.judge.name not in ran.failures]
            if ran.calls >= budget.calls or ran.tokens >= budget.tokens or core.now() - began > LONGEST:
                wanted = []
            wanted = wanted[: budget.calls - ran.calls]
            done = list(zip(wanted, pool.map(_asked, wanted), strict=True))
            rows = _heard(ran, done, core.now())
            with core.database.begin() as db:
                judgements.put(db, rows)
            _count(ran, rows)
            ran.calls += len(done)
            ran.failed += sum(isinstance(said, ModelUnavailable) for _, said in done)
            ran.waiting += len(_missing(core, tasks)) > 0
    return ran


def _tasks(judges: Iterable[Judge], made: Case) -> Iterator[_Task]:
    for judge in judges:
        for metric, rubric in judge.rubrics().items():
            if applies(Metric(metric), made):
                yield from (_Task(judge, rubric, made, metric, number) for number in range(RUNS))


def _missing(core: Core, tasks: Iterable[_Task]) -> list[_Task]:
    wanted = {one.id: one for one in tasks}
    with core.database.read() as db:
        stored = judgements.known(db, wanted)
    return [one for name, one in wanted.items() if name not in stored]


def _asked(task: _Task) -> Opinion | ModelUnavailable:
    try:
        return task.judge.judge(task.case, task.metric, task.run)
    except ModelUnavailable as error:
        return error


def _heard(ran: Ran, done: Sequence[tuple[_Task, Opinion | ModelUnavailable]], at: datetime) -> list[Judgement]:
    """Return what is to be stored of what was said of one answer, and note which judges failed."""
    rows: list[Judgement] = []
    for name in dict.fromkeys(task.judge.name for task, _ in done):
        said = [(task, one) for task, one in done if task.judge.name == name]
        given = [_judgement(task, one, at) for task, one in said if isinstance(one, Opinion)]
        refused = [
            _judgement(task, Opinion(None, f"Refused: {one}."), at)
            for task, one in said
            if isinstance(one, ModelRefused)
        ]
        if given:
            rows += [*given, *refused, *ran.refused.pop(name, [])]
        elif len(refused) == len(said):
            held = ran.refused.setdefault(name, [])
            held += refused
            if len({one.answer_id for one in held}) >= MOST_REFUSED:
                ran.failures[name] = str(said[0][1])
        else:
            ran.failures[name] = next(str(one) for _, one in said if not isinstance(one, ModelRefused))
    return rows


def _count(ran: Ran, rows: Sequence[Judgement]) -> None:
    ran.answers += len({one.answer_id for one in rows})
    ran.runs += sum(one.value is not None for one in rows)
    ran.unread += sum(one.value is None for one in rows)
    ran.calls += sum(max(0, _used(one, "calls") - 1) for one in rows)  # what was asked for once more
    ran.tokens += sum(_used(one, "prompt_tokens") + _used(one, "completion_tokens") for one in rows)


def _judgement(task: _Task, said: Opinion, at: datetime) -> Judgement:
    answer_id = task.case.answer_id
    return Judgement(
        answer_id, task.judge.name, task.metric, task.run, said.value, said.reason, task.rubric, at, said.usage
    )


def _used(one: Judgement, what: str) -> int:
    told = one.usage.get(what)
    return told if isinstance(told, int) else 0
