"""Index a folder with a slow encoder, so that a test can kill it: `python -m … URL FOLDER`; a line for each batch."""

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from flywheel.knowledge.ingest import ingest
from flywheel.ports import Vectors
from tests.integration.knowledge.conftest import HashingEncoder, make_core


class SlowEncoder(HashingEncoder):
    """Take 20 ms for a batch."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.02)
        return super().encode(texts)


class Printed:
    """A progress that a parent process can follow: a line for each batch that was encoded and then stored."""

    def __init__(self) -> None:
        self._encoded = False

    def expect(self, documents: int) -> None:
        """Do nothing."""

    def advance(self, documents: int, passages: int) -> None:
        self._encoded = self._encoded or passages > 0
        if self._encoded and documents:
            self._encoded = False
            sys.stdout.write(f"{documents}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    slow = replace(make_core(sys.argv[1]), encoder=SlowEncoder())
    ingest(slow, [Path(sys.argv[2])], None, Printed())
