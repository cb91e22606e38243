"""Make questions from the index itself, so that the router knows the company before anybody has asked anything.

    documents   headings and titles       “What is our policy on …?”, “How does … work here?”, the heading alone
    code        symbols, comments         “Which function …?”, “How is … implemented?”, the comment alone
    tables      columns, first values     “What was the … of …?”, “Which … has the highest …?”
    images      captions                  “Show me the …”, “What does the … look like?”
    people      titles and headings       “Who owns …?”, “Who knows about …?”

To these come the general questions of each route and of what no route answers (`routing/descriptions.py`). Surprising:
the same topics stand under several routes on purpose; what tells “Who owns the VPN handbook?” from “How does the VPN
work?” is how it is asked.
"""

import html
import re
from collections.abc import Iterator, Sequence
from random import Random

from flywheel.knowledge.identifiers import split
from flywheel.learning.router import Example
from flywheel.model import RETRIEVER_OF, Kind, Retriever
from flywheel.routing.descriptions import DESCRIPTIONS
from flywheel.routing.model import OUT
from flywheel.store.materials import Material

MOST = 2_000
"""How many questions are made at most."""
_PER_MATERIAL = 2
_FORMS = {
    Retriever.DOCUMENTS: (
        "{topic}",
        "How does {topic} work here?",
        "What is our policy on {topic}?",
        "What do I need to know about {topic}?",
        "How do we handle {topic}?",
        "What are the rules for {topic}?",
        "Where can I read about {topic}?",
        "When do we use {topic}?",
        "What does {title} say about {topic}?",
        "Explain {topic}",
        "Can you tell me about {topic}?",
        "Why do we have {topic}?",
    ),
    Retriever.CODE: (
        "{topic}",
        "Which function does {topic}?",
        "How is {topic} implemented?",
        "Show me the code for {topic}",
        "Which command do I run for {topic}?",
        "Where in the code is {topic}?",
        "What is the command to {topic}?",
        "How do I {topic} in code?",
        "Give me a script to {topic}",
    ),
    Retriever.TABLES: (
        "What was the {column} of {value}?",
        "How many {column} did {value} have?",
        "Which {key} has the highest {column}?",
        "Which {key} has the lowest {column}?",
        "What is the total {column}?",
        "What is the average {column} per {key}?",
        "How much {column} was there for {value}?",
        "List the five {key} with the most {column}",
        "What {column} does {value} have in {title}?",
        "When was the {column} of {value} highest?",
        "Compare the {column} of {value} with the others",
    ),
    Retriever.IMAGES: (
        "Show me {topic}",
        "What does the picture of {topic} look like?",
        "Is there a diagram of {topic}?",
        "What does the chart of {topic} show?",
        "What can be seen in {topic}?",
        "What is the trend in {topic}?",
        "Where is it on the plan of {topic}?",
        "What is drawn in the figure {topic}?",
        "I need the picture of {topic}",
        "Do we have an image of {topic}?",
        "Can I see {topic}?",
        "What colour is it on {topic}?",
        "How do the bars of {topic} compare?",
        "What are the labels on {topic}?",
    ),
    Retriever.PEOPLE: (
        "Who owns {title}?",
        "Who knows about {topic}?",
        "Who can help me with {topic}?",
        "Who should I ask about {topic}?",
        "Who wrote {title}?",
        "Who is responsible for {topic}?",
        "Who is the expert on {topic}?",
        "Whom do I contact about {topic}?",
        "Who is in charge of {topic}?",
        "Who can I talk to about {topic}?",
        "Which colleague works on {topic}?",
        "Who decides on {topic}?",
        "Is there somebody who knows {topic} well?",
        "Who maintains {topic}?",
        "Who looks after {topic}?",
        "Who to ask about {topic}",
        "Contact person for {topic}",
        "Who has experience with {topic}?",
    ),
}
_EMPTY = frozenset(
    (
        "overview",
        "introduction",
        "summary",
        "contents",
        "index",
        "readme",
        "notes",
        "general",
        "misc",
        "other",
        "background",
    )
)
_COUNTED = "How many {} are there?"
_LONGEST = 14
_ASKS = re.compile(r"(?:how|what|why|when|where|which|who|whom|whose|if|for|in|this|it|is|are|can)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:\d+[.)]\s*)+")
_OF_ANOTHER_KIND = re.compile(
    r"\b(?:chart|floor plan|diagram|figure|drawing|picture|image|photo|screenshot|table|script|code|command)s?\b",
    re.IGNORECASE,
)
_WORDLIKE = re.compile(r"[^\W\d_]{3,}")
_LIKE_AN_ID = re.compile(r"[\w.]*[-_ ]?\d+[\w.]*")


def made(materials: Sequence[Material], rng: Random, *, people: bool) -> list[Example]:
    """Return the day-one examples: made from these passages, and general ones for the routes there are and for none.

    `people` says whether there is anybody to name.
    """
    ordered = sorted(materials, key=lambda one: one.passage_id)
    own = [example for one in ordered for example in _of(one, rng)]
    if people:
        texts = [one for one in ordered if one.kind is Kind.TEXT]
        own += [example for one in texts for example in _about_people(one, rng)]
    unique = list({(one.text.casefold(), one.label): one for one in own}.values())
    kept = unique if len(unique) <= MOST else rng.sample(unique, MOST)
    return [*kept, *general({one.label for one in kept} | ({Retriever.PEOPLE.value} if people else set()))]


def general(labels: set[str]) -> list[Example]:
    """Return the general questions of these labels and those that nothing answers."""
    return [
        Example(text, label, f"general {label} {number}", form=f"general {label} {number}")
        for label in sorted({*labels, OUT})
        for number, text in enumerate((DESCRIPTIONS[label].text, *DESCRIPTIONS[label].questions))
    ]


def _of(material: Material, rng: Random) -> Iterator[Example]:
    retriever = RETRIEVER_OF[material.kind]
    if material.kind is Kind.TABLE:
        texts = _about_table(material, rng)
    else:
        topics = {Kind.CODE: _tasks, Kind.IMAGE: _captions}.get(material.kind, _topics)(material)
        texts = _worded(retriever, topics, material, rng)
    for text, form in texts:
        yield Example(text, retriever.value, material.document_id, form=form)


def _about_people(material: Material, rng: Random) -> Iterator[Example]:
    for text, form in _worded(Retriever.PEOPLE, _topics(material)[:1], material, rng):
        yield Example(text, Retriever.PEOPLE.value, material.document_id, form=form)


def _worded(retriever: Retriever, topics: Sequence[str], material: Material, rng: Random) -> list[tuple[str, str]]:
    """Return questions about topics with their forms; a topic that is a question already is asked as it is."""
    texts = []
    for topic in topics[:_PER_MATERIAL]:
        if _ASKS.match(topic) or topic.endswith("?"):
            own = retriever is Retriever.DOCUMENTS and not topic.lower().startswith("who")
            texts += [(topic, "as it stands")] if own else []
        else:
            form = rng.choice(_FORMS[retriever])
            texts.append((form.format(topic=_lowered(topic), title=_named(material.title)), form))
    return texts


def _topics(material: Material) -> list[str]:
    """Return what a text is about: its nearest headings, then its title, then its first words."""
    candidates = [*reversed(material.heading_path), _named(material.title), _first_words(material.text)]
    found = dict.fromkeys(topic for one in candidates if (topic := _topic(one)))
    return [topic for topic in found if not _OF_ANOTHER_KIND.search(topic)]


def _tasks(material: Material) -> list[str]:
    """Return what code is for: the sentence before it, its comment, the words of its name."""
    symbol = material.detail.get("symbol", "").split(".")[-1]
    words = " ".join(split(symbol))
    prose = next((line.strip(" #/*\"'") for line in material.search_text.splitlines() if _is_prose(line)), "")
    candidates = [
        material.detail.get("about", ""),
        prose,
        words,
        *reversed(material.heading_path),
        _named(material.title),
    ]
    return list(dict.fromkeys(topic for one in candidates if (topic := _topic(one))))


def _captions(material: Material) -> list[str]:
    candidates = [material.said, *reversed(material.heading_path), material.text.split("\n")[0], _named(material.title)]
    return list(dict.fromkeys(topic for one in candidates if (topic := _topic(one))))


def _about_table(material: Material, rng: Random) -> list[tuple[str, str]]:
    columns = [one for one in material.columns if _WORDLIKE.search(one) and not _LIKE_AN_ID.fullmatch(one)]
    rows = [row for row in material.rows if row]
    if len(columns) < 2:
        topics = _topics(material)
        return [(_COUNTED.format(_lowered(topic)), _COUNTED) for topic in topics[:1]]
    texts = []
    for _ in range(_PER_MATERIAL):
        row = rng.choice(rows) if rows else ()
        told = {
            "column": _lowered(rng.choice(columns[1:])),
            "key": _lowered(columns[0]),
            "value": next((cell for cell in row if _WORDLIKE.search(cell)), _lowered(columns[0])),
            "title": _named(material.title),
        }
        form = rng.choice(_FORMS[Retriever.TABLES])
        texts.append((" ".join(form.format(**told).split()[: _LONGEST + 4]), form))
    return texts


def _topic(text: str) -> str:
    """Return words that can stand in a question, or nothing where there are too few or too many."""
    words = _NUMBERED.sub("", re.sub(r"[*_`~]+", "", html.unescape(text)).strip(" .,:;#–-\xa0")).split()
    said = " ".join(words[:_LONGEST])
    return said if said.casefold() not in _EMPTY and _WORDLIKE.search(said) and not _LIKE_AN_ID.fullmatch(said) else ""


def _first_words(text: str) -> str:
    return re.split(r"(?<=[.?!])\s|\n", text.strip(), maxsplit=1)[0]


def _named(title: str) -> str:
    """Return a title as people say it: without folders and a file's ending."""
    bare = re.sub(r"\.[a-z0-9]{1,5}$", "", title.rsplit("/", 1)[-1], flags=re.IGNORECASE)
    return re.sub(r"[_-]+", " ", bare).strip()


def _lowered(topic: str) -> str:
    """Return a topic with a small first letter, unless its first word is an abbreviation."""
    return topic if topic[:2].isupper() else topic[:1].lower() + topic[1:]


def _is_prose(line: str) -> bool:
    return len(re.findall(r"[A-Za-z]{2,}", line)) >= 3 and not re.search(r"[={};]|\(\)|->", line)
