"""Let a hit grow to its section: whoever writes from a passage reads what stands around it.

A section is the text that stands together in a document under the same headings. A page break may lie inside it, and
tables, pictures and commands in between are passed over, since they are passages of their own. A hit grows from its own
passage outwards, to both sides in turn, while everything fits the budget; its own text is always whole. What is quoted
from a grown hit is cited as that hit.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from flywheel.core import Core
from flywheel.model import Audience, Hit, Kind
from flywheel.store import sections
from flywheel.store.sections import Neighbour

FEW = 4
"""How many hits grow: the best of those that are text. A writer quotes from two or three."""

_REACH = 4  # passages to each side, which is more than a budget of 4,000 characters can take
_BETWEEN = "\n\n"


def grown(core: Core, hits: Sequence[Hit], audience: Audience, budget: int) -> list[Hit]:
    """Return the hits with the best few text passages extended to at most `budget` characters each.

    Order and ids stay. A later hit that came whole into an earlier one is left out, so that nothing is read twice.
    """
    chosen = [hit for hit in hits if hit.is_passage and hit.kind is Kind.TEXT][:FEW]
    with core.database.read() as db:
        near = sections.around(db, [hit.passage_id for hit in chosen], audience, _REACH)
    of_hit: dict[str, list[Neighbour]] = defaultdict(list)
    for one in near:
        if one.kind == Kind.TEXT:
            of_hit[one.of].append(one)
    told: set[str] = set()
    result = []
    for hit in hits:
        if hit.passage_id in told:
            continue
        section = _section(hit, of_hit.get(hit.passage_id, []), told, budget)
        told.update(one.id for one in section)
        text = _BETWEEN.join(one.text for one in section)
        result.append(replace(hit, text=text) if len(section) > 1 else hit)
    return result


def _section(hit: Hit, near: Sequence[Neighbour], told: set[str], budget: int) -> list[Neighbour]:
    """Return the run of neighbours around a hit's passage that belong to it and fit, in order."""
    place = next((place for place, one in enumerate(near) if one.id == hit.passage_id), None)
    if place is None:
        return []
    first = last = place
    room = budget - len(near[place].text)
    before, after = True, True
    while before or after:
        before = before and first > 0 and _fits(near[first - 1], near[first], told, room)
        if before:
            first -= 1
            room -= len(near[first].text) + len(_BETWEEN)
        after = after and last + 1 < len(near) and _fits(near[last + 1], near[last], told, room)
        if after:
            last += 1
            room -= len(near[last].text) + len(_BETWEEN)
    return list(near[first : last + 1])


def _fits(one: Neighbour, beside: Neighbour, told: set[str], room: int) -> bool:
    """Tell whether a neighbour continues the section, has not been told, and there is room for it."""
    return one.heading_path == beside.heading_path and one.id not in told and len(one.text) + len(_BETWEEN) <= room
