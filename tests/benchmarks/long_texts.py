"""How the time per character grows with the length of a message: python -m tests.benchmarks.long_texts

Prints, for everything that reads what people write, the worst of many repeated pieces: the time per character at 20,000
characters over that at 2,000. About 1 is linear; 10 is quadratic, and lets one message hold a worker for long.
"""

import time
from collections.abc import Callable

import click

from bot.blocks.pages import pages
from bot.blocks.table import written
from bot.blocks.text import inert
from bot.summary_order import is_order
from flywheel.answering.courtesy import is_courtesy
from flywheel.knowledge.slack_markup import readable
from flywheel.retrieval.features import Words
from flywheel.routing.chatter import asks_for_more
from flywheel.routing.chatter_forms import forms
from flywheel.routing.chatter_signs import signs

PIECES = (
    *("a", "A", "1", " ", "a ", "1 ", "a.", "1.", "a-", "aA", "a_", "/a", "`", '"', "[", "(", "<", "*", "~", "|", ": "),
    *("; ", "\n", "\n-", "\n|", "\n#", "\t", "?", "? ", "!", "how ", "please ", "@a", "#a", "1,", "10:00 ", ":a:", "’"),
)
READERS: dict[str, Callable[[str], object]] = {
    "exact names of a question": Words.of,
    "orders to sum up": is_order,
    "signs of a question": signs,
    "forms of a message": forms,
    "asking for more": asks_for_more,
    "courtesies": is_courtesy,
    "Slack markup": lambda text: readable(text, lambda person: person),
    "output gate": inert,
    "pages of a long answer": pages,
    "tables of an answer": written,
}
SHORT, LONG = 2_000, 20_000
_LEAST_SECONDS = 0.03
"""Below this a measurement is noise: a piece that takes less at full length counts as linear."""


def growth(reader: Callable[[str], object], piece: str) -> float:
    """Return the time per character of a long text over that of a short one."""
    long = min(_seconds(reader, f"please {(piece * LONG)[:LONG]}!x") for _ in range(3))
    if long < _LEAST_SECONDS:
        return 1.0
    short = min(_seconds(reader, f"please {(piece * SHORT)[:SHORT]}!x") for _ in range(5))
    return long / short * SHORT / LONG


def _seconds(reader: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    reader(text)
    return time.process_time() - began


def main() -> None:
    """Print the worst growth of every reader."""
    for name, reader in READERS.items():
        worst, piece = max((growth(reader, piece), piece) for piece in PIECES)
        click.echo(f"{name:28} {worst:5.1f}  {piece!r}")


if __name__ == "__main__":
    main()
