"""Events on their way to the app: who may hear of them, the envelope, the retries.

An event goes out at once; without a 2xx in time it is tried again at once, after one minute and after five more,
on the workspace's clock, unless the app answers `x-slack-no-retry: 1`. Each event travels in a thread of its own,
so a slow app delays only itself. A mention arrives twice, as `app_mention` and as `message`, with different event
ids: so it is in Slack.
"""

import threading
from typing import Any

from bot.simulator import text
from bot.simulator.channel import Channel
from bot.simulator.faults import DeliveryTrouble
from bot.simulator.install import AppInstall
from bot.simulator.journal import DeliveryRecord, Journal
from bot.simulator.outbound import Reply, Sender, Shipment, ShipmentKind
from bot.simulator.people import Kind
from bot.simulator.workspace import Workspace

RETRY_SECONDS = (0, 60, 300)
_HELD_BACK_SECONDS = 0.3
_SCOPES = {
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "assistant_thread_started": "assistant:write",
    "assistant_thread_context_changed": "assistant:write",
    "user_change": "users:read",
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_deleted": "channels:read",
}


class Deliveries:
    """Everything the workspace sends to the app."""

    def __init__(self, workspace: Workspace, install: AppInstall, sender: Sender, journal: Journal) -> None:
        self.trouble = DeliveryTrouble()
        self._workspace = workspace
        self._install = install
        self._sender = sender
        self._journal = journal
        self._stop = threading.Event()
        workspace.event_listeners.append(self.announce)

    def announce(self, event: dict[str, Any], channel: Channel | None) -> None:
        """Send an event to the app if it may hear of it, and the mention that it contains."""
        if channel is not None and self._workspace.bot not in channel.members:
            return
        for occurrence in (*self._mention(event, channel), event):
            if self._may_hear(occurrence, channel):
                self._dispatch(self._envelope(occurrence, channel))

    def exchange(self, kind: ShipmentKind, payload: dict[str, Any]) -> Reply:
        """Send an interaction or a command, once, and return the app's answer."""
        return self._attempt(Shipment(kind, payload), self._stop)

    def stop(self) -> None:
        """End all waiting."""
        self._stop.set()
        self._workspace.clock.wake()
        if self.announce in self._workspace.event_listeners:
            self._workspace.event_listeners.remove(self.announce)

    def forget(self) -> None:
        """Drop retries that are still waiting, and start afresh."""
        self._stop.set()
        self._workspace.clock.wake()
        self._stop = threading.Event()

    def _may_hear(self, event: dict[str, Any], channel: Channel | None) -> bool:
        kind = str(event["type"])
        names = {kind, f"{kind}.{channel.kind.scope_prefix}"} if channel is not None else {kind}
        if self._install.events is not None and not names & self._install.events:
            return False
        scope = _SCOPES.get(kind, "")
        if channel is not None and kind == "message":
            scope = f"{channel.kind.scope_prefix}:history"
        if channel is not None and kind.startswith("member_"):
            scope = f"{channel.kind.scope_prefix}:read"
        return not scope or scope in self._install.scopes

    def _mention(self, event: dict[str, Any], channel: Channel | None) -> tuple[dict[str, Any], ...]:
        plain = event["type"] == "message" and event.get("subtype") in (None, "file_share", "thread_broadcast")
        if not plain or channel is None or channel.kind == Kind.IM or event.get("user") == self._workspace.bot:
            return ()
        if self._workspace.bot not in text.mentions(event.get("text", "")):
            return ()
        dropped = ("channel_type", "subtype", "parent_user_id")
        return ({k: v for k, v in event.items() if k not in dropped} | {"type": "app_mention"},)

    def _envelope(self, event: dict[str, Any], channel: Channel | None) -> dict[str, Any]:
        workspace, team = self._workspace, self._workspace.team
        authorization = {"enterprise_id": None, "team_id": team.id, "user_id": team.bot_user_id, "is_bot": True}
        return {
            "token": "simulator-verification-token",
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": team.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.ids.fresh("Ev", 10),
            "event_time": int(workspace.clock.seconds()),
            "authorizations": [authorization | {"is_enterprise_install": False}],
            "is_ext_shared_channel": channel is not None and bool(channel.shared_with),
            "event_context": workspace.ids.fresh("4-", 16),
        }

    def _dispatch(self, body: dict[str, Any]) -> None:
        ids, trouble = self._workspace.ids, self.trouble
        if trouble.drop and ids.chance() < trouble.drop:
            return
        held = bool(trouble.reorder and ids.chance() < trouble.reorder)
        copies = 2 if trouble.duplicate and ids.chance() < trouble.duplicate else 1
        for _ in range(copies):
            threading.Thread(target=self._deliver, args=(body, held, self._stop), daemon=True).start()

    def _deliver(self, body: dict[str, Any], held: bool, stop: threading.Event) -> None:  # noqa: FBT001 - a thread's target
        if held:
            stop.wait(_HELD_BACK_SECONDS)
        reply = self._attempt(Shipment(ShipmentKind.EVENT, body), stop)
        for number, delay in enumerate(RETRY_SECONDS, start=1):
            if reply.ok or reply.no_retry or not self._workspace.clock.wait(delay, stop):
                return
            reply = self._attempt(Shipment(ShipmentKind.EVENT, body, number, reply.reason), stop)

    def _attempt(self, shipment: Shipment, stop: threading.Event) -> Reply:
        reply = self._sender.send(shipment)
        payload = shipment.payload
        kind = payload.get("event", {}).get("type") or payload.get("type") or payload.get("command", "")
        record = DeliveryRecord(
            kind=shipment.kind.value,
            type=str(kind),
            event_id=str(payload.get("event_id", "")),
            status=reply.status,
            ack_ms=reply.ms,
            retry_num=shipment.retry_num,
            reason=reply.reason,
            at=self._workspace.clock.seconds(),
            payload=payload,
        )
        if not stop.is_set():
            self._journal.add_delivery(record)
        return reply
