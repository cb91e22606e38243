"""The output gate: whatever a document, a model or a person wrote, nothing in it becomes live.

    inert     text for `mrkdwn` objects and message fallbacks
    plain     text for `plain_text` objects (buttons, titles): Slack parses nothing there but emoji
    code      text for preformatted rich text: exact, less the characters that cannot be seen
    person, link   the only makers of live mentions and links; they are given ids and addresses of our own tables
    when      the only maker of times, which Slack shows in the zone of whoever reads
    as_day    a date that is no moment, the same for everybody

Surprising: `@`, `#` and the dots of host names come out changed (`＠here`, `example[.]com`), because Slack would make
mentions and links of them. Dots in a short span between backticks stay, as Slack makes no links in code; `limits`
cuts no such span in two.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from urllib.parse import quote, urlsplit

from bot.blocks.limits import CODE_SPAN

_KEPT = frozenset("ªº…™℠²³¹¼½¾")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_EXTRA_INVISIBLE = re.compile(
    "[\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff\u2028\u2029]"
)
_SCHEME = re.compile(r":(?=//)")
_BARE_SCHEME = re.compile(
    r"(?<![a-z])(mailto|javascript|vbscript|data|tel|sms|slack|file|skype|callto|xmpp|geo|magnet|ssh|git|blob):(?=\S)",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?<=[\w-])[.。](?=([\w-]*[^\W\d_][\w-]+))")
_ADDRESS = re.compile(r"\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b")
_MENTION = re.compile(r"(?<!\w)@(?=\w)|@(?=[^\W\d])")
_CHANNEL = re.compile(r"(?<!\w)#(?=[^\W\d_])")
_LONGEST_SPAN = 200
_FILE_ENDING = re.compile(
    r"bmp|cfg|conf|css|csv|docx?|gif|html?|ini|ipynb|jpe?g|jsonl?|lock|log|pdf|png|pptx?|rst|sql|svg|toml|tsv|txt"
    r"|xlsx?|xml|ya?ml",
    re.IGNORECASE,
)
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
_PERSON = re.compile(r"[UW][A-Z0-9]{0,30}")
PERSON_ID = re.compile(r"\b[UW][A-Z0-9]+\b")
"""What may be a Slack id of a person within a text."""

TO_THE_MINUTE = "{date_short_pretty} {time}"
"""A form of `when`."""

_SCHEMES = frozenset({"https", "http"})


def inert(text: str) -> str:
    """Return text that shows the same words in `mrkdwn` and holds no link, mention or hidden character."""
    parts = CODE_SPAN.split(_still(visible(text)))
    return _escaped("".join(part if _is_span(index, part) else _hostless(part) for index, part in enumerate(parts)))


def plain(text: str) -> str:
    """Return one line of text for a `plain_text` object."""
    return " ".join(visible(text).split())


def code(text: str) -> str:
    """Return text as it is, without characters that cannot be seen."""
    return "".join(char for char in text if char in "\n\t" or _is_visible(char))


def visible(text: str) -> str:
    """Return text without control, bidirectional, zero-width and tag characters, look-alike letters made plain.

    Characters whose plain form changes the meaning (², ½) are left alone.
    """
    seen = "".join(char for char in text.replace("\t", " ") if char == "\n" or _is_visible(char))
    return "".join(_plain_form(char) for char in seen)


def person(person_id: str) -> str:
    """Return a live mention of a person, or the gated text when that is no Slack id."""
    return f"<@{person_id}>" if _PERSON.fullmatch(person_id) else inert(person_id)


def named(text: str, names: Mapping[str, str]) -> str:
    """Return text with the ids of people replaced by what they are called, which calls nobody."""
    return PERSON_ID.sub(lambda found: names.get(found.group(), found.group()), text)


def link(url: str, label: str) -> str:
    """Return a live link to an address of our own tables; the gated label alone when it is no web address."""
    address = web_address(url)
    shown = inert(label).replace("|", "¦").replace("\n", " ") or "source"
    return f"<{address}|{shown}>" if address else shown


def when(at: datetime, form: str = "{date_short}") -> str:
    """Return a time that Slack shows in its reader's zone; `form` is Slack's. Elsewhere it is shown in UTC."""
    return f"<!date^{int(at.timestamp())}^{form}|{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC>"


def as_day(of: date) -> str:
    """Return a day that is the same in every zone, as a document's date is."""
    return f"{of:%-d %B %Y}"


def web_address(url: str | None) -> str | None:
    """Return an http(s) address fit for a link, or None; one with characters that cannot be seen is none."""
    address = (url or "").strip()
    if not address.isprintable():  # `urlsplit` would read over them
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or not parts.hostname:
        return None
    return quote(address, safe=":/?#[]@!$&'()*+,;=%~-._")


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in _INVISIBLE and not _EXTRA_INVISIBLE.match(char)


def _plain_form(char: str) -> str:
    if char.isascii() or char in _KEPT or unicodedata.category(char) == "No":
        return char
    form = unicodedata.normalize("NFKC", char)
    return form if form.isascii() and form.isprintable() else char


def _still(text: str) -> str:
    text = _SCHEME.sub("[:]", text.replace("](", "] ("))
    text = _BARE_SCHEME.sub(r"\1[:]", text)
    return _CHANNEL.sub("＃", _MENTION.sub("＠", text))


def _is_span(index: int, part: str) -> bool:
    """Tell whether a part is code that will not be cut in two."""
    return index % 2 == 1 and len(part) <= _LONGEST_SPAN


def _hostless(text: str) -> str:
    return _ADDRESS.sub(r"\1[.]\2[.]\3[.]\4", _HOST.sub(_dot, text))


def _dot(match: re.Match[str]) -> str:
    follows = match.group(1)
    rest = match.string[match.start(1) + len(follows) :]
    ends_here = not re.match(r"[.。]?[\w/:@-]", rest)
    return match.group(0) if ends_here and _FILE_ENDING.fullmatch(follows) else "[.]"


def _escaped(text: str) -> str:
    for char, entity in _ENTITIES:
        text = text.replace(char, entity)
    return text
