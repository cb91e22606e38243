"""The views of `/flywheel`, as an administrator uses them."""

from typing import Any

from tests.acceptance.workplace import Person, button, eventually, words
from tests.integration.bot.panels import held

View = dict[str, Any]


def open_panel(person: Person, word: str, text: str) -> View:
    """Run `/flywheel WORD` and wait for the view that says something."""
    person.do("commands", channel="C1", command="/flywheel", text=word)
    return view_that_says(person, text)


def view_that_says(person: Person, text: str) -> View:
    """Wait for a view that says something, the top one if several do."""
    return eventually(lambda: next((one for one in reversed(person.views()) if text in words(one)), None))


def press(person: Person, view: View, label: str, beside: str = "") -> None:
    """Press the button that reads `label`, in a block that says `beside`."""
    block, element = button([one for one in view["blocks"] if beside in words({"blocks": [one]})], label)
    chosen = {"block_id": block["block_id"], "action_id": element["action_id"]}
    person.do("actions", view_id=view["id"], **chosen)


def submit(person: Person, view: View, **entered: Any) -> dict[str, Any]:
    """Fill a form by the names of its fields, and submit it."""
    inputs = {str(one["block_id"]).split(":")[0]: one for one in view["blocks"] if one["type"] == "input"}
    state = {
        inputs[name]["block_id"]: {"field": held(inputs[name]["element"], value)} for name, value in entered.items()
    }
    return person.do(f"views/{view['id']}/submit", state=state)


def set_channel(person: Person, channel: str, **entered: Any) -> str:
    """Change a channel's settings through its form, and return what the list says then."""
    press(person, open_panel(person, "channels", f"<#{channel}>"), "Edit", beside=f"<#{channel}>")
    submit(person, view_that_says(person, "When do I speak?"), **entered)
    said = words(view_that_says(person, "Saved"))
    close(person)
    return said


def close(person: Person) -> None:
    """Close all views."""
    for view in reversed(person.views()):
        person.do(f"views/{view['id']}/close")
