"""Log lines: what they say, and what they never do."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from bot.logs import JsonLines, Lines
from flywheel.errors import NotFound

SECRET = "how much does Mira earn"


@pytest.fixture
def written() -> Iterator[Callable[[logging.Formatter], tuple[logging.Logger, io.StringIO]]]:
    """Return a logger and what it writes, in a format."""
    logger = logging.getLogger("tests.logs")
    logger.propagate = False

    def opened(formatter: logging.Formatter) -> tuple[logging.Logger, io.StringIO]:
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        logger.handlers = [handler]
        return logger, stream

    yield opened
    logger.handlers = []
    logger.propagate = True


Opened = Callable[[logging.Formatter], tuple[logging.Logger, io.StringIO]]


def fail(error: Exception) -> None:
    raise error


def failed(logger: logging.Logger, error: Exception) -> None:
    try:
        fail(error)
    except type(error):
        logger.exception("job %s failed", "j1")


def test_a_json_line_says_when_who_and_what(written: Opened) -> None:
    logger, stream = written(JsonLines(lambda: "00-a-b-01"))
    logger.warning("job %s waits", "j1")

    line = json.loads(stream.getvalue())
    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "warning", "logger": "tests.logs", "message": "job j1 waits", "trace": "00-a-b-01"}


def test_a_line_break_in_a_message_stays_within_its_json_line(written: Opened) -> None:
    logger, stream = written(JsonLines())
    logger.warning("a\nb")

    assert len(stream.getvalue().splitlines()) == 1


@pytest.mark.parametrize("formatter", [JsonLines(), Lines()], ids=["json", "text"])
def test_an_error_of_a_library_is_told_without_its_words(written: Opened, formatter: logging.Formatter) -> None:
    logger, stream = written(formatter)
    failed(logger, ValueError(SECRET))

    assert SECRET not in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "test_logs.py" in stream.getvalue()


@pytest.mark.parametrize("formatter", [JsonLines(), Lines()], ids=["json", "text"])
def test_the_error_behind_an_error_is_told_without_its_words(written: Opened, formatter: logging.Formatter) -> None:
    logger, stream = written(formatter)
    try:
        try:
            fail(KeyError(SECRET))
        except KeyError as behind:
            raise NotFound("there is no turn t1") from behind
    except NotFound:
        logger.exception("it failed")

    assert SECRET not in stream.getvalue()
    assert "KeyError" in stream.getvalue()
    assert "there is no turn t1" in stream.getvalue()
