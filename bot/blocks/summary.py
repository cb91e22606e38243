"""A summary of what people wrote: what of, then a line each, with links to the messages that it rests on."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.blocks.message import Message, context, message, section
from bot.blocks.text import inert, link

_MARK = re.compile(r"\[(\d{1,3})\]")
_FALLBACK = 300


def summary_message(head: str, text: str, links: Mapping[int, str], small: str = "") -> Message:
    """Render a summary; `head` is markup of our own, `links` are the addresses of its numbered messages."""
    lines = [_line(one, links) for one in text.splitlines() if one.strip()]
    blocks = [section(f"*{head}*"), *(section(one) for one in lines), *([context(small)] if small else [])]
    return replace(message(_MARK.sub("", text)[:_FALLBACK], blocks), fleeting=True)


def _line(text: str, links: Mapping[int, str]) -> str:
    shown, end = "", 0
    for mark in _MARK.finditer(text):
        number = int(mark.group(1))
        shown += inert(text[end : mark.start()])
        shown += link(links[number], f"[{number}]") if number in links else f"[{number}]"
        end = mark.end()
    return shown + inert(text[end:])
