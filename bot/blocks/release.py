"""Releases and their buttons: under a report's verdicts, in `/ask models`, and where the watch has acted.

Every row has the block id `release:<id>`, by which it is found again and drawn anew when somebody has acted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.blocks.message import Block, Message, actions, button, context, header, message, section
from bot.blocks.text import inert, person, plain
from flywheel.registry import Outcome, Release

PROMOTE = "release_promote"
HOLD = "release_hold"
ROLL_BACK = "release_roll_back"

_MOST = 15
_ROW = "release:"
_TOLD = "release_told:"
_WORDS: Mapping[str, str] = {"promote": "Promoted", "hold": "Held", "roll back": "Rolled back"}
_BEFORE: Mapping[Outcome, str] = {Outcome.HELD: "It was held. ", Outcome.ROLLED_BACK: "It was rolled back. "}


@dataclass(frozen=True, slots=True)
class Shown:
    """A release, and what was done to it last: `promote`, `hold` or `roll back`, and by whom.

    `found` is what the gate found, in short; without it, its reason is shown.
    """

    release: Release
    act: str = ""
    actor: str = ""
    found: str = ""


def row(shown: Shown) -> list[Block]:
    """Return what was done to a release, if anything, and the buttons for what can be done."""
    buttons = actions(f"{_ROW}{shown.release.id}", _buttons(shown.release))
    if shown.act not in _WORDS:
        return [buttons]
    done = context(f"{_WORDS[shown.act]} by {person(shown.actor)}; now: {state(shown.release)}.")
    return [done | {"block_id": f"{_TOLD}{shown.release.id}"}, buttons]


def redrawn(blocks: Sequence[Block], shown: Mapping[str, Shown]) -> list[Block]:
    """Return a message's blocks with the rows of these releases as they stand now."""
    fresh: list[Block] = []
    for block in blocks:
        name = str(block.get("block_id", ""))
        if name.startswith(_TOLD) and name.removeprefix(_TOLD) in shown:
            continue
        found = shown.get(name.removeprefix(_ROW)) if name.startswith(_ROW) else None
        fresh += [block] if found is None else row(found)
    return fresh


def ids_in(blocks: Sequence[Block]) -> list[str]:
    """Return the releases that a message has rows for."""
    names = [str(block.get("block_id", "")) for block in blocks]
    return [name.removeprefix(_ROW) for name in names if name.startswith(_ROW)]


def models_message(models: Sequence[Shown]) -> Message:
    """Render what serves and what could."""
    if not models:
        return message("Nothing was learned yet", [section("Nothing was learned yet: what is built in serves.")])
    blocks = [block for one in models[:_MOST] for block in (section(_line(one)), *row(one))]
    return message("What serves", [header("What serves"), *blocks])


def watched_message(shown: Shown, reason: str) -> Message:
    """Render what the watch did by itself."""
    learner = inert(shown.release.learner)
    title = f"Flywheel: {learner} {_WORDS.get(shown.act, shown.act).lower()}"
    return message(title, [section(f"*{title}*\n{inert(reason)}"), *row(shown)])


def state(release: Release) -> str:
    """Say whom a release serves."""
    if release.serving and release.share < 1:
        return f"a canary, it serves {release.share * 100:.0f} % of people"
    if release.serving:
        return "serves everybody"
    words = {Outcome.RELEASED: "served before", Outcome.ROLLED_BACK: "rolled back", Outcome.CANARY: "a canary"}
    return words.get(release.outcome, "held")


def told(shown: Shown) -> list[str]:
    """Return the lines of a release's evidence, in short: what the gate found, what the watch saw, what it did."""
    evidence = shown.release.evidence
    seen = [evidence.get(name) for name in ("canary", "watch")]
    watched = [f"{one['fate']}: {one['reason']}" for one in seen if isinstance(one, Mapping)]
    return [line for line in (shown.found or str(evidence.get("reason", "")), *watched) if line]


def _line(shown: Shown) -> str:
    release, lines = shown.release, "\n".join(inert(line) for line in told(shown))
    return f"*{inert(release.learner)}: {state(release)}*\n{lines}\n`{release.id[:12]}`"


def _buttons(release: Release) -> list[Block]:
    name, before = plain(release.learner), "" if release.serving else _BEFORE.get(release.outcome, "")
    promote = button("Promote", PROMOTE, release.id) | _confirm(f"{before}Let {name} serve everybody?", "Promote")
    hold = button("Hold", HOLD, release.id) | _confirm(f"Take {name} out of service for now?", "Hold")
    back = button("Roll back", ROLL_BACK, release.id, style="danger") | _confirm(
        f"Take {name} out of service? It does not come back by itself.", "Roll back"
    )
    if not release.serving:
        return [promote]
    return [promote, hold, back] if release.share < 1 else [back]


def _confirm(question: str, yes: str) -> Block:
    return {
        "confirm": {
            "title": _plain("Are you sure?"),
            "text": _plain(question),
            "confirm": _plain(yes),
            "deny": _plain("Cancel"),
        }
    }


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}
