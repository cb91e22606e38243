"""Using the administration's views as a person does: open, press, fill in, submit."""

from typing import Any

from flywheel.core import Core
from flywheel.store import audit
from tests.integration.bot.world import People, eventually, words


def opened(people: People, by: str, word: str, text: str) -> dict[str, Any]:
    """Run `/flywheel WORD` and return the view once it says something."""
    people.act("commands", by=by, channel="C1", command="/flywheel", text=word)
    return shown(people, by, text)


def shown(people: People, by: str, text: str) -> dict[str, Any]:
    """Wait for a view that says something."""
    return dict(eventually(lambda: [one for one in people.look(f"views?as={by}")["views"] if text in words(one)])[-1])


def told(people: People, by: str, text: str) -> dict[str, Any]:
    """Wait for a message for one person's eyes alone."""
    return dict(
        eventually(lambda: [one for one in people.messages(by, "C1") if one.get("ephemeral") and text in words(one)])[0]
    )


def press(people: People, by: str, view: dict[str, Any], action: str, value: str = "") -> None:
    """Press a button of a view."""
    block = next(
        block["block_id"]
        for block in view["blocks"]
        for element in [*block.get("elements", ()), block.get("accessory", {})]
        if element.get("action_id") == action and value in ("", element.get("value"))
    )
    people.act("actions", by=by, view_id=view["id"], block_id=block, action_id=action)


def submit(people: People, by: str, view: dict[str, Any], **entered: Any) -> dict[str, Any]:
    """Fill a form by the names of its fields, and submit it."""
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        name = str(block.get("block_id", "")).split(":")[0]
        if block["type"] == "input" and name in entered:
            state[block["block_id"]] = {"field": held(block["element"], entered[name])}
    return people.act(f"views/{view['id']}/submit", by=by, state=state)


def held(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return what an input holds once somebody has entered a value."""
    kind = element["type"]
    if kind in ("radio_buttons", "static_select"):
        return {"type": kind, "selected_option": next(one for one in element["options"] if one["value"] == value)}
    if kind == "multi_static_select":
        return {"type": kind, "selected_options": [one for one in element["options"] if one["text"]["text"] in value]}
    names = {"multi_users_select": "selected_users", "datepicker": "selected_date",
             "conversations_select": "selected_conversation"}  # fmt: skip
    return {"type": kind, names.get(kind, "value"): value}


def acts(core: Core) -> list[tuple[str, str]]:
    """Return who did what, the newest first."""
    with core.database.read() as db:
        return [(one.person, one.act) for one in audit.page(db)]
