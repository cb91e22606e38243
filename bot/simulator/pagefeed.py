"""The page's news: a stream of "something changed, look again" for one person (server-sent events)."""

import asyncio
import json
from collections.abc import AsyncIterator

from bot.simulator.workspace import Change, Workspace

KEEP_ALIVE_SECONDS = 15.0
GOODBYE = "goodbye"
_MOST_WAITING = 1_000


async def news(workspace: Workspace, me: str) -> AsyncIterator[str]:
    """Yield one event after another until the page goes away or the server stops."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[Change] = asyncio.Queue(_MOST_WAITING)

    def put(change: Change) -> None:
        if not waiting.full():
            waiting.put_nowait(change)

    def hear(change: Change) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(put, change)

    workspace.change_listeners.append(hear)
    try:
        yield ": hello\n\n"
        while True:
            try:
                change = await asyncio.wait_for(waiting.get(), KEEP_ALIVE_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if change.type == GOODBYE:
                return
            if concerns(workspace, change, me):
                yield f"data: {_encode(change)}\n\n"
    finally:
        workspace.change_listeners.remove(hear)


def concerns(workspace: Workspace, change: Change, me: str) -> bool:
    """Whether a person may hear of a change."""
    if change.person and change.person != me:
        return False
    channel = workspace.channels.get(change.channel)
    return not change.channel or (channel is not None and workspace.may_see(channel, me))


def _encode(change: Change) -> str:
    shown = {"type": change.type, "channel": change.channel, "thread_ts": change.thread_ts, "text": change.text}
    return json.dumps({key: value for key, value in shown.items() if value})
