"""The catalogue: every metric that the log may hold, once, with its unit, which way is better, and what it says.

A *family* is a name with an ending that is not fixed: `heldout_…`, `judged_…`, `learning_seconds_…`. A record of
anything else is refused (`records.keep`), so that nobody has to guess what a column of numbers once meant. A metric
whose meaning changes gets a new name.
"""

from dataclasses import dataclass
from enum import StrEnum

from flywheel.errors import InvalidInput


class Unit(StrEnum):
    """What a value counts."""

    SHARE = "share in [0, 1]"
    SCORE = "score in [0, 1]"
    COSINE = "cosine in [-1, 1]"
    DIFFERENCE = "difference in [-1, 1]"
    CORRELATION = "correlation in [-1, 1]"
    PROBABILITY = "probability in [0, 1]"
    COUNT = "count"
    PER_THOUSAND = "per 1,000 answers"
    MILLISECONDS = "milliseconds"
    SECONDS = "seconds"
    DAYS = "days"
    TOKENS = "tokens per answer"
    MONEY = "US dollars per answer"


class Better(StrEnum):
    """Which way a metric is better; neither where more is just more."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric. One that is `segmented` is also recorded for segments such as `route:code` where these are enough."""

    name: str
    unit: Unit
    better: Better
    meaning: str
    segmented: bool = False


_UP, _DOWN, _NEITHER = Better.HIGHER, Better.LOWER, Better.NEITHER
_RETRIEVAL = (
    *(
        Metric(
            f"recall_at_{k}",
            Unit.SHARE,
            _UP,
            f"Of the passages a question wants, the share among the first {k} found, averaged over questions.",
            segmented=k in {5, 40},
        )
        for k in (1, 5, 10, 40)
    ),
    *(
        Metric(
            f"precision_at_{k}",
            Unit.SHARE,
            _UP,
            f"Of the first {k} passages found, the share that the question wants; nobody's opinion counts as unwanted.",
        )
        for k in (1, 5, 10)
    ),
    Metric(
        "ndcg_at_10", Unit.SCORE, _UP, "How near the first ten are to the best order of what is wanted.", segmented=True
    ),
    Metric("mrr_at_10", Unit.SCORE, _UP, "One over the rank of the first wanted passage among ten; 0 without one."),
    Metric(
        "shortlist_recall_at_40",
        Unit.SHARE,
        _UP,
        "Of all passages that people wanted, the share in the shortlists stored when they asked.",
    ),
)
_ROUTING = (
    Metric(
        "route_accuracy", Unit.SHARE, _UP, "Questions whose likeliest retriever is the one that has what they want."
    ),
    Metric(
        "route_coverage", Unit.SHARE, _NEITHER, "Questions of which the router was sure, so that others were left out."
    ),
    Metric(
        "route_precision",
        Unit.SHARE,
        _UP,
        "Of the questions sent to a retriever, those that belong there.",
        segmented=True,
    ),
    Metric(
        "route_recall",
        Unit.SHARE,
        _UP,
        "Of the questions that belong to a retriever, those sent there.",
        segmented=True,
    ),
    Metric(
        "route_reached",
        Unit.SHARE,
        _UP,
        "P(route): the retriever that has what is wanted was searched.",
        segmented=True,
    ),
    Metric(
        "found_given_route",
        Unit.SHARE,
        _UP,
        "P(found | route): of those, something wanted is among ten.",
        segmented=True,
    ),
    Metric(
        "route_and_found",
        Unit.SHARE,
        _UP,
        "P(route) × P(found | route): the right one searched, and found.",
        segmented=True,
    ),
)
_ANSWERS = (
    Metric("answered_share", Unit.SHARE, _NEITHER, "Questions that got an answer.", segmented=True),
    Metric("abstained_share", Unit.SHARE, _NEITHER, "Questions to which the bot said that it does not know."),
    Metric("citation_precision", Unit.SHARE, _UP, "Of the cited passages that people judged, those judged good."),
    Metric("citation_recall", Unit.SHARE, _UP, "Of the passages that people wanted for an answer, those it cited."),
    Metric(
        "context_precision", Unit.SCORE, _UP, "How early what people wanted stands among the ten that a writer reads."
    ),
    Metric(
        "faithfulness_lexical",
        Unit.SHARE,
        _UP,
        "Characters in sentences whose sources have their numbers and a third of their words; 1 for quotes. No judge.",
    ),
    Metric("answer_relevance_cosine", Unit.COSINE, _UP, "How near question and answer are to the encoder. No judge."),
)
_PEOPLE = (
    Metric("satisfaction", Unit.SHARE, _UP, "Votes that say yes, one vote per person and answer.", segmented=True),
    Metric("no_signal_share", Unit.SHARE, _DOWN, "Answers that nobody did anything with.", segmented=True),
    Metric("people_satisfied", Unit.SHARE, _UP, "Answers most of whose votes say yes."),
    Metric("people_probably", Unit.SHARE, _UP, "Answers without a vote that people used: copied, shared, read on."),
    Metric("people_unsatisfied", Unit.SHARE, _DOWN, "Answers voted down, or left for another try without a vote."),
    Metric("people_answered", Unit.SHARE, _DOWN, "Answers without a vote after which a person answered instead."),
    Metric("people_silent", Unit.SHARE, _DOWN, "Answers about which nobody said or did anything that tells."),
    Metric("feedback_per_1000", Unit.PER_THOUSAND, _UP, "Votes, words on sources, corrections per 1,000 in Slack."),
    Metric("questions", Unit.COUNT, _NEITHER, "Questions asked."),
    Metric("corrections_suggested", Unit.COUNT, _NEITHER, "Corrections that people suggested."),
    Metric("corrections_approved", Unit.COUNT, _NEITHER, "Of those, the approved ones."),
    Metric("satisfaction_weighted", Unit.SHARE, _UP, "Satisfied, weighted back to who asks (weighting.py)."),
    Metric("satisfaction_low_bound", Unit.SHARE, _NEITHER, "Satisfied if everybody without a vote were not."),
    Metric("satisfaction_high_bound", Unit.SHARE, _NEITHER, "Satisfied if everybody without a vote were."),
    Metric("votes_share_of_five", Unit.SHARE, _NEITHER, "The share of votes that the five busiest voters cast."),
    Metric("vote_behaviour_correlation", Unit.CORRELATION, _UP, "How far votes agree with what people do (phi)."),
)
_TIME_AND_COST = (
    Metric("latency_p50_ms", Unit.MILLISECONDS, _DOWN, "Half of the answers took at most so long."),
    Metric("latency_p95_ms", Unit.MILLISECONDS, _DOWN, "19 of 20 answers took at most so long.", segmented=True),
    Metric(
        "stage_p50_ms", Unit.MILLISECONDS, _DOWN, "The same for one stage of an answer (the segment).", segmented=True
    ),
    Metric(
        "stage_p95_ms", Unit.MILLISECONDS, _DOWN, "The same for one stage of an answer (the segment).", segmented=True
    ),
    Metric("tokens_per_answer", Unit.TOKENS, _DOWN, "What a language model read and wrote, on average."),
    Metric("cost_per_answer", Unit.MONEY, _DOWN, "What that cost, on average; none where no price is known."),
)
_FRESHNESS = (
    Metric("index_age_days", Unit.DAYS, _DOWN, "How long ago a document was last brought in or up to date."),
    Metric("documents_since_build", Unit.COUNT, _NEITHER, "Documents brought in since the index was last built whole."),
    Metric(
        "cited_older_than_a_year", Unit.SHARE, _DOWN, "Of the cited passages with a date, those a year old or more."
    ),
    Metric("refused_documents", Unit.COUNT, _DOWN, "Documents that could not be read when they were last tried."),
)
_GATE = (Metric("gate_p", Unit.PROBABILITY, _NEITHER, "What the gate tried: a challenger's p.", segmented=True),)
_SIDES = {
    "_champion": (Unit.SCORE, _UP, "what serves"),
    "_challenger": (Unit.SCORE, _UP, "the challenger"),
    "_difference": (Unit.DIFFERENCE, _UP, "how much the challenger is better"),
}
JUDGED = "judged_"
"""How the names of metrics begin that a language model gives as judge."""
_HELDOUT, _SECONDS = "heldout_", "learning_seconds_"


def catalogue() -> tuple[Metric, ...]:
    """Return every metric with a fixed name."""
    return (*_RETRIEVAL, *_ROUTING, *_ANSWERS, *_PEOPLE, *_TIME_AND_COST, *_FRESHNESS, *_GATE)


def metric(name: str) -> Metric:
    """Return what a name means.

    Raises:
        InvalidInput: the catalogue has no such metric.
    """
    found = next((one for one in catalogue() if one.name == name), None) or _of_family(name)
    if found is None:
        raise InvalidInput(f"there is no metric {name!r}; flywheel records --catalogue and GET /v1/metrics list them")
    return found


def _of_family(name: str) -> Metric | None:
    if name.startswith(_HELDOUT):
        for ending, (unit, better, whose) in _SIDES.items():
            if name.endswith(ending) and len(name) > len(_HELDOUT) + len(ending):
                what = name.removeprefix(_HELDOUT).removesuffix(ending)
                meaning = f"{what} on questions that a turn held out: {whose}."
                return Metric(name, unit, better, meaning, segmented=True)
    if name.startswith(_SECONDS) and name != _SECONDS:
        did = name.removeprefix(_SECONDS)
        return Metric(name, Unit.SECONDS, _NEITHER, f"How long a learner took to {did}.", segmented=True)
    if name.startswith(JUDGED) and name != JUDGED:
        aspect = name.removeprefix(JUDGED).replace("_", " ")
        return Metric(name, Unit.SCORE, _UP, f"A language model's mark for {aspect}.", segmented=True)
    return None
