"""What people get from a report when they ask: a report made now, the threads behind a number, a link to its page.

A report is made in a process of its own, because what it needs (clusters, charts) has no place beside serving. What was
ordered stands in a mark until the report is on its way, so an order that was cut short can be seen.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from slack_sdk import WebClient

from bot import outbox, passes, scheduling
from bot.blocks.message import Block, Message, note
from bot.blocks.threads import LISTED, gone_view, page_message, threads_view
from bot.counted import Thread, find, permalink, threads
from bot.face import Face
from bot.outbox import Outgoing
from bot.pages.frame import ROOT
from bot.reported import rendered
from flywheel.core import Core
from flywheel.errors import NotFound
from flywheel.knowledge.access import audience_of
from flywheel.measurement.edition import Edition
from flywheel.measurement.report import report as make_report
from flywheel.model import Audience
from flywheel.store import answers, marks, questions, reports
from flywheel.store.database import Session

_GONE = "This report is no longer there."
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]+")
_NOT_THERE = (
    "The page quotes questions that only people in the report channel may read. Join that channel to open it, or have "
    "a report made for you alone: `/ask report now`."
)
_NO_ADDRESS = "This server has no pages of reports."


def order(face: Face, key: str, person: str, response_url: str | None) -> None:
    """Have this week's report made for an administrator; without a response URL it comes in a direct message.

    It quotes what everybody in the report channel may read where they are in that channel, else what everybody may.
    """
    channel = scheduling.channel(face.core.database, face.report_channel)
    is_member = channel is not None and channel in face.core.directory.channels_of(person)
    ordered = {"person": person, "response_url": response_url, "channel": channel if is_member else None}
    with face.core.database.begin() as db:
        marks.put(db, _mark(key), json.dumps(ordered))
    face.make_report(key)


def fill(core: Core, client: WebClient, key: str, edition: Edition, name_of: Callable[[str], str] = str) -> None:
    """Make an ordered report and send it to the one who ordered it.

    Raises:
        NotFound: there is no such order.
    """
    with core.database.read() as db:
        ordered = marks.find(db, _mark(key))
    if ordered is None:
        raise NotFound(f"no report was ordered as {key}")
    wanted: Mapping[str, str | None] = json.loads(ordered)
    made = make_report(core, wanted["channel"], edition)
    message = rendered(core, client, made, name_of)
    url, who = wanted["response_url"], wanted["person"]
    outgoing = Outgoing(f"report-now:{key}", message, response_url=url, person=None if url else who, asker=who)
    with core.database.begin() as db:
        outbox.put(db, outgoing, core.now())
        marks.remove(db, [_mark(key)])


def threads_of(face: Face, report_id: str, key: str, person: str) -> Block:
    """Return the list of a number's threads for one person: those in channels that they are in.

    A question is shown in its words where this person may read its reply, whoever else may read the report.
    """
    with face.core.database.read() as db:
        report = reports.find(db, report_id)
    number = find(report.content, key) if report is not None else None
    if report is None or number is None:
        return gone_view()
    mine, audience = face.core.directory.channels_of(person), audience_of(face.core.directory, person, None)
    every = threads(report.content, number.answers)
    readable = [one for one in every if one.ts is None or one.channel in mine]
    told = [one for one in readable if permalink(face.identity.url, one)][:LISTED]
    with face.core.database.read() as db:
        worded = {one.answer: _with_words(db, one, audience) for one in told}
    shown = [worded.get(one.answer, one) for one in readable]
    return threads_view(number, shown, len(every) - len(shown), face.identity.url)


def _with_words(db: Session, thread: Thread, reader: Audience) -> Thread:
    answer = answers.find(db, thread.answer)
    question = questions.find(db, answer.question_id) if answer else None
    if question is None or questions.is_deleted(db, question.id) or not question.audience.labels <= reader.labels:
        return replace(thread, question=None)
    return replace(thread, question=question.text)


def page_of(face: Face, report_id: str, person: str) -> Message:
    """Return the message with the link to a report's page, for an administrator who may read what it quotes.

    The page shows the newest report on the same time, and leads to all others: they quote what everybody in the report
    channel may read.
    """
    with face.core.database.read() as db:
        report = reports.find(db, report_id)
        newest = reports.of_period(db, report.period) if report else None
    if report is None or newest is None:
        return note(_GONE)
    named = (scheduling.channel(face.core.database, face.report_channel), newest.content.get("channel"))
    quoted = {one for one in named if one and _CHANNEL_ID.fullmatch(one)}  # one told by name has nothing of its own
    if not quoted <= face.core.directory.channels_of(person):
        return note(_NOT_THERE)
    address = face.page_link(f"{ROOT}/{report.period}")
    return page_message(address, int(passes.LINK_FOR.total_seconds() // 60)) if address else note(_NO_ADDRESS)


def _mark(key: str) -> str:
    return f"report-now:{key}"
