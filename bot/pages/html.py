"""Make HTML from values; whatever is not HTML already is escaped.

`Html` is text that is safe as it stands, and `tag` is its maker. A string can only become HTML by being escaped, so a
question such as `<script>` comes out as words. Attributes are escaped too; addresses go through `web_address`.
"""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class Html(str):
    """Markup that is safe to send."""

    __slots__ = ()


Child = str | Iterable[str] | None


def tag(name: str, /, *children: Child, **attributes: str | int | None) -> Html:
    """Return an element; `class_` is written as `class`, other underscores as dashes, and None is left out."""
    written = "".join(
        f' {_named(key)}="{escape(str(value))}"' for key, value in attributes.items() if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Html:
    """Return children one after the other; strings that are no HTML are escaped."""
    return Html("".join(_child(one) for one in children))


def raw(text: str) -> Html:
    """Return a constant of our own as HTML: a style sheet, a doctype. Never for what somebody wrote."""
    return Html(text)


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, str):
        return escape(child)
    return "".join(_child(one) for one in child)


def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
