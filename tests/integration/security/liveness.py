"""What Slack would make live in a payload, judged without the product's own gate.

    live_parts(payload, ours)   everything in blocks and texts that would be a link, a mention, an image from outside
                                or a character that nobody sees; `ours` are the tokens that the renderer may make

The rules are stricter than Slack's: they also name what Slack links only where `verbatim` and `parse` do not forbid it.
Sources: docs.slack.dev, formatting message text (angle brackets, automatic parsing) and reference/block-kit.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

_TOKEN = re.compile(r"<[^<>]*>")
_CODE = re.compile(r"(?<![\w`])`[^`\n]+`(?![\w`])")
_TOP_LEVEL = "app biz cn co com de dev evil example info io link me net onion org py ru sh top uk us xyz zip"
_RULES = {
    "angle": re.compile(r"[<>]"),
    "address": re.compile(r"[a-z][a-z0-9+.\-]*://", re.IGNORECASE),
    "scheme": re.compile(
        r"(?<![a-z])(?:mailto|javascript|vbscript|data|tel|sms|slack|file|callto|xmpp|magnet|ssh|git):\S", re.IGNORECASE
    ),
    "mention": re.compile(r"(?<!\w)@\w|@[^\W\d]"),
    "channel": re.compile(r"(?<!\w)#[^\W\d_]"),
    "markdown": re.compile(r"\]\("),
    "entity": re.compile(r"&(?!amp;|lt;|gt;)"),
}
_HOST = re.compile(rf"[^\W_][\w-]*\.(?:{'|'.join(_TOP_LEVEL.split())})(?![\w-])", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_DOTS = str.maketrans("。．｡․", "....")
_ADDRESS_FIELDS = frozenset({"url", "image_url", "thumb_url", "fallback_url", "title_link", "external_id"})
_UNPARSED = frozenset({"initial_value", "private_metadata", "value", "action_id", "block_id", "callback_id"})


def live_parts(payload: Any, ours: re.Pattern[str]) -> list[str]:
    """Return what is live in a message, a view or a block, each as rule and place; empty when nothing is."""
    return list(_of_value(payload, "", ours))


def live_in_markup(text: str, ours: re.Pattern[str]) -> list[str]:
    """Return what Slack would make live in one piece of mrkdwn."""
    rest = _TOKEN.sub(lambda token: " " if ours.fullmatch(token.group()) else token.group(), text)
    found = [f"{name}: {rest[:120]!r}" for name, rule in _RULES.items() if rule.search(rest)]
    bare = _CODE.sub(" ", html.unescape(unicodedata.normalize("NFKC", rest)).translate(_DOTS))
    found += [f"host: {host.group()!r}" for rule in (_HOST, _NUMBERS) for host in rule.finditer(bare)]
    return found + hidden_in(text)


def hidden_in(text: str) -> list[str]:
    """Return the characters that a reader cannot see but that change what is read."""
    return [
        f"hidden: U+{ord(char):04X}"
        for char in text
        if char not in "\n\t" and (unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"} or char in "\u2028\u2029")
    ]


def _of_value(value: Any, name: str, ours: re.Pattern[str]) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _of_value(one, name, ours)
    elif isinstance(value, dict):
        yield from _of_object(value, ours)
    elif isinstance(value, str) and name == "text":  # a message's own text, shown in notifications
        yield from live_in_markup(value, ours)


def _of_object(value: dict[str, Any], ours: re.Pattern[str]) -> Iterator[str]:
    kind = value.get("type")
    yield from (f"address field {name}" for name in _ADDRESS_FIELDS & value.keys() if value[name])
    if kind == "mrkdwn":
        yield from live_in_markup(str(value["text"]), ours)
        yield from [] if value.get("verbatim") else ["mrkdwn that is not verbatim"]
    elif kind == "plain_text":
        yield from hidden_in(str(value["text"]))
        yield from ["emoji in a label"] if value.get("emoji", True) else []
    elif kind == "text":  # an element of rich text: nothing in it is parsed
        yield from hidden_in(str(value["text"]))
    elif kind in {"link", "user", "usergroup", "broadcast", "channel", "emoji", "markdown", "date", "video"}:
        yield f"element {kind}"
    else:
        yield from (
            found for name, inner in value.items() if name not in _UNPARSED for found in _of_value(inner, name, ours)
        )
