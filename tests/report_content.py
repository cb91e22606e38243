"""Contents of reports, written by hand: a full week as reports are made now, and one from before there were sections.

Questions and titles are hostile on purpose: whatever shows a report must show them as words.
"""

from typing import Any

HOSTILE = "<script>alert(1)</script> & <!channel> [x](http://evil.example)"
PUBLIC_ANSWER, PRIVATE_ANSWER, API_ANSWER = "a-public", "a-private", "a-api"


def weekly(**changed: Any) -> dict[str, Any]:
    """Return a full report of 2026-W47 in which `a-public` stands in C1, `a-private` in C3 and `a-api` nowhere."""
    return {
        "schema": 2,
        "kind": "weekly",
        "channel": "C1",
        "title": "Flywheel in week 2026-W47",
        "period": "2026-W47",
        "from": "2026-11-16T00:00:00+00:00",
        "to": "2026-11-23T00:00:00+00:00",
        "made_at": "2026-11-18T09:30:00+00:00",
        "verdict": "Getting better: 82 % of votes say yes, 6 points more than in the four weeks before (1 to 11).",
        "figures": _figures(),
        "verdicts": [
            {"learner": "fusion", "outcome": "released", "short": "Better: 0.71 against 0.68.", "evidence": "Long."}
        ],
        "untried": "",
        "notes": ["10 questions had a trusted judgement."],
        "numbers": _numbers(),
        "unanswered": [],
        "days": [{"first": "2026-11-16", "satisfied": 3, "unsatisfied": 1, "silent": 2, "abstained": 1}],
        "learners": {},
        "chart_alt": "Answers from 2026-11-16.",
        "todo": _todo(),
        "sections": _sections(),
        "sources": _sources(),
        "charts": _charts(),
        "threads": {
            PUBLIC_ANSWER: {"channel": "C1", "ts": "1700000000.000100", "question": HOSTILE},
            PRIVATE_ANSWER: {"channel": "C3", "ts": "1700000000.000200", "question": None},
            API_ANSWER: {"channel": None, "ts": None, "question": None},
        },
        **changed,
    }


def older() -> dict[str, Any]:
    """Return a report as it was stored before there were sections, threads and charts."""
    kept = ("title", "period", "from", "to", "made_at", "verdicts", "untried", "notes", "numbers", "days", "learners")
    full = weekly()
    figures = [{"name": one["name"], "value": one["value"], "note": one["note"]} for one in full["figures"]]
    return {name: full[name] for name in kept} | {"figures": figures, "unanswered": [], "chart_alt": "Answers."}


def _figures() -> list[dict[str, Any]]:
    every = [PUBLIC_ANSWER, PRIVATE_ANSWER, API_ANSWER]
    return [
        {"key": "questions", "name": "Questions", "value": "61", "note": "61 answers", "answers": every},
        {
            "key": "satisfied",
            "name": "Satisfied",
            "value": "82 %",
            "note": "50 of 61 votes; 95 % interval 71 to 90 %",
            "answers": [PUBLIC_ANSWER, PRIVATE_ANSWER],
        },
        {"key": "cost", "name": "Cost", "value": "no data", "note": "no model is configured", "answers": []},
    ]


def _numbers() -> dict[str, Any]:
    satisfied = {"value": 50 / 61, "count": 50, "total": 61, "low": 0.71, "high": 0.9}
    before = {"value": 0.76, "count": 38, "total": 50, "low": 0.63, "high": 0.86}
    steps = [
        {"period": "2026-W46", "from": "2026-11-09T00:00:00+00:00", **before},
        {"period": "2026-W47", "from": "2026-11-16T00:00:00+00:00", **satisfied},
    ]
    routes = [{"route": "documents", "answers": [PUBLIC_ANSWER], **satisfied}]
    return {"questions": 61, "satisfied": satisfied, "trend": steps, "routes": routes}


def _todo() -> list[dict[str, Any]]:
    return [
        {
            "title": "Write down how parking works",
            "why": "9 questions found nothing; 7 of them were marked as not helpful.",
            "lever": "inventory",
            "answers": [PUBLIC_ANSWER, PRIVATE_ANSWER],
            "owner": "U3",
        },
        {"title": HOSTILE, "why": "4 questions.", "lever": "router", "answers": [API_ANSWER], "owner": None},
    ]


def _sections() -> list[dict[str, Any]]:
    return [
        {
            "key": "experiments",
            "title": "Experiments",
            "lines": [{"text": "wording: 120 of 400 exposures so far.", "answers": []}],
            "numbers": {"exposures": 120},
        },
        {
            "key": "topics",
            "title": "What people ask about",
            "lines": [
                {"text": "Parking: 9 questions, 2 of 9 satisfied.", "answers": [PUBLIC_ANSWER]},
                {"text": HOSTILE, "answers": []},
            ],
            "numbers": {},
        },
        {
            "key": "matrix",
            "title": "What to fix first",
            "lines": [{"text": "Parking: asked 9 times, 78 % not satisfied.", "answers": [PUBLIC_ANSWER]}],
            "numbers": {
                "points": [
                    {"label": "Parking", "volume": 9, "dissatisfaction": 0.78, "lever": "inventory", "answers": []}
                ]
            },
        },
    ]


def _sources() -> dict[str, Any]:
    page = {"external_id": "vpn.md", "url": "https://wiki.example/vpn", "updated_at": "2024-01-02T00:00:00+00:00"}
    return {
        "stale": [{"title": "VPN handbook", "owner": "U3", "answers": [PUBLIC_ANSWER], **page}],
        "contradicted": [{"title": HOSTILE, "owner": None, "answers": [], **page, "url": "javascript:alert(1)"}],
    }


def _charts() -> list[dict[str, Any]]:
    axis = {"categories": ["W46", "W47"], "y_label": "Satisfied, %"}
    data = [{"label": "W46", "value": 76}, {"label": "W47", "value": 82}]
    line = {"type": "line", "axis_config": axis, "series": [{"name": "Satisfied", "data": data}]}
    return [
        {
            "key": "trend",
            "title": "Satisfied by week",
            "alt": "Satisfied rose from 76 % in W46 to 82 % in W47.",
            "slack": {"type": "data_visualization", "title": "Satisfied by week", "chart": line},
        },
        {"key": "matrix", "title": "What to fix", "alt": "Parking is asked most and liked least.", "slack": None},
    ]
