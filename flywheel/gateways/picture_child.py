"""Read the writing in pictures in a process of its own, with RapidOCR and the models that come in its wheel.

The parent (`picture_reader.py`) sends one line of JSON, `{"length"}`, and then that many bytes; one line of JSON comes
back: `{"lines": […]}` or `{"error", "reason"}`. Memory and processor time are limited, no file can be written and no
connection opened: should RapidOCR miss a model, it fails instead of fetching one. A child that is not asked for a
minute ends, because it holds half a gigabyte.
"""

import io
import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from flywheel.errors import BrokenDocument, DocumentError, HostileDocument
from flywheel.gateways.picture_lines import PieceOfWriting, lines
from flywheel.gateways.picture_reader import CPU_SECONDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MEMORY = 2_000_000_000
"""Bytes of address space; 1.3 GB were seen for a picture of LONGEST_SIDE squared."""

MOST_PIXELS = 50_000_000
"""Pixels that a picture may declare."""

LONGEST_SIDE = 2_000
"""Pixels; a larger picture is made smaller before it is read."""

IDLE_SECONDS = 60

_SURE = 0.6  # of a piece's text, in [0, 1]
_UPRIGHT = 1.5  # times as high as wide: RapidOCR turned it by a right angle, and half of the time upside down
_REFUSED = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"})


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not garble a reply
    sys.excepthook = lambda kind, error, trace: _last_resort(replies, kind, error, trace)
    sys.addaudithook(_refuse_network)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    engine = _engine()
    while line := sys.stdin.buffer.readline():
        signal.alarm(0)
        content = sys.stdin.buffer.read(json.loads(line)["length"])
        _allow_more_time()
        _send(replies, _answer(engine, content))
        signal.alarm(IDLE_SECONDS)


def _refuse_network(event: str, _arguments: object) -> None:
    if event in _REFUSED:
        raise PermissionError("the picture reader opens no connections")


def _allow_more_time() -> None:
    """Move the limit, which counts from the start of the process, past what earlier pictures took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard))


def _engine() -> Any:
    """Return RapidOCR, whose result has other attributes for each combination of steps."""
    # A second to import and 30 MB of models: only this process pays for it.
    from rapidocr import RapidOCR  # noqa: PLC0415

    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params={"Global.log_level": "critical", "Global.use_cls": False, **threads})


def _answer(engine: Any, content: bytes) -> Mapping[str, object]:
    try:
        return {"lines": lines(_pieces(engine, _pixels(content)))}
    except DocumentError as error:
        return {"error": type(error).__name__, "reason": str(error)}
    except MemoryError:
        return {"error": HostileDocument.__name__, "reason": f"needs more than {MEMORY // 1_000_000} MB of memory"}


def _pixels(content: bytes) -> "NDArray[np.uint8]":
    import numpy as np  # noqa: PLC0415  after the limits are set

    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise HostileDocument(f"has {image.width * image.height // 1_000_000} million pixels")
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Image.DecompressionBombError as error:
        raise HostileDocument(str(error)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BrokenDocument("damaged image") from error
    page = Image.new("RGBA", upright.size, "white")
    page.alpha_composite(upright)
    page.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return np.asarray(page.convert("RGB"))[:, :, ::-1]  # blue first, as OpenCV has it


def _pieces(engine: Any, pixels: "NDArray[np.uint8]") -> list[PieceOfWriting]:
    found = engine(pixels, use_det=True, use_cls=False, use_rec=True)  # it remembers what it was told last
    if found.boxes is None or found.txts is None:
        return []
    pieces = []
    for box, *read in zip(found.boxes, found.txts, found.scores, strict=True):
        left, top = (max(int(side), 0) for side in box.min(axis=0))
        right, bottom = (int(side) + 1 for side in box.max(axis=0))
        readings = [(str(read[0]), float(read[1]))]
        if bottom - top >= _UPRIGHT * (right - left):
            readings.append(_turned(engine, pixels[top:bottom, left:right]))
        text, score = max(readings, key=lambda one: one[1])
        if score >= _SURE:
            pieces.append(PieceOfWriting(text, left, top, right, bottom))
    return pieces


def _turned(engine: Any, cut: "NDArray[np.uint8]") -> tuple[str, float]:
    """Read a cut that runs from bottom to top, and return its text and how sure that is, in [0, 1]."""
    import numpy as np  # noqa: PLC0415  after the limits are set

    read = engine(np.ascontiguousarray(np.rot90(cut, -1)), use_det=False, use_cls=False, use_rec=True)
    return (str(read.txts[0]), float(read.scores[0])) if read.txts else ("", 0.0)


def _send(replies: BinaryIO, reply: Mapping[str, object]) -> None:
    replies.write(json.dumps(reply).encode() + b"\n")
    replies.flush()


def _last_resort(
    replies: BinaryIO, kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    """Say what a library raised that nobody expected; then this process ends and the parent starts another."""
    _send(replies, {"error": HostileDocument.__name__, "reason": f"its reader failed: {kind.__name__}: {error}"[:500]})


if __name__ == "__main__":
    main()
