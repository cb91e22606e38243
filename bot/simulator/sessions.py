"""What an agent shows besides messages: "is thinking…", suggested prompts, titles, and messages that are being
streamed.

A status goes away after two minutes or when the app posts in its thread. A stream lives five minutes and can be
stopped by a person.
"""

from dataclasses import dataclass, field
from typing import Any

from bot.simulator.channel import Message
from bot.simulator.errors import SlackError
from bot.simulator.workspace import Change, Workspace

STATUS_SECONDS = 120.0
STREAM_SECONDS = 300.0


@dataclass(slots=True)
class Stream:
    """A message under construction; `tasks` maps a task id to its task card."""

    started: float
    text: str = ""
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    plan_title: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    stopped_by_user: bool = False

    def rendered(self) -> list[dict[str, Any]]:
        """Return the blocks that show the stream so far."""
        shown: list[dict[str, Any]] = []
        if self.plan_title:
            shown.append({"type": "plan", "title": self.plan_title, "tasks": list(self.tasks.values())})
        else:
            shown += self.tasks.values()
        if self.text:
            shown.append({"type": "markdown", "text": self.text})
        return shown + self.blocks


@dataclass(frozen=True, slots=True)
class Status:
    """A line shown under a thread, e.g. "is thinking…"; `since` is Unix seconds."""

    text: str
    since: float


class Sessions:
    """Statuses, prompts, titles and streams, by conversation and thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._statuses: dict[tuple[str, str], Status] = {}
        self._streams: dict[tuple[str, str], Stream] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.states: dict[tuple[str, str], str] = {}
        self.prompts: dict[tuple[str, str], dict[str, Any]] = {}

    def say_status(self, channel: str, thread_ts: str, text: str) -> None:
        """Show a status, or clear it with an empty text."""
        with self._workspace.lock:
            self._statuses.pop((channel, thread_ts), None)
            if text:
                self._statuses[channel, thread_ts] = Status(text, self._workspace.clock.seconds())
        self._workspace.tell(Change("thread", channel, thread_ts))

    def status(self, channel: str, thread_ts: str) -> str:
        """Return the status shown now, or an empty text."""
        found = self._statuses.get((channel, thread_ts))
        if found is None or self._workspace.clock.seconds() - found.since > STATUS_SECONDS:
            return ""
        return found.text

    def shown(self) -> list[dict[str, str]]:
        """Return every status that is shown now."""
        with self._workspace.lock:
            places = list(self._statuses)
        found = [{"channel": c, "thread_ts": ts, "text": self.status(c, ts)} for c, ts in places]
        return [entry for entry in found if entry["text"]]

    def start(self, channel: str, message: Message) -> Stream:
        """Begin a stream in a message that was just posted."""
        stream = Stream(self._workspace.clock.seconds())
        self._streams[channel, message["ts"]] = stream
        return stream

    def streaming(self, channel: str, ts: str) -> bool:
        """Whether a message is still being streamed."""
        stream = self._streams.get((channel, ts))
        return stream is not None and not stream.stopped_by_user and not self._expired(stream)

    def stream(self, channel: str, ts: str) -> Stream:
        """Return the open stream; raises SlackError message_not_in_streaming_state or stopped_by_user."""
        stream = self._streams.get((channel, ts))
        if stream is None or self._expired(stream):
            raise SlackError("message_not_in_streaming_state")
        if stream.stopped_by_user:
            raise SlackError("stopped_by_user")
        return stream

    def finish(self, channel: str, ts: str) -> None:
        """End a stream."""
        self._streams.pop((channel, ts), None)

    def stop_by_person(self, channel: str, thread_ts: str) -> list[str]:
        """Stop the thread's streams as the stop button does; returns their timestamps."""
        with self._workspace.lock:
            messages = self._workspace.channel(channel).messages
            found = [
                ts
                for (place, ts), stream in self._streams.items()
                if place == channel
                and messages.get(ts, {}).get("thread_ts") == thread_ts
                and not stream.stopped_by_user
            ]
            for ts in found:
                self._streams[channel, ts].stopped_by_user = True
        return found

    def _expired(self, stream: Stream) -> bool:
        return self._workspace.clock.seconds() - stream.started > STREAM_SECONDS
