"""App Home and the help message: how to ask, what you asked and suggested, and for administrators how the bot does."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import limits
from bot.blocks.admin import TITLES, Panel
from bot.blocks.admin import opens as opened_by
from bot.blocks.card import AT_HOME, OPEN
from bot.blocks.message import Block, Message, actions, button, context, header, note, section
from bot.blocks.release import Shown, row, state
from bot.blocks.text import inert, link, person
from bot.blocks.threads import PAGE

HIDE = "hide_me"
SHOW = "show_me"
HIDDEN = "I will not name you when somebody asks who knows about something. Documents that you own still show you."
NAMED = "I may name you again when somebody asks who knows about something."

_SHOWN = 10
_FIGURES = 10
_RELEASES = 12
_LINES = 10
_QUESTION = 300
_IN_A_ROW = 3
_UNMARKED = str.maketrans("", "", "*`")
"""What a notification does not show."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the reader: how it stands, in words, and the address of its thread, empty where there is none."""

    text: str
    standing: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion of the reader: to which question, what came of it, by whose decision, and what that did."""

    question: str
    outcome: str
    by: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Mine:
    """What the reader asked and suggested, newest first; `hidden` tells that they do not want to be named."""

    asked: Sequence[Asked] = ()
    suggested: Sequence[Suggested] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """How the bot does, for administrators: the newest report, what happened since, what waits, serves and runs.

    `figures` are (name, value) pairs. `report_id` is empty before the first report.
    """

    report_id: str = ""
    title: str = ""
    verdict: str = ""
    figures: Sequence[tuple[str, str]] = ()
    lately: str = ""
    waiting: int = 0
    serving: Sequence[Shown] = ()
    experiments: Sequence[str] = ()
    health: Sequence[tuple[str, str]] = ()


def home_view(bot_user: str, command: str, mine: Mine, board: Board | None = None) -> Block:
    """Render the Home tab of one person; administrators have a board."""
    blocks = [
        *(_board(board, command) if board else []),
        header("Ask me anything your company has written down"),
        section(
            "I look it up in your documents and answer with sources. When I am wrong, press *No* and suggest a better "
            "answer: once its owner approves, everybody gets it."
        ),
        header("How to ask"),
        section(_how(bot_user, command, is_admin=board is not None)),
        header("Your recent questions"),
        *([section(_asked(one)) for one in mine.asked[:_SHOWN]] or [context("None yet.")]),
        header("What you suggested"),
        *([section(_suggested(one)) for one in mine.suggested[:_SHOWN]] or [context("Nothing yet.")]),
        header("Who knows about…"),
        *_naming(hidden=mine.hidden),
    ]
    return {"type": "home", "blocks": blocks[: limits.VIEW_BLOCKS]}


def help_message(bot_user: str, command: str, *, is_admin: bool = False) -> Message:
    """Say how to ask, and to administrators what else there is."""
    how = "Ask me a question and I will look it up.\n" + _how(bot_user, command, is_admin=is_admin)
    return Message(how.translate(_UNMARKED), (section(how),))


def naming_message(*, hidden: bool) -> Message:
    """Confirm whether a person is named."""
    return note(HIDDEN if hidden else NAMED)


def _board(board: Board, command: str) -> list[Block]:
    opens = [button("Open as a page", PAGE, board.report_id)] if board.report_id else []
    review = button(f"Review ({board.waiting})" if board.waiting else "Review queue", OPEN, AT_HOME)
    fields = [_field(name, value) for name, value in board.figures[:_FIGURES]]
    experiments = "\n".join(f"• {_words(one, 250)}" for one in board.experiments[:_LINES])
    health = "\n".join(f"• {inert(name)}: {_words(state_, 200)}" for name, state_ in board.health)
    return [
        header(board.title or "No report has been made yet"),
        *([section(f"*{inert(board.verdict)}*")] if board.verdict else []),
        *([{"type": "section", "fields": fields}] if fields else []),
        *([context(inert(board.lately))] if board.lately else []),
        actions("board", [*opens, review]),
        *_administration(),
        header("What was learned"),
        *(
            [block for one in board.serving[:_RELEASES] for block in _release(one)]
            or [context("Nothing yet: what is built in serves.")]
        ),
        header("Experiments"),
        section(experiments) if experiments else context(f"None is running; `{command} experiments` lists all."),
        header("Health"),
        section(health) if health else context("Nothing is known."),
        {"type": "divider"},
    ]


def _administration() -> list[Block]:
    """Return the buttons of the administration, three in a row: a phone shows no more."""
    buttons = [button(TITLES[one], opened_by(one), one.value) for one in Panel]
    rows = [buttons[at : at + _IN_A_ROW] for at in range(0, len(buttons), _IN_A_ROW)]
    return [actions(f"administration:{n}", row_) for n, row_ in enumerate(rows)]


def _release(shown: Shown) -> list[Block]:
    said = f"*{inert(shown.release.learner)}*: {state(shown.release)}"
    return [section(said), *row(shown)]


def _words(text: str, longest: int) -> str:
    return limits.clip(inert(text), longest)


def _field(name: str, value: str) -> Block:
    return {"type": "mrkdwn", "text": limits.clip(f"*{inert(name)}*\n{inert(value)}", 2_000), "verbatim": True}


def _asked(one: Asked) -> str:
    opened = f" · {link(one.url, 'Open the thread')}" if one.url else ""
    return f"{_words(one.text, _QUESTION)}\n{inert(one.standing)}{opened}"


def _suggested(one: Suggested) -> str:
    by = f" by {person(one.by)}" if one.by else ""
    effect = f" {inert(one.effect)}" if one.effect else ""
    return f"{_words(one.question, _QUESTION)}\n{inert(one.outcome)}{by}.{effect}"


def _naming(*, hidden: bool) -> list[Block]:
    if hidden:
        return [section(HIDDEN), actions("naming", [button("Name me again", SHOW, SHOW)])]
    said = (
        "When somebody asks who knows about something, I may name you: as the owner or an author of documents that "
        "they may read, for answers of yours that were approved, or for what your profile says."
    )
    return [section(said), actions("naming", [button("Don't name me", HIDE, HIDE)])]


def _how(bot_user: str, command: str, *, is_admin: bool) -> str:
    asking = (
        f"• In a channel: {person(bot_user)} how do I get on the VPN?\n"
        "• In a direct message to me: just ask.\n"
        f"• `{command} how do I get on the VPN?`: only you see the answer, and you can share it.\n"
        "• On somebody's message: choose “Answer this question” in its menu.\n"
        "• With a file or a screenshot: attach it to your question.\n"
        "• To catch up: “summarise this thread”, or “what did I miss in” and the name of a channel.\n"
        f"• `{command} hide me` and `{command} show me`: whether I may name you when somebody asks who knows something."
    )
    administering = (
        f"\n*For administrators*\n• `{command} report now`: this week so far, for you alone.\n"
        f"• `{command} review`: answers and votes that a person should look at, one at a time.\n"
        f"• `{command} models`, `{command} experiments`, `{command} thresholds`: what was learned, what is being "
        "tried out, and what sets off an alarm.\n"
        "• `/flywheel`: how I work here: channels, sources, the weekly report, budgets, and who decided what."
    )
    return asking + administering if is_admin else asking
