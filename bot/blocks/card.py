"""One thing to review, in a modal: what is asked, all that is needed to judge it, verdicts, skip, undo, guidelines.

The ids of the inputs hold the item's id: Slack keeps what was entered in a view that is replaced where ids stay the
same, and the next item would start with this one's verdict (docs.slack.dev, modals, "Updating a view").
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.blocks import limits
from bot.blocks.message import Block, actions, button, context, modal, section, text_input
from bot.blocks.prose import prose
from bot.blocks.text import inert, link, person, plain

OPEN = "review_open"
"""The button that opens the queue, wherever it stands; its value says where."""
AT_HOME = "home"
WAITING = "One moment: I am looking for what a person should judge first."
SKIP, UNDO, GUIDE = "card_skip", "card_undo", "card_guidelines"
FORM = "card_form"
CHOICE = "choice"
_MOST_SOURCES = 3
_EXCERPT = 900
_MOST_SKIPPED = 30
_OPTION = 75


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a modal remembers: the item shown, how many were judged since it was opened, and which were skipped.

    `is_at_home` tells that it was opened on the Home tab, whose count of what waits changes with each verdict.
    """

    item: str = ""
    done: int = 0
    skipped: tuple[str, ...] = ()
    is_at_home: bool = False

    def written(self) -> str:
        """Return it as a view carries it."""
        return json.dumps([self.item, self.done, AT_HOME * self.is_at_home, *self.skipped[-_MOST_SKIPPED:]])

    @classmethod
    def read(cls, written: str) -> "Sitting":
        """Return what a view carried; a new sitting for anything else."""
        try:
            item, done, place, *skipped = json.loads(written)
            return cls(str(item), int(done), tuple(str(one) for one in skipped), is_at_home=place == AT_HOME)
        except (ValueError, TypeError):
            return cls()


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of the answer."""

    title: str
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One item as its reviewer sees it; what does not apply is empty. `verdicts` are (word, label) pairs."""

    item: str
    title: str
    asks: str
    verdicts: tuple[tuple[str, str], ...]
    doubt: str
    question: str = ""
    answer: str = ""
    suggested: str = ""
    person: str = ""
    sources: tuple[Cited, ...] = ()


def card_view(card: Card, sitting: Sitting, waiting: int, notice: str = "") -> Block:
    """Render a card; `waiting` counts what the reviewer could judge now, this card included."""
    blocks = [
        *_noticed(notice),
        context(f"*{sitting.done + 1} of {sitting.done + waiting}* · {inert(card.title)}"),
        *([section(f"*Question*\n{_bold(card.question, 600)}")] if card.question else []),
        *(_titled("Answered", card.answer, 8)),
        *(_titled("Suggested in its place", card.suggested, 6)),
        *(block for n, source in enumerate(card.sources[:_MOST_SOURCES], 1) for block in _source(n, source)),
        *_left_out(len(card.sources) - _MOST_SOURCES),
        section(f"{person(card.person)}: {inert(card.doubt)}" if card.person else inert(card.doubt)),
        _choices(card),
        text_input(_block("reason", card.item), "Why? (others may read it)", optional=True),
        _buttons(card.item, is_first=sitting.done == 0),
    ]
    about = replace(sitting, item=card.item).written()
    return modal("Review", blocks, callback_id=FORM, about=about, submit="Save, next one")


def done_view(sitting: Sitting, notice: str = "") -> Block:
    """Render the end of the queue."""
    judged = "one item" if sitting.done == 1 else f"{sitting.done} items"
    told = f" You judged {judged}. What you decided counts from the next turn on." if sitting.done else ""
    said = f"Nothing waits for you.{told}"
    back = [actions("card", [button("Undo last", UNDO, "-")])] if sitting.done else []
    return modal("Review", [*_noticed(notice), section(said), *back], callback_id=FORM, about=sitting.written())


def waiting_view() -> Block:
    """Render what stands in the modal until the first card is found."""
    return modal("Review", [section(WAITING)], callback_id=FORM, about="-")


def refused_view() -> Block:
    """Render what somebody sees who does not review."""
    said = "Reviewing is for administrators, and for people whose votes the others have borne out."
    return modal("Review", [section(said)], callback_id=FORM, about="-")


def guidelines_view(title: str, asks: str, advice: Sequence[str]) -> Block:
    """Render how to judge a kind of item."""
    blocks = [section(f"*{inert(title)}*\n{inert(asks)}"), section("\n".join(f"• {inert(one)}" for one in advice))]
    return modal("Guidelines", blocks, callback_id="guidelines", about="-")


def verdict_block(item: str) -> str:
    """Return the id of the input that holds an item's verdict."""
    return _block("verdict", item)


def reason_block(item: str) -> str:
    """Return the id of the input that holds the reason."""
    return _block("reason", item)


def _block(name: str, item: str) -> str:
    return f"{name}:{item}"


def _noticed(notice: str) -> list[Block]:
    return [context(inert(notice))] if notice else []


def _titled(title: str, text: str, most: int) -> list[Block]:
    return [context(title), *prose(limits.clip(text, 3_000 * most), most)] if text else []


def _source(number: int, source: Cited) -> list[Block]:
    title = link(source.url or "", source.title)
    return [section(f"*Source {number}: {title.replace('*', '∗')}*\n{limits.clip(inert(source.text), _EXCERPT)}")]


def _left_out(count: int) -> list[Block]:
    return [context(f"{count} more sources are cited.")] if count > 0 else []


def _choices(card: Card) -> Block:
    options = [
        {"text": {"type": "plain_text", "text": limits.clip(plain(label), _OPTION), "emoji": False}, "value": word}
        for word, label in card.verdicts
    ]
    return {
        "type": "input",
        "block_id": verdict_block(card.item),
        "label": {"type": "plain_text", "text": limits.clip(plain(card.asks), 150), "emoji": False},
        "element": {"type": "radio_buttons", "action_id": CHOICE, "options": options},
    }


def _buttons(item: str, *, is_first: bool) -> Block:
    back = [] if is_first else [button("Undo last", UNDO, item)]
    return actions("card", [button("Skip", SKIP, item), *back, button("Guidelines", GUIDE, item)])


def _bold(text: str, longest: int) -> str:
    return limits.clip(inert(text), longest).replace("*", "∗")
