"""The manifest in both variants: well formed, whole, and asking for nothing that the bot does not use."""

import ast
import copy
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
import yaml
from slack_sdk import WebClient

import bot.app
from bot import manifest as manifests
from bot.face import Face
from bot.identity import Identity
from flywheel.answering.ask import ask
from tests.parts import make_core
from tests.support import manifest_rules as rules
from tests.support.manifests import EXAMPLE, HTTP, PACKAGED, ROOT, SOCKET, http_text, packaged_text

Manifest = dict[str, Any]
SCHEMA = ROOT / "tests" / "support" / "manifest.schema.json"
PUBLISHED = os.environ.get("SLACK_MANIFEST_SCHEMA", "")
"""Where Slack's own schema file lies (schemas/manifest.schema.2.0.0.json), on machines that have it."""

OLDER_PANE = frozenset({"assistant_thread_started", "assistant_thread_context_changed"})
"""What apps send that were made before `agent_view`; a manifest with `agent_view` cannot ask for them."""

BOTH = pytest.mark.parametrize("path", [SOCKET, HTTP], ids=["socket", "http"])


def read(path: Path) -> Manifest:
    found: Manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def refusals(schema: Path, manifest: Manifest) -> list[str]:
    validator = jsonschema.Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(manifest)]


def sources() -> Iterator[str]:
    """Return the bot's own modules: the simulator is Slack, not us."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        if "simulator" not in path.relative_to(ROOT).parts:
            yield path.read_text(encoding="utf-8")


def called_methods() -> frozenset[str]:
    """Return the Web API methods that our modules name."""
    known = {name for name in dir(WebClient) if "_" in name.strip("_") and not name.startswith("_")}
    found = {node.attr for text in sources() for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    return frozenset(found & known - {"api_call", "base_url", "retry_handlers", "user_agent_prefix", "default_params"})


class Recorder:
    """Stands in for a Bolt app: remembers the events that listeners register for, and lets all else pass."""

    def __init__(self) -> None:
        self.events: set[str] = set()

    def event(self, wanted: Any, **_: Any) -> Callable[[Any], Any]:
        if not isinstance(wanted, re.Pattern):
            self.events.add(wanted["type"] if isinstance(wanted, dict) else wanted)
        return lambda listener: listener

    def __getattr__(self, _name: str) -> Callable[..., Callable[[Any], Any]]:
        return lambda *_, **__: lambda listener: listener


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[set[str]]:
    """The events that our listeners register for."""
    core, recorder = make_core(tmp_path), Recorder()
    face = Face(core, WebClient(), Identity("T1", "UBOT"), ask=ask, wake=lambda: None, left_or_joined=lambda _: None)
    for listener in bot.app._BACK:
        listener.register(recorder, face)
    yield recorder.events
    core.database.close()


@BOTH
def test_a_manifest_has_the_form_that_slack_documents(path: Path) -> None:
    assert refusals(SCHEMA, read(path)) == []


@pytest.mark.skipif(not PUBLISHED, reason="SLACK_MANIFEST_SCHEMA names no copy of Slack's schema")
@BOTH
def test_a_manifest_satisfies_the_schema_that_slack_publishes(path: Path) -> None:
    assert refusals(Path(PUBLISHED), read(path)) == []


@BOTH
def test_a_manifest_keeps_our_rules(path: Path) -> None:
    assert rules.complaints(read(path)) == []


def test_the_variants_differ_only_in_transport_and_address() -> None:
    assert manifests.over_http(read(SOCKET), EXAMPLE) == read(HTTP)


def test_what_follows_from_the_manifest_is_up_to_date() -> None:
    text = SOCKET.read_text(encoding="utf-8")
    current = HTTP.read_text(encoding="utf-8"), PACKAGED.read_text(encoding="utf-8")

    assert current == (http_text(text), packaged_text(text)), "run python -m tests.support.manifests"


def test_every_method_we_call_is_known_to_the_rules() -> None:
    assert called_methods() - rules.METHOD_SCOPES.keys() == frozenset()


def test_no_scope_is_missing_for_what_we_do() -> None:
    needed = rules.needed_scopes(read(SOCKET), called_methods(), "\n".join(sources()))

    assert needed - manifests.scopes(read(SOCKET)) == frozenset()


def test_no_scope_is_asked_for_that_nothing_uses() -> None:
    needed = rules.needed_scopes(read(SOCKET), called_methods(), "\n".join(sources()))

    assert manifests.scopes(read(SOCKET)) - needed == frozenset()


def test_every_subscribed_event_has_a_listener(heard: set[str]) -> None:
    assert {name.split(".")[0] for name in manifests.events(read(SOCKET))} - heard == set()


def test_every_listener_has_its_event_subscribed(heard: set[str]) -> None:
    subscribed = {name.split(".")[0] for name in manifests.events(read(SOCKET))}

    assert heard - subscribed - OLDER_PANE == set()


def test_the_link_that_creates_the_app_carries_the_whole_manifest() -> None:
    link = urlsplit(manifests.creation_link(read(HTTP)))

    assert json.loads(parse_qs(link.query)["manifest_json"][0]) == read(HTTP)


@pytest.mark.parametrize(
    ("take_out", "named"),
    [
        (lambda m: m["settings"]["event_subscriptions"]["bot_events"].remove("user_change"), "user_change"),
        (lambda m: m["features"]["slash_commands"].pop(0), "/ask"),
        (lambda m: m["features"]["shortcuts"].pop(0), "answer_message"),
        (lambda m: m["settings"].pop("interactivity"), "interactivity"),
        (lambda m: m["settings"].update(socket_mode_enabled=False), "Socket Mode"),
    ],
)
def test_what_an_app_lacks_of_our_manifest_is_named(take_out: Callable[[Manifest], object], named: str) -> None:
    shown = copy.deepcopy(read(SOCKET))
    take_out(shown)

    assert manifests.lacking(shown, over_socket=True) == [named]


def test_an_app_made_from_our_manifest_lacks_nothing() -> None:
    assert manifests.lacking(read(HTTP), over_socket=False) == []


def _without(manifest: Manifest, scope: str) -> None:
    manifest["oauth_config"]["scopes"]["bot"].remove(scope)


FAULTS: dict[str, tuple[Callable[[Manifest], object], str]] = {
    "unknown scope": (lambda m: m["oauth_config"]["scopes"]["bot"].append("chat:wriet"), "chat:wriet"),
    "unknown event": (lambda m: m["settings"]["event_subscriptions"]["bot_events"].append("mesage.im"), "mesage.im"),
    "event without scope": (lambda m: _without(m, "reactions:read"), "reaction_added needs the scope reactions:read"),
    "command without scope": (lambda m: _without(m, "commands"), "slash_commands needs the scope commands"),
    "both views": (lambda m: m["features"].update(assistant_view={}), "exclude each other"),
    "no address": (lambda m: m["settings"]["interactivity"].pop("request_url"), "interactivity.request_url is missing"),
    "plain http": (lambda m: m["features"]["slash_commands"][0].update(url="http://a.example"), "must be https"),
    "two hosts": (lambda m: m["features"]["slash_commands"][0].update(url="https://a.example"), "addresses differ"),
    "command twice": (
        lambda m: m["features"]["slash_commands"].append(m["features"]["slash_commands"][0]),
        "/ask stands there twice",
    ),
    "shortcut twice": (
        lambda m: m["features"]["shortcuts"].append(m["features"]["shortcuts"][0]),
        "answer_message stands there twice",
    ),
    "colour": (lambda m: m["display_information"].update(background_color="#12345g"), "background_color"),
    "name": (lambda m: m["features"]["bot_user"].update(display_name="Fly Wheel"), "display_name"),
    "event twice": (
        lambda m: m["settings"]["event_subscriptions"]["bot_events"].append("app_mention"),
        "app_mention stands there twice",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_rules_find_what_the_schema_lets_pass(fault: str) -> None:
    plant, complaint = FAULTS[fault]
    broken = copy.deepcopy(read(HTTP))
    plant(broken)

    assert complaint in " ".join(rules.complaints(broken))


@pytest.mark.parametrize(
    "plant",
    [
        lambda m: m["display_information"].update(name="x" * 36),
        lambda m: m["display_information"].update(long_description="short"),
        lambda m: m["features"]["shortcuts"][0].update(name="x" * 25),
        lambda m: m["features"]["agent_view"]["suggested_prompts"].extend([{"title": "t", "message": "m"}] * 4),
        lambda m: m["features"]["slash_commands"][0].update(command="ask"),
        lambda m: m["settings"].update(sokcet_mode_enabled=True),
    ],
)
def test_the_schema_refuses_what_is_too_long_or_unknown(plant: Callable[[Manifest], object]) -> None:
    broken = copy.deepcopy(read(SOCKET))
    plant(broken)

    assert refusals(SCHEMA, broken) != []
