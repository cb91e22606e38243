"""How Slack writes text: escapes, mentions, links, and the rich text of what people type.

`compose` is what the message box does: it turns `@ana`, `#general` and bare addresses into Slack's tokens
(`<@U1>`, `<#C1|general>`, `<https://…>`) and escapes the rest. Tokens that are already there stay.
"""

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(r"<(?:[@#!][^<>\s]*(?:\|[^<>]*)?|(?:https?://|mailto:)[^<>\s|]+(?:\|[^<>]*)?)>")
_NAME = re.compile(r"(?<![\w@#/])([@#])([\w][\w.-]*[\w]|\w)")
_ADDRESS = re.compile(r"https?://[^\s<>|`]*[^\s<>|`.,;:!?)\]]")
_STRAY_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_FENCE = re.compile(r"```(.*?)```", re.DOTALL)
_PIECE = re.compile(
    r"<@(?P<user>[UW]\w+)(?:\|[^>]*)?>|<#(?P<channel>C\w+)(?:\|[^>]*)?>|<!(?P<broadcast>here|channel|everyone)>"
    r"|<(?P<url>(?:https?://|mailto:)[^>|]+)(?:\|(?P<label>[^>]*))?>|`(?P<code>[^`\n]+)`|:(?P<emoji>[a-z0-9_+-]+):"
)


def escape(text: str) -> str:
    """Escape the three characters Slack reserves."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def compose(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Return typed text as Slack stores it; the mappings lead from a name to an id."""
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(text):
        parts += [_compose_plain(text[end : token.start()], people, channels), token.group()]
        end = token.end()
    parts.append(_compose_plain(text[end:], people, channels))
    return "".join(parts)


def normalise(text: str) -> str:
    """Return an app's text as Slack stores it: stray reserved characters escaped, bare addresses made links."""
    parts: list[str] = []
    end = 0
    for token in _TOKEN.finditer(text):
        parts += [_normalise_plain(text[end : token.start()]), token.group()]
        end = token.end()
    parts.append(_normalise_plain(text[end:]))
    return "".join(parts)


def mentions(text: str) -> tuple[str, ...]:
    """Return the ids of the people mentioned in stored text, in order."""
    return tuple(re.findall(r"<@([UW]\w+)(?:\|[^>]*)?>", text))


def rich_text(text: str, block_id: str) -> list[dict[str, Any]]:
    """Return the rich_text block Slack attaches to a message a person typed; nothing for an empty text."""
    if not text:
        return []
    elements: list[dict[str, Any]] = []
    for index, part in enumerate(_FENCE.split(text)):
        if not part:
            continue
        if index % 2:
            code = [{"type": "text", "text": unescape(part.strip("\n"))}]
            elements.append({"type": "rich_text_preformatted", "elements": code})
        else:
            elements.append({"type": "rich_text_section", "elements": _pieces(part)})
    return [{"type": "rich_text", "block_id": block_id, "elements": elements}]


def _compose_plain(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    def named(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "@" and name.lower() in people:
            return f"<@{people[name.lower()]}>"
        if sign == "#" and name.lower() in channels:
            return f"<#{channels[name.lower()]}|{name}>"
        return match.group()

    parts: list[str] = []
    end = 0
    for address in _ADDRESS.finditer(text):
        parts += [_NAME.sub(named, escape(text[end : address.start()])), f"<{escape(address.group())}>"]
        end = address.end()
    parts.append(_NAME.sub(named, escape(text[end:])))
    return "".join(parts)


def _normalise_plain(text: str) -> str:
    escaped = _STRAY_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    return _ADDRESS.sub(lambda match: f"<{match.group()}>", escaped)


def _pieces(text: str) -> list[dict[str, Any]]:
    pieces: list[dict[str, Any]] = []
    end = 0
    for match in _PIECE.finditer(text):
        if match.start() > end:
            pieces.append({"type": "text", "text": unescape(text[end : match.start()])})
        pieces.append(_piece(match))
        end = match.end()
    if end < len(text):
        pieces.append({"type": "text", "text": unescape(text[end:])})
    return pieces


def _piece(match: re.Match[str]) -> dict[str, Any]:
    kind, value = match.lastgroup or "", match.group(match.lastgroup or 0)
    if kind == "user":
        return {"type": "user", "user_id": value}
    if kind == "channel":
        return {"type": "channel", "channel_id": value}
    if kind == "broadcast":
        return {"type": "broadcast", "range": value}
    if kind == "emoji":
        return {"type": "emoji", "name": value}
    if kind == "code":
        return {"type": "text", "text": unescape(value), "style": {"code": True}}
    link: dict[str, Any] = {"type": "link", "url": unescape(match.group("url"))}
    if match.group("label"):
        link["text"] = unescape(match.group("label"))
    return link
