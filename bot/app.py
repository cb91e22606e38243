"""The Slack face as one value: `build` puts it together, `Bot.start` and `Bot.stop` run it.

    doors        Slack → `Ingress.receive` (HTTP) or `SocketDoor` (Socket Mode): verify, parse, persist, acknowledge
    front app    Bolt listeners that must answer within three seconds: they open modals and refuse bad forms
    back app     Bolt listeners for everything else, run by `Worker` from committed jobs
    outbox       outgoing messages are jobs too, posted once

How composition uses it:

    client = slack_client(bot_token, api_url)            # bot.outbox; its own timeouts, no hidden retries
    identity = whoami(client)                            # bot.identity; ConfigurationError for a bad token
    directory = SlackDirectory(client, now, database)    # bot.directory; goes into Core
    bot = build(core, client, FaceSettings(identity, signing_secret=…, app_token=…))
    bot.start()                                          # workers, sweep, and Socket Mode when there is an app token
    status, body = bot.ingress.receive(raw, headers)     # mount at POST /slack/events, in a thread pool
    bot.stop()                                           # finishes what is running

`bot.ingress.receive` returns (status, JSON-able dict or ""); `bot.ready()` says why not, or "".
"""

import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from http.client import HTTPException
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request import BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot import delivering, private
from bot.escalating import come_due
from bot.face import DEFAULT_REACTIONS, Face, no_page, nothing
from bot.failure import Apology
from bot.forgetting import forgetful
from bot.history import STEP_JOB, TOLD_JOB, take_step, tell_read
from bot.identity import Identity
from bot.ingress import SLACK_JOB, Fronts, Ingress, Reply
from bot.inviting import AGAIN_JOB, ASK_JOB, ask_later
from bot.listeners import (
    administration,
    agent,
    alarm,
    auto,
    card,
    citation,
    command,
    correction,
    credit,
    direct_message,
    edit,
    escalation,
    experiment,
    home,
    member,
    mention,
    more,
    reaction,
    reading,
    release,
    report,
    reroute,
    rest,
    review,
    shortcut,
    standing,
    thread,
    threshold,
    trace,
    vote,
)
from bot.naming import Names
from bot.noting import DAY_JOB, DayMaker
from bot.outbox import POST_JOB, Outbox, translate
from bot.reading import catch
from bot.request import WAIT_JOB
from bot.socket import SocketDoor
from bot.spans import traced
from bot.sweep import Sweep
from bot.unopened import tell_unopened
from bot.unresolved import ask_again
from bot.upkeep import Upkeep
from bot.worker import Bell, Duties, Handler, Pace, Worker
from flywheel.answering.ask import Asking
from flywheel.answering.ask import ask as ask_the_core
from flywheel.core import Core
from flywheel.model import Answer
from flywheel.store.jobs import Job

_BACK = (
    reading, administration, escalation, auto, mention, direct_message, edit, thread, release, report, threshold, card,
    experiment, command, vote, reroute, reaction, citation, correction, review, credit, alarm, home, member,
    standing, more, shortcut, agent,
)  # fmt: skip
_FRONT = (administration, citation, correction, review, trace, report, threshold, card, shortcut, escalation)
_MODALS_AT_ONCE = 4
_BUTTON_OPENS = re.compile(
    "^(admin_|report_threads$|threshold_|card_|review_open$|citation_|suggest$|review_edit$|why$|ask_person$|answer_more$"
    "|escalation_reply$)"
)


def _nobody(_person: str) -> None:
    """Tell nobody that somebody's channels changed."""


@dataclass(frozen=True, slots=True)
class FaceSettings:
    """How the face is set up. With an app token it connects by Socket Mode; `ask` and `pace` are there for tests."""

    identity: Identity
    signing_secret: str | None = None
    app_token: str | None = None
    command: str = "/ask"
    reactions: Mapping[str, str] = field(default_factory=lambda: DEFAULT_REACTIONS)
    left_or_joined: Callable[[str], None] = _nobody
    report_channel: str | None = None
    make_report: Callable[[str], None] = nothing
    page_link: Callable[[str], str] = no_page
    health: Callable[[], Mapping[str, str]] = dict
    read_again: Callable[[str], None] = nothing
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    ask: Callable[[Core, Asking], Answer] = ask_the_core
    pace: Pace = field(default_factory=Pace)


class Bot:
    """The running face."""

    def __init__(self, face: Face, bell: Bell, settings: FaceSettings) -> None:
        """Put the parts together; nothing runs yet."""
        core, front, back = face.core, build_front(face), build_back(face)
        outbox = Outbox(face.client, core.database, core.now, face.buckets)
        handlers: dict[str, Handler] = {
            SLACK_JOB: traced(core, partial(forgetful, core, partial(_dispatch_back, back, core.now))),
            POST_JOB: traced(core, partial(delivering.send, face, outbox)),
            ASK_JOB: partial(ask_later, face),
            DAY_JOB: DayMaker(face),
            STEP_JOB: partial(take_step, face),
            TOLD_JOB: partial(tell_read, face),
            AGAIN_JOB: partial(ask_again, face),
            private.OFFER_JOB: partial(private.look, face),
            WAIT_JOB: partial(come_due, face),
        }
        duties = Duties(handlers, Apology(face.identity, core.now, face.report_channel, core.admins))
        self._front = front
        self.name_of = face.name_of
        self._prompt = ThreadPoolExecutor(_MODALS_AT_ONCE, thread_name_prefix="modal")
        self.ingress = Ingress(
            core.database,
            Fronts(partial(_answer_now, front), self._open_modal),
            bell.ring,
            core.now,
            signing_secret=settings.signing_secret,
        )
        self.worker = Worker(core.database, duties, core.now, bell, settings.pace)
        self.upkeep = Upkeep(face)
        self.sweep = Sweep(face.client, core.database, face.identity, core.now, bell.ring)
        self.sweep.found = partial(catch, face)
        self.socket = (
            SocketDoor(settings.app_token, face.client, self.ingress, self.sweep.soon) if settings.app_token else None
        )

    def start(self) -> None:
        """Begin to work, to look for what was missed, and, with an app token, to listen.

        Raises:
            ConfigurationError: the app token is wrong, or Slack cannot be reached.
        """
        self.ingress.arrivals.started()
        if self.socket is not None:
            self.socket.start()
        self.worker.start()
        self.sweep.start()
        self.upkeep.start()

    def stop(self) -> None:
        """Stop listening and finish what is running."""
        if self.socket is not None:
            self.socket.stop()
        self.sweep.stop()
        self.upkeep.stop()
        self._prompt.shutdown()
        self.worker.stop()

    def _open_modal(self, body: Mapping[str, Any]) -> None:
        if _opens_a_modal(body):
            self._prompt.submit(_answer_now, self._front, body)

    def ready(self) -> str:
        """Return why the face is not ready, or an empty string."""
        if self.socket is not None and not self.socket.is_connected:
            return "Socket Mode is not connected"
        return ""


def build(core: Core, client: WebClient, settings: FaceSettings) -> Bot:
    """Put the face together."""
    bell = Bell()
    face = Face(
        core=core,
        client=client,
        identity=settings.identity,
        ask=settings.ask,
        wake=bell.ring,
        left_or_joined=settings.left_or_joined,
        name_of=Names(client, core.now).of,
        command=settings.command,
        reactions=settings.reactions,
        report_channel=settings.report_channel,
        make_report=settings.make_report,
        page_link=settings.page_link,
        health=settings.health,
        read_again=settings.read_again,
        zone=settings.zone,
    )
    return Bot(face, bell, settings)


def build_back(face: Face) -> App:
    """Return the Bolt app that workers run jobs through; its listeners' errors come out of `dispatch`."""
    app = _bolt(face)
    for listener in _BACK:
        listener.register(app, face)
    rest.register(app)

    @app.error
    def hand_on(error: Exception) -> None:
        raise error

    return app


def build_front(face: Face) -> App:
    """Return the Bolt app that answers while Slack waits."""
    app = _bolt(face)
    for listener in _FRONT:
        listener.register_front(app, face)
    rest.register(app)

    @app.error
    def tell(error: Exception, body: dict[str, Any]) -> None:
        tell_unopened(face, error, body)

    return app


def _bolt(face: Face) -> App:
    identity = face.identity
    logger = logging.getLogger("bot.bolt")
    logger.setLevel(logging.ERROR)
    return App(
        client=face.client,
        logger=logger,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        authorize=lambda: AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_user_id=identity.user,
            bot_id=identity.bot,
            bot_token=face.client.token,
        ),
    )


def _answer_now(front: App, body: Mapping[str, Any]) -> Reply:
    answered = front.dispatch(BoltRequest(mode="socket_mode", body=dict(body)))
    return answered.status, answered.body or ""


def _opens_a_modal(body: Mapping[str, Any]) -> bool:
    if body.get("command"):
        return str(body.get("text") or "").strip().lower() == card.REVIEW or administration.opens_a_view(body)
    if body.get("type") == "shortcut":
        return True
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    return isinstance(first, dict) and bool(_BUTTON_OPENS.match(str(first.get("action_id"))))


def _dispatch_back(back: App, now: Callable[[], datetime], job: Job) -> None:
    try:
        back.dispatch(BoltRequest(mode="socket_mode", body=dict(job.body)))
    except (SlackClientError, OSError, HTTPException) as error:
        raise translate(error, now()) from error
