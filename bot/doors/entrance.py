"""What every door shares: the bearer token, the core, strings that a database can hold, and how errors read."""

import hmac
import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, BaseModel, BeforeValidator, StringConstraints

from flywheel.core import Core
from flywheel.errors import (
    ArtefactError,
    FlywheelError,
    IndexUnavailable,
    InvalidInput,
    MembersUnknown,
    ModelUnavailable,
    NotAllowed,
    NotFound,
)

_STATUS: dict[type[FlywheelError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    InvalidInput: 422,
    ArtefactError: 409,
    IndexUnavailable: 503,
    MembersUnknown: 503,
    ModelUnavailable: 503,
}
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?", re.IGNORECASE)
LARGEST_BODY = 1_000_000
"""Bytes of a request body; Slack's own deliveries stay far below."""


class Problem(BaseModel):
    """What went wrong, and what to change."""

    detail: str


PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": text}
    for status, text in {
        400: "The body is not what the door takes.",
        401: "The bearer token is missing or wrong.",
        404: "There is no such thing, or it is not yours.",
        409: "It does not fit what is there.",
        413: "The body is too large.",
        422: "Something in the request must be changed.",
        503: "A part that the answer needs is not available.",
    }.items()
}


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain the NUL character")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must be valid Unicode, without lone surrogates")
    return text


def _on_the_calendar(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("must have a time zone, such as 2026-11-16T00:00:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must lie in the years 1 to 9999 in UTC") from error


def _is_written_out(said: object) -> object:
    """Take a year for its beginning, and refuse other bare numbers: they would be read as seconds since 1970."""
    if isinstance(said, str) and said.strip().isdigit() and len(said.strip()) == len("2026"):
        return f"{said.strip()}-01-01T00:00:00Z"
    if isinstance(said, str) and _NUMBER.fullmatch(said.strip()):
        raise ValueError("must be a moment such as 2026-11-16T00:00:00Z, or a year such as 2026")
    return said


Moment = Annotated[datetime, BeforeValidator(_is_written_out), AfterValidator(_on_the_calendar)]
Storable = Annotated[str, AfterValidator(_storable)]
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8_000), AfterValidator(_storable)
]
Identifier = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_storable)
]
Name = Annotated[str, StringConstraints(max_length=80), AfterValidator(_storable)]

_bearer = HTTPBearer(auto_error=False, description="The token in FLYWHEEL_API_TOKEN, or in the data folder.")


def core_of(request: Request) -> Core:
    """Return the core that this application serves."""
    core = request.app.state.core
    assert isinstance(core, Core)
    return core


def require_token(
    request: Request, presented: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> None:
    """Let the holder of the token in.

    Raises:
        HTTPException: 401 when the token is missing or wrong.
    """
    if not is_token(request, presented.credentials if presented else ""):
        raise HTTPException(
            401, "send the API token as 'Authorization: Bearer …'", headers={"WWW-Authenticate": "Bearer"}
        )


def is_token(request: Request, given: str) -> bool:
    """Tell whether this is the token, in the same time whatever is wrong with it."""
    expected: str = request.app.state.api_token  # Starlette reads headers as Latin-1
    return bool(expected) and hmac.compare_digest(given.encode("latin-1", "replace"), expected.encode())


CoreOf = Annotated[Core, Depends(core_of)]


def translate_errors(app: FastAPI) -> None:
    """Make every error of ours, and every malformed request, a status and a sentence."""
    app.add_exception_handler(FlywheelError, _answer_own)
    app.add_exception_handler(RequestValidationError, _answer_invalid)


def _answer_own(_request: Request, error: Exception) -> JSONResponse:
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    return JSONResponse({"detail": str(error)}, status)


def _answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    sentences = [_sentence(one) for one in error.errors()]
    return JSONResponse({"detail": "; ".join(sentences)}, 422)


def _sentence(problem: dict[str, object]) -> str:
    place = problem.get("loc", ())
    assert isinstance(place, tuple)
    where = ".".join(str(part) for part in place[1:])  # the first part says body, query, path or header
    message = str(problem.get("msg", "is not valid")).removeprefix("Value error, ").encode("utf-8", "replace").decode()
    return f"{where.encode('utf-8', 'replace').decode()}: {message}" if where else message
