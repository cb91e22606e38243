"""Every message builder, fed with everything that wants to become live."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.blocks.abstain import abstain_message
from bot.blocks.answer import Amendment, Standing, answer_message
from bot.blocks.asking import Invitation, later_message
from bot.blocks.card import Card, Cited, Sitting, card_view, guidelines_view
from bot.blocks.correction import approved, corrected, correction_view, rejected
from bot.blocks.experiment import Shown as Tried
from bot.blocks.experiment import experiments_message
from bot.blocks.expiry import expiry_message
from bot.blocks.home import Asked, Board, Mine, Suggested, home_view
from bot.blocks.message import Block, Message, header, message
from bot.blocks.passage import Source, passage_view
from bot.blocks.picture import Shown, without_pictures
from bot.blocks.report import details_message, report_message
from bot.blocks.review import edit_view, review_message
from bot.blocks.suspicion import Suspected, suspicion_message
from bot.blocks.text import code, inert, link, person, plain
from bot.blocks.threads import threads_view
from bot.blocks.threshold import (
    Alarm,
    Row,
    alarm_message,
    confirm_view,
    proposals_message,
    reject_view,
    thresholds_message,
)
from bot.blocks.trace import Found, Trace, trace_view
from bot.counted import Counted, Thread
from flywheel.model import (
    Answer,
    Audience,
    Citation,
    Correction,
    CorrectionState,
    Question,
    Retriever,
    Routing,
    Surface,
    VerifiedAnswer,
)
from tests.integration.security.liveness import hidden_in, live_in_markup, live_parts
from tests.integration.security.payloads import payloads

MOMENT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
OURS = re.compile(r"<@(?:U1|UBOT)>|<(?i:https?)://[!-;=?-{}~]+\|Open(?: the (?:source|thread))?>")
"""What the renderer may make of these builders' ids and of a source's address."""

Builder = Callable[[str], Any]
STATES = ("draft", "running", "finished")
CODE = "```sql\n{0}\n```\n\n{0}\n\n`{0}`"
CELLS = "For {0}, the {0} is {0} [1].\n• Row 2: {0} = {0}, {0} = 7\n• Row 3: {0}"
PEOPLE = "One person to ask about {0}:\n• U7 — owns “{0}” [1]; works as {0}"


def answer(text: str, *, abstained: bool = False) -> Answer:
    cited = () if abstained else (Citation(1, "p1", text, text, text),)
    route = {text: 1.0}
    return Answer("a1", "q1", text, abstained, 0.9, "extractive", cited, route=route)


def correction(text: str, state: CorrectionState = CorrectionState.PENDING) -> Correction:
    return Correction("c1", "a1", text, text, text, MOMENT, source=text, state=state, reviewer=text)


def question(text: str) -> Question:
    return Question("q1", text, "U1", Surface.DIRECT, MOMENT, Audience.everyone())


def pictured(text: str) -> Message:
    shown = Standing(pictures=(Shown("F1", text), Shown("", text)), places={1: text}, credit=text, names={text: text})
    return answer_message(replace(answer(text), verified_answer_id="v1"), shown)


def looked(text: str, asked_for: str) -> Message:
    routing = Routing((text, "code"), sure=True, threshold=0.5, asked_for=asked_for, line=0.5)
    return answer_message(replace(answer("x"), routing=routing), Standing())


def traced(text: str) -> Any:
    routing = Routing((text,), sure=True, threshold=0.5, asked_for=text, withheld=3, line=0.5)
    told = (text, f"The table “{text}” says otherwise: {text}.", f"Looked in {text}, because U1 asked for it.")
    given = replace(answer(text), trace=told, routing=routing, versions={text: text}, timings_ms={text: 1.0})
    found = tuple(Found(text, retriever, 0.5, 1) for retriever in Retriever)
    return [trace_view(Trace(given, text, f"{text}?", found, hidden)) for hidden in (0, 1)]


def expired(text: str) -> list[Message]:
    made = VerifiedAnswer("v1", text, text, frozenset({text}), text, text, MOMENT, source=text)
    return [expiry_message(made, decided) for decided in ("", "kept", "dropped")]


def report(text: str) -> Message:
    return report_message(
        {
            "title": text,
            "figures": [{"name": text, "value": text, "note": text}],
            "verdicts": [{"learner": text, "outcome": text, "evidence": text}],
            "notes": [text],
            "chart": "F1",
            "chart_alt": text,
        }
    )


def whole_report(text: str) -> list[Message]:
    counted = {"text": text, "answers": ["a1"]}
    source = {"title": text, "url": "https://wiki.example/a", "owner": text, "updated_at": text}
    sections = [{"key": key, "title": text, "lines": [counted]} for key in ("experiments", "topics")]
    content = {
        "title": text,
        "verdict": text,
        "figures": [{"key": "satisfied", "name": text, "value": text, "note": text, "answers": ["a1"]}],
        "todo": [{"title": text, "why": text, "lever": text, "owner": text, "answers": ["a1"]}],
        "sections": sections,
        "sources": {"stale": [source], "contradicted": [source]},
        "charts": [{"key": "trend", "title": text, "alt": text, "slack": None}],
    }
    details = details_message(content)
    assert details is not None
    return [report_message(content, report_id="r1", pictures={"trend": "F1"}), details]


def number(text: str) -> Block:
    threads = [Thread("a1", "C1", "1.0", text), Thread("a2")]
    return threads_view(Counted("satisfied", text, ("a1", "a2")), threads, 1, "https://acme.slack.com/")


def mine(text: str) -> Mine:
    return Mine([Asked(text, text, "https://acme.slack.com/archives/C1/p1")] * 3, [Suggested(text, text, text, text)])


def board(text: str) -> Board:
    return Board("r1", text, text, [(text, text)], text, 3, (), [text], [(text, text)])


def card(text: str) -> Any:
    shown = Card("i1", text, text, (("right", text),), text, text, text, text, text, (Cited(text, text),) * 4)
    return [card_view(shown, Sitting("i1", 1), 3, text), guidelines_view("Guidelines", text, [text])]


def threshold(text: str) -> Any:
    waiting = Row(1, text, text, text, text, "0.5", "")
    decided = [replace(waiting, state=one, person=text, reason=text) for one in ("confirmed", "rejected", "retired")]
    alarms = [
        Alarm(text, text, text, text),
        Alarm(text, text, text, over=text),
        Alarm(text, text, text, is_retired=True),
    ]
    told = [
        proposals_message([waiting, *decided], 1),
        thresholds_message(decided, [waiting]),
        *map(alarm_message, alarms),
    ]
    return [*told, confirm_view(waiting), reject_view(waiting)]


BUILDERS: Mapping[str, Builder] = {
    "answer": lambda text: answer_message(answer(text), Standing(yes=1, only_you=True)),
    "amended answer": lambda text: answer_message(answer("x"), Standing(amendment=Amendment(text, text, text))),
    "no answer": lambda text: abstain_message(answer(f"Ask U7. {text}", abstained=True), Standing(names={"U7": text})),
    "suggestion form": lambda text: correction_view("a1", text),
    "correction told": lambda text: corrected("U1", text),
    "decision told": lambda text: [approved(text), rejected(text)],
    "home": lambda text: home_view("UBOT", "/ask", mine(text), board(text)),
    "source": lambda text: passage_view(Source(text, text, (text, text), url=text, owner=text), MOMENT),
    "review": lambda text: review_message(correction(text), text),
    "decided review": lambda text: review_message(correction(text, CorrectionState.APPROVED), text),
    "edit form": lambda text: edit_view(correction(text)),
    "report": report,
    "whole report": whole_report,
    "threads": number,
    "review card": card,
    "thresholds": threshold,
    "experiments": lambda text: experiments_message([Tried("e1", one, text, text, "B") for one in STATES], text),
    "suspicion": lambda text: suspicion_message([Suspected(text, (text,))]),
    "question asked later": lambda text: later_message(Invitation(text), "a1", (1, 0)),
    "code": lambda text: answer_message(answer(CODE.format(text)), Standing()),
    "computed answer": lambda text: answer_message(answer(CELLS.format(text)), Standing()),
    "people": lambda text: answer_message(answer(PEOPLE.format(text)), Standing(names={"U7": text})),
    "pictures": pictured,
    "pictures that Slack refuses": lambda text: without_pictures(pictured(text)),
    "where it was looked": lambda text: looked(text, ""),
    "where it was looked by hand": lambda text: looked(text, text),
    "trace": traced,
    "expiry": expired,
    "hidden at home": lambda text: home_view("UBOT", "/ask", Mine([Asked(text, text)], hidden=True)),
    "any message": lambda text: message(text, [header(text)]),
}  # fmt: skip


def shape(made: Any) -> Any:
    """Return a message as it goes over the wire."""
    if isinstance(made, Message):
        return {"text": made.text, "blocks": list(made.blocks)}
    return [shape(one) for one in made] if isinstance(made, list) else made


@pytest.mark.parametrize("name", BUILDERS)
def test_nothing_in_a_message_is_live_but_what_the_renderer_made(name: str) -> None:
    live = {text[:80]: found for text in payloads() if (found := live_parts(shape(BUILDERS[name](text)), OURS))}

    assert live == {}


@pytest.mark.parametrize("name", BUILDERS)
def test_two_payloads_make_nothing_live_together(name: str) -> None:
    texts = payloads()
    pairs = [f"{one} {other}" for one, other in zip(texts, texts[37:], strict=False)]
    live = {text[:80]: found for text in pairs if (found := live_parts(shape(BUILDERS[name](text)), OURS))}

    assert live == {}


def test_no_piece_of_text_is_live_by_itself() -> None:
    nothing = re.compile("(?!)")
    live = {text[:80]: found for text in payloads() if (found := live_in_markup(inert(text), nothing))}

    assert live == {}


def test_labels_and_code_hide_nothing() -> None:
    hidden = {text[:80]: found for text in payloads() if (found := hidden_in(plain(text) + code(text)))}

    assert hidden == {}


def test_a_label_never_becomes_a_second_link() -> None:
    made = [link("https://wiki.example/a", text) for text in payloads()]

    assert [one for one in made if one.count("<") != 1 or one.count("|") != 1] == []


def test_no_payload_passes_for_a_person() -> None:
    assert [text for text in payloads() if "<" in person(text)] == []


@pytest.mark.parametrize(
    "text", ["<https://a.b|c>", "<!here>", "@here", "https://x", "a evil.com b", "[x](y)", "a\u202eb", "1.2.3.4"]
)
def test_the_judge_sees_what_is_live(text: str) -> None:
    assert live_in_markup(text, OURS)


def test_the_judge_sees_addresses_in_fields() -> None:
    assert live_parts({"type": "image", "image_url": "https://evil.com/p.png", "alt_text": "x"}, OURS)
