"""The surfaces that are not messages: each person's stack of modals and their Home tab.

A stack holds at most three modals. A view carries `errors` ({block_id: text}) while the app's refusal of a submit
is on display; Slack keeps those in the client, the page needs them here.
"""

import copy
import hashlib
import json
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.workspace import Change, Workspace

View = dict[str, Any]
DEEPEST_STACK = 3
_INPUT = (
    "title",
    "submit",
    "close",
    "blocks",
    "private_metadata",
    "callback_id",
    "external_id",
    "clear_on_close",
    "notify_on_close",
)


class ViewStacks:
    """Every person's modals, bottom first, and Home views."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._owners: dict[str, str] = {}

    def stack(self, person: str) -> list[View]:
        """Return a person's open modals, bottom first."""
        with self._workspace.lock:
            return list(self._stacks.get(person, ()))

    def home(self, person: str) -> View | None:
        """Return a person's Home view."""
        return self._homes.get(person)

    def owner(self, view_id: str) -> str:
        """Return who looks at a view; raises SlackError not_found."""
        if view_id not in self._owners:
            raise SlackError("not_found")
        return self._owners[view_id]

    def find(self, view_id: str = "", external_id: str = "") -> View:
        """Return an open view; raises SlackError not_found."""
        with self._workspace.lock:
            shown = [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())
            for view in shown:
                if (view_id and view["id"] == view_id) or (external_id and view["external_id"] == external_id):
                    return view
        raise SlackError("not_found")

    def open(self, person: str, payload: View) -> View:
        """Open a first modal, replacing whatever was open."""
        with self._workspace.lock:
            for view in self._stacks.pop(person, []):
                self._owners.pop(view["id"], None)
            return self._put_on_top(person, payload)

    def push(self, person: str, payload: View) -> View:
        """Put a modal on top of the open ones; raises SlackError push_limit_reached above three."""
        with self._workspace.lock:
            if len(self._stacks.get(person, ())) >= DEEPEST_STACK:
                raise SlackError("push_limit_reached")
            return self._put_on_top(person, payload)

    def update(self, view: View, payload: View, wanted_hash: str = "") -> View:
        """Replace what an open view shows, keeping its identity and place.

        Raises SlackError hash_conflict when somebody was faster, duplicate_external_id or invalid_arguments.
        """
        with self._workspace.lock:
            if wanted_hash and wanted_hash != view["hash"]:
                raise SlackError("hash_conflict")
            if payload["type"] != view["type"]:
                raise SlackError(
                    "invalid_arguments", messages=["[ERROR] the type cannot change [json-pointer:/view/type]"]
                )
            external = payload.get("external_id", "")
            if external != view["external_id"]:
                self._check_external_id(external)
            kept = {key: view[key] for key in ("id", "root_view_id", "previous_view_id", "state")}
            described = self._described(payload, view_id=view["id"])
            view.clear()
            view.update(described | kept)
            self._tell(self._owners[view["id"]], "home" if view["type"] == "home" else "views")
            return view

    def publish(self, person: str, payload: View, wanted_hash: str = "") -> View:
        """Show a Home view; raises SlackError hash_conflict when somebody was faster."""
        with self._workspace.lock:
            shown = self._homes.get(person)
            if shown is not None:
                return self.update(shown, payload, wanted_hash)
            view = self._described(payload, view_id=self._workspace.ids.fresh("V"))
            self._homes[person] = view
            self._owners[view["id"]] = person
            self._tell(person, "home")
            return view

    def close(self, person: str, *, everything: bool = False) -> list[View]:
        """Take the top modal (or all) away and return what was closed, top first."""
        with self._workspace.lock:
            stack = self._stacks.get(person, [])
            closed = [stack.pop() for _ in range(len(stack) if everything else min(1, len(stack)))]
            for view in closed:
                self._owners.pop(view["id"], None)
            self._tell(person, "views")
            return closed

    def refuse(self, view: View, errors: dict[str, str]) -> None:
        """Show errors beside the inputs of a view."""
        view["errors"] = dict(errors)
        self._tell(self._owners[view["id"]], "views")

    def _put_on_top(self, person: str, payload: View) -> View:
        self._check_external_id(payload.get("external_id", ""))
        stack = self._stacks.setdefault(person, [])
        view = self._described(payload, view_id=self._workspace.ids.fresh("V"))
        view["root_view_id"] = stack[0]["id"] if stack else view["id"]
        view["previous_view_id"] = stack[-1]["id"] if stack else None
        stack.append(view)
        self._owners[view["id"]] = person
        self._tell(person, "views")
        return view

    def _check_external_id(self, external_id: str) -> None:
        shown = [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())
        if external_id and any(view["external_id"] == external_id for view in shown):
            raise SlackError("duplicate_external_id")

    def _described(self, payload: View, *, view_id: str) -> View:
        team = self._workspace.team
        given = copy.deepcopy({key: payload[key] for key in _INPUT if key in payload})
        for block in given.get("blocks", ()):
            block.setdefault("block_id", self._workspace.ids.fresh("", 5))
        stamp = f"{self._workspace.clock.seconds():.6f}.{json.dumps(given, sort_keys=True)}"
        blank: View = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "title": None,
            "submit": None,
            "close": None,
        }
        identity = {
            "id": view_id,
            "team_id": team.id,
            "app_id": team.app_id,
            "bot_id": team.bot_id,
            "app_installed_team_id": team.id,
            "type": payload["type"],
            "hash": f"{int(self._workspace.clock.seconds())}.{hashlib.sha256(stamp.encode()).hexdigest()[:8]}",
            "state": {"values": {}},
            "root_view_id": view_id,
            "previous_view_id": None,
        }
        return blank | given | identity

    def _tell(self, person: str, kind: str) -> None:
        self._workspace.tell(Change(kind, person=person))
