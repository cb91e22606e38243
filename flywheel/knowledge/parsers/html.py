"""Read HTML: what a reader would see of the page's main part. Scripts, navigation and hidden things are dropped.

The tree is walked with a stack of calls as deep as the page; lxml itself refuses pages nested deeper than 256.
"""

import re

from bs4 import BeautifulSoup, Comment, Declaration, Doctype, ProcessingInstruction
from bs4.element import NavigableString, PageElement, Tag

from flywheel.knowledge.blocks import Outline, Parsed, Shape, one_line
from flywheel.knowledge.parsers import html_table
from flywheel.knowledge.parsers.figures import link
from flywheel.knowledge.parsers.front_matter import moment

_DROPPED = "script, style, nav, noscript, template, svg, iframe, object, form button, [hidden], [aria-hidden=true]"
_DROPPED_ROLES = "[role=navigation], [role=search], [role=banner], [role=contentinfo], body > footer, body > header nav"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NESTED = ("ul", "ol", "pre", "table", "figure", "img")
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "td", "th", "thead", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6", "img",
})  # fmt: skip
_LANGUAGE = re.compile(r"(?:language|lang|highlight-source|highlight|brush:)-?(\w[\w+#-]*)")
_INVISIBLE = (Comment, Doctype, Declaration, ProcessingInstruction)


def parse(content: bytes, name: str) -> Parsed:
    """Return the blocks of an HTML page, its title and the date in its `article:modified_time` or `date`."""
    del name
    soup = BeautifulSoup(content, "lxml")
    outline = Outline()
    title = one_line(soup.title.get_text()) if soup.title else None
    date = soup.select_one("meta[property='article:modified_time'], meta[name=date], meta[name='last-modified']")
    link = soup.select_one("link[rel=canonical][href]")
    url = str(link["href"]) if link else ""
    _read_page(outline, soup)
    return outline.parsed(
        outline.first_heading or title or None,
        url=url if url.startswith(("https://", "http://")) else None,
        updated_at=moment(date.get("content")) if date else None,
    )


def fill(outline: Outline, fragment: str) -> None:
    """Add a fragment of HTML, such as one inside Markdown, to an outline."""
    _read_page(outline, BeautifulSoup(fragment, "lxml"))


def _read_page(outline: Outline, soup: BeautifulSoup) -> None:
    for dropped in soup.select(f"{_DROPPED}, {_DROPPED_ROLES}"):
        dropped.decompose()
    page = soup.find("main") or soup.body
    if isinstance(page, Tag):
        _Reading(outline).children(page)


class _Reading:
    """Walk a page; loose words between blocks gather in `_loose` until a block begins."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._loose: list[str] = []
        self._depth = 0

    def children(self, tag: Tag) -> None:
        for child in tag.children:
            self._node(child)
        self._flush()

    def _node(self, node: PageElement) -> None:
        if isinstance(node, Tag):
            self._tag(node)
        elif isinstance(node, NavigableString) and not isinstance(node, _INVISIBLE):
            self._loose.append(str(node))

    def _tag(self, tag: Tag) -> None:
        if tag.name not in _BLOCKS and tag.find(_is_block) is None:
            self._loose.append("\n" if tag.name == "br" else tag.get_text())
            return
        self._flush()
        if tag.name in _HEADINGS:
            self._outline.heading(int(tag.name[1]), tag.get_text(" "))
        elif tag.name == "pre":
            self._outline.code(tag.get_text(), _language(tag))
        elif tag.name == "table":
            self._table(tag)
        elif tag.name in ("figure", "img"):
            self._image(tag)
        elif tag.name in ("ul", "ol"):
            self._list(tag)
        else:
            self.children(tag)

    def _flush(self) -> None:
        text = "".join(self._loose)
        self._loose.clear()
        self._outline.add(one_line(text))

    def _list(self, tag: Tag) -> None:
        self._depth += 1
        items = tag.find_all("li", recursive=False)
        for number, item in enumerate(items, 1):
            marker = f"{number}. " if tag.name == "ol" else "- "
            nested = [child.extract() for child in item.find_all(_NESTED, recursive=False)]
            indent = "  " * (self._depth - 1)
            words = one_line(item.get_text(" " if item.find(_is_block) else ""))
            if words:
                self._outline.add(f"{indent}{marker}{words}", Shape.ITEM)
            for one in nested:
                self._tag(one)
        self._depth -= 1

    def _table(self, tag: Tag) -> None:
        if html_table.is_layout(tag):
            for cell in (cell for row in html_table.own_rows(tag) for cell in html_table.cells_of(row)):
                self.children(cell)
            return
        caption = tag.find("caption", recursive=False)
        title = one_line(caption.get_text(" ")) if isinstance(caption, Tag) else ""
        self._outline.add(title)
        found = html_table.read(tag)
        self._outline.table(found.rows, title=title, heads=found.heads)

    def _image(self, tag: Tag) -> None:
        images = [tag] if tag.name == "img" else tag.find_all("img")
        caption = tag.find("figcaption") if tag.name == "figure" else None
        if tag.name == "figure" and not images:
            self.children(tag)
            return
        said = [str(one.get(name) or "") for one in images for name in ("alt", "title")]
        said.append(caption.get_text(" ") if isinstance(caption, Tag) else "")
        address = next((str(one.get("src")) for one in images if one.get("src")), "")
        link(self._outline, "\n".join(one_line(one) for one in said if one.strip()), address)


def _language(tag: Tag) -> str:
    """Return the language that the classes of a `pre`, or of the `code` in it, name; else nothing."""
    named = [str(name) for one in (tag, *tag.find_all("code")) for name in one.get_attribute_list("class") if name]
    found = (_LANGUAGE.fullmatch(name) for name in named)
    return next((match.group(1) for match in found if match), "")


def _is_block(tag: Tag) -> bool:
    return tag.name in _BLOCKS
