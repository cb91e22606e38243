"""What Slack's client does with inputs before the app sees them: fill in what stands there, and refuse what is
incomplete.

The page sends only what a person touched; `values_of` adds the initial values of the rest, so that the app gets
every input, as Slack promises for `view.state.values`.
"""

from typing import Any

Json = dict[str, Any]

_REQUIRED = "Please complete this required field."
_NO_STATE = frozenset(
    {"button", "feedback_buttons", "icon_button", "workflow_button", "overflow", "image", "plain_text", "mrkdwn"}
)
_HELD = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
}


def values_of(blocks: list[Json], entered: Json) -> Json:
    """Return {block_id: {action_id: {type, …}}} for every element that holds a value."""
    values: Json = {}
    for block in blocks:
        for element in _elements(block):
            given = entered.get(block["block_id"], {}).get(element["action_id"])
            values.setdefault(block["block_id"], {})[element["action_id"]] = _held(element, given)
    return values


def complaints(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return {block_id: text} for the inputs Slack's client would not let through."""
    found: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        held = values[block["block_id"]][element["action_id"]]
        complaint = _complaint(element, held.get(_key(element)), optional=bool(block.get("optional")))
        if complaint:
            found[block["block_id"]] = complaint
    return found


def _complaint(element: Json, value: Any, *, optional: bool) -> str:
    if value in (None, "", []):
        return "" if optional else _REQUIRED
    if not isinstance(value, str):
        return ""
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    if element["type"] == "plain_text_input" and len(value) < least:
        return f"Must be at least {least} characters long."
    if element["type"] == "plain_text_input" and len(value) > most:
        return f"Must be no more than {most} characters long."
    return ""


def _elements(block: Json) -> list[Json]:
    candidates = [block.get("element"), block.get("accessory")]
    if block.get("type") == "actions":
        candidates += block.get("elements", [])
    return [e for e in candidates if isinstance(e, dict) and e.get("action_id") and e.get("type") not in _NO_STATE]


def _key(element: Json) -> str:
    return _HELD.get(element["type"], ("value", ""))[0]


def _held(element: Json, given: Any) -> Json:
    key, initial = _HELD.get(element["type"], ("value", "initial_value"))
    value = given.get(key) if isinstance(given, dict) else element.get(initial)
    if (value is None and key in ("selected_options", "files")) or (
        value is None and key.endswith("s") and "multi" in element["type"]
    ):
        value = []
    return {"type": element["type"], key: value if value != "" else None}
