"""Any OpenAI-compatible server as a `LanguageModel`, through the `openai` client.

Nothing is waited for without an end: the first token has ten seconds, a whole reply 22 (short replies, such as a
rewritten question, eight), and both clocks also run while a server drips bytes that make up no token. A rate limit is
waited out once if the server says that it is over within three seconds. Everything else that can go wrong is a
`ModelUnavailable` with a reason in our own words: a server's words may quote the key or the prompt.

The server is asked to count tokens (`stream_options`); one that refuses that option is not asked for it again, and what
it does not tell is not guessed.
"""

import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import httpx2

from flywheel.errors import ModelRefused, ModelUnavailable
from flywheel.ports import ChatMessage, Usage

if TYPE_CHECKING:
    from openai import APIStatusError, OpenAI, Stream
    from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam

CONNECT_SECONDS = 3.0
SHORT_REPLY = 200
"""Tokens; up to here a reply is short."""
LONGEST_RETRY_AFTER = 3.0
LARGEST_REPLY = 2_000_000
"""Bytes on the wire."""
_COUNTING = "stream_options"

_REASONS = {
    400: "refused the request",
    401: "refused the key",
    403: "refused the key's permission",
    404: "does not know the model or the address",
    413: "found the request too long",
    429: "is limiting requests",
}
_LASTING = frozenset({400, 404, 405, 413, 415, 422, 501})
"""What a server answers to a kind of request that it never takes; a key or a limit may change."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for the first token, for a whole short reply, for a whole long one."""

    first_token: float = 10.0
    short_reply: float = 8.0
    long_reply: float = 22.0


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens."""

    prompt: float
    completion: float

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return what a call costs, in US dollars."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1_000_000


@dataclass(slots=True)
class _Deadline:
    """When to stop reading. `first` is set to the end of everything once the first token is there."""

    first: float
    last: float
    seen: int = 0
    started: bool = False

    def check(self, more: int = 0) -> None:
        self.seen += more
        now = time.monotonic()
        if self.seen > LARGEST_REPLY:
            raise ModelUnavailable(f"the model sent more than {LARGEST_REPLY // 1_000_000} MB")
        if now > self.last:
            raise ModelUnavailable("the model took too long to finish")
        if not self.started and now > self.first:
            raise ModelUnavailable("the model took too long to begin")


class OpenAIChat:
    """A `LanguageModel` behind the chat-completions protocol. Safe to share between threads."""

    def __init__(
        self,
        model: str,
        api_key: str = "",
        base_url: str | None = None,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Remember where the model is; no connection is made. Local servers need no key."""
        self.prices: Prices | None = None  # set by `wiring`; without prices a call has tokens and no cost
        self._counts_tokens = True
        self._model = model
        self._api_key = api_key
        self._base_url = base_url
        self._patience = patience or Patience()
        self._sleep = sleep

    @property
    def name(self) -> str:
        """Return the model's name as its server knows it."""
        return self._model

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> Generator[str, None, Usage | None]:
        """Yield the reply in pieces; return the tokens it took, None where the server does not say.

        Raises:
            ModelUnavailable: time-out, refusal, rate limit, broken stream or an empty reply.
            ModelRefused: the server takes no such request.
        """
        # The client takes a second to import, and many installations never need it; the clock starts afterwards.
        import openai  # noqa: F401, PLC0415

        now = time.monotonic()
        whole = self._patience.short_reply if max_tokens <= SHORT_REPLY else self._patience.long_reply
        deadline = _Deadline(first=now + min(self._patience.first_token, whole), last=now + whole)
        with _http_client(deadline, min(self._patience.first_token, whole)) as http:
            return (yield from self._read(http, deadline, messages, max_tokens))

    def _read(
        self, http: httpx2.Client, deadline: _Deadline, messages: Sequence[ChatMessage], max_tokens: int
    ) -> Generator[str, None, Usage | None]:
        import openai  # noqa: PLC0415  loaded by `stream`

        client = openai.OpenAI(
            api_key=self._api_key or "none", base_url=self._base_url, http_client=http, max_retries=0
        )
        try:
            return (yield from self._tokens(client, deadline, messages, max_tokens))
        except openai.APIStatusError as error:
            reason = _REASONS.get(error.status_code, "failed")
            kind = ModelRefused if error.status_code in _LASTING else ModelUnavailable
            raise kind(f"the model's server answered {error.status_code}: it {reason}") from None
        except (openai.APITimeoutError, httpx2.TimeoutException):
            raise ModelUnavailable("the model took too long to answer") from None
        except (openai.APIConnectionError, httpx2.TransportError, httpx2.StreamError) as error:
            raise ModelUnavailable(_broken(error)) from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, LookupError):
            # The client parses events without validating them: junk surfaces as whatever it trips over.
            raise ModelUnavailable("the model's server sent something that is not a chat reply") from None

    def _tokens(
        self, client: "OpenAI", deadline: _Deadline, messages: Sequence[ChatMessage], max_tokens: int
    ) -> Generator[str, None, Usage | None]:
        finished, usage = False, None
        for chunk in self._opened(client, deadline, messages, max_tokens):
            deadline.check()
            usage = _usage(chunk.usage, self.prices) or usage
            choice = chunk.choices[0] if chunk.choices else None
            if choice is None:
                continue
            if choice.delta.content:
                deadline.started = True
                yield str(choice.delta.content)
            finished = finished or choice.finish_reason is not None
        if not deadline.started:
            raise ModelUnavailable("the model sent an empty reply")
        if not finished:
            raise ModelUnavailable("the model's reply was cut off")
        return usage

    def _opened(
        self, client: "OpenAI", deadline: _Deadline, messages: Sequence[ChatMessage], max_tokens: int
    ) -> "Stream[ChatCompletionChunk]":
        import openai  # noqa: PLC0415  loaded by `stream`

        spoken = cast("list[ChatCompletionMessageParam]", [one._asdict() for one in messages])

        def begin(options: dict[str, float]) -> "Stream[ChatCompletionChunk]":
            deadline.check()
            more: dict[str, Any] = {_COUNTING: {"include_usage": True}} if self._counts_tokens else {}
            return client.chat.completions.create(
                model=self._model, messages=spoken, stream=True, extra_body={**options, **more}
            )

        usual: dict[str, float] = {"max_tokens": max_tokens, "temperature": 0}
        try:
            return begin(usual)
        except openai.RateLimitError as error:
            seconds = _retry_after(error.response)
            if seconds is None:
                raise
            self._sleep(seconds)
            return begin(usual)
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            return begin(self._without_what_it_refused(error, usual, max_tokens))

    def _without_what_it_refused(
        self, error: "APIStatusError", usual: dict[str, float], max_tokens: int
    ) -> dict[str, float]:
        """Return the options to ask again with; servers name the one that they stumbled over.

        Raises:
            APIStatusError: it was none of ours.
        """
        if _COUNTING in str(error):
            self._counts_tokens = False
            return usual
        if any(option in str(error) for option in usual):  # reasoning models know neither
            return {"max_completion_tokens": max_tokens}
        raise error


class _Watched(httpx2.SyncByteStream):
    """A response's body that looks at the clock at every piece, whether or not the piece makes up a token."""

    def __init__(self, body: httpx2.SyncByteStream, deadline: _Deadline) -> None:
        self._body = body
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._body:
            self._deadline.check(len(piece))
            yield piece

    def close(self) -> None:
        self._body.close()


def _http_client(deadline: _Deadline, longest_silence: float) -> httpx2.Client:
    def watch(response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Watched(response.stream, deadline)

    timeout = httpx2.Timeout(longest_silence, connect=CONNECT_SECONDS)
    return httpx2.Client(timeout=timeout, event_hooks={"response": [watch]})


def _usage(told: object, prices: Prices | None) -> Usage | None:
    """Return a chunk's count of tokens; None where there is none or it makes no sense: the client validates nothing."""
    prompt, completion = getattr(told, "prompt_tokens", None), getattr(told, "completion_tokens", None)
    if not (type(prompt) is int and type(completion) is int and prompt >= 0 and completion >= 0):
        return None
    return Usage(prompt, completion, prices.of(prompt, completion) if prices else None)


def _retry_after(response: httpx2.Response) -> float | None:
    """Return the seconds to wait when the server asks for at most three, else None."""
    asked = response.headers.get("retry-after", "")
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", asked) or float(asked) > LONGEST_RETRY_AFTER:
        return None
    return float(asked)


def _broken(error: Exception) -> str:
    """Say what broke; the deadline's own reason comes through the client as a cause."""
    cause = error.__cause__
    if isinstance(cause, ModelUnavailable):
        return str(cause)
    if isinstance(error, httpx2.ConnectError) or isinstance(cause, httpx2.ConnectError):
        return "the model's server cannot be reached"
    return "the connection to the model broke"
