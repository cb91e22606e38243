"""Words of questions that mean the same as words in the heads of tables, and what superlatives measure.

Written by hand from general English. A group is a set of words that stand for one another between a question and the
name of a column; `MEASURES` says which columns an adjective compares ("cheapest" compares prices).
"""

from collections.abc import Mapping
from functools import cache

from flywheel.answering.words import FUNCTION_WORDS, stem


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's words."""
    return frozenset(map(stem, text.split()))


_GROUPS = """
    win, wins, won, winner, winning, champion, victor
    nominate, nominated, nomination, nominations
    play, plays, played, role, character, part, portray
    direct, directed, director
    write, wrote, written, writer, author
    produce, produced, producer
    own, owns, owner, responsible, charge, accountable, contact, lead
    position, place, placed, rank, ranked, ranking, placing, standing, finish, finished
    leave, left, quit, end, ended, ends
    become, became, took, start, started, starts, begin, began, appointed
    headcount, people, employees, staff, persons, fte, heads
    price, cost, costs, fee, fees, paid, pay, amount, charge, list
    share, percentage, percent, proportion
    network, channel, broadcaster
    opponent, against, versus, opposition
    viewers, audience, watched
    distance, length, long, far, km, kilometres, miles
    duration, length, long, runtime
    population, inhabitants, residents, people
    apps, appearance, appearances, caps, games, matches, played
    weight, heavy, heavier, weigh, weighs, mass
    height, tall, high
    capacity, seats, seat, fit, fits, holds, people
    revenue, sales, turnover, income
    vendor, supplier, provider
    customer, client, account
    salary, wage, pay, compensation
    phone, telephone, number, call
    e, mail, email, address
    city, town
    country, nation, nationality
    department, team, unit, group
    expire, expires, expiry, expiration, end, ends, renewal, renew, renews, renewed
    budget, spend, spending, budgeted, planned
    open, opened, opening, opens
    release, released, publish, published, appear, appeared
    version, release
    deputy, backup, secondary, second, stand
    primary, first, main
    term, notice, period
    quarter, quarters
    item, product, article, sku, model
    status, state
    old, age, aged
    fast, quick, time, speed, pace
    big, large, size, area
    often, frequency, interval
    measure, measures, measured, range
    accuracy, accurate, precise, precision
"""

_WORKS = stems(
    "film films movie movies show shows series album albums song songs single singles book books game games work "
    "works title titles programme programmes record records play plays production productions video videos"
)
_WORK_HEADS = stems("title film movie show single album song work book game nominated nominee programme series name")

PEOPLE = stems(
    "name candidate winner player director person people owner contact author recipient recipients president driver "
    "rider athlete swimmer employee manager member artist champion speaker opponent final actor actress nominee "
    "incumbent primary engineer lead coach captain responsible account representative holder"
)
"""Stems of the names of columns that hold people: what "who" asks for."""

PLACES = stems("venue location city place country arena stadium site office address region town")
"""Stems of the names of columns that hold places: what "where" asks for."""

TIMES = stems("date year day month season time when period from since start end opened renewal expiry deadline")
"""Stems of the names of columns that hold times: what "when" asks for."""

RANKS = stems("rank position place pos standing placing") | {"rank", "position"}
"""Stems of the names of columns in which 1 is best."""

PRICES = stems("price cost fee amount")
"""Stems of the columns that "how much" asks for where nothing else is named."""

HIGHEST = word_set(
    "highest most largest longest biggest maximum max greatest expensive priciest heaviest tallest latest newest "
    "slowest top widest"
)
LOWEST = word_set(
    "lowest fewest least smallest shortest minimum min cheapest lightest earliest oldest fastest quickest narrowest"
)

MEASURES: Mapping[str, frozenset[str]] = {
    word: frozenset(stem(one) for one in measured.split())
    for words, measured in (
        (("expensive", "priciest", "cheapest"), "price cost fee amount rate"),
        (("longest", "shortest"), "distance length duration time term"),
        (("heaviest", "lightest"), "weight mass"),
        (("largest", "biggest", "smallest"), "size area capacity seats population"),
        (("tallest",), "height elevation"),
        (("latest", "newest", "earliest", "oldest"), "date year opened released start founded built"),
        (("fastest", "quickest", "slowest"), "time duration"),
    )
    for word in words
}
"""Stems of the columns that an adjective compares without naming them."""

DATED = word_set("latest newest earliest oldest")
"""Superlatives that compare days and years; all others compare numbers."""

RIGID = word_set(
    "first second third fourth fifth sixth seventh eighth ninth tenth last next previous not except excluding besides "
    "without never neither nor other others another besides instead only both each every per median after before since "
    "no non lack lacks lacking don doesn didn isn aren wasn weren hasn haven cannot nobody nothing "
    "until between today tomorrow yesterday tonight"
)
"""Words that change what is asked in a way that is not understood here: no answer where they mean no cell."""

FREE = stems(
    "get got make made come came take took run ran swim swam give show list name tell finish appear table tables row "
    "rows column entry entries value figure value times time number reach according recorded total overall"
)
"""Stems that ask for nothing of their own."""


@cache
def alike(word: str) -> frozenset[str]:
    """Return the stems that a question's stem may mean in the head of a column, itself included."""
    found = {word} | _kin().get(word, frozenset())
    return frozenset(found | _WORK_HEADS) if word in _WORKS else frozenset(found)


def is_filler(word: str) -> bool:
    """Tell whether a lower-case word carries no meaning of its own in a question."""
    return word in FUNCTION_WORDS or len(word) == 1


@cache
def _kin() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _GROUPS.strip().splitlines():
        group = frozenset(stem(word.strip()) for word in line.split(","))
        for one in group:
            found[one] = found.get(one, frozenset()) | group
    return found
