"""How a message is built: its words with the matter taken out, as n-grams hashed into buckets.

    "is the travel policy done?"        ^ is the _ done ?
    "how do I get a parking permit?"    ^ how do i get a _ ?

A *form* is a run of one to three of these. Vectors of meaning are about the matter, which talk and questions share;
forms tell "is the _ done" from "is there a _ for".
"""

import hashlib
import re
from functools import cache, lru_cache
from itertools import groupby

BUCKETS = 4_096
MATTER = "_"

_LONGEST = 3
_MARKS = frozenset("?!.,;")
_MOST_TOKENS = 60
_TOKEN = re.compile(
    r"@\w+|https?://\S+|:[a-z0-9_+\-]{2,}:|[\U0001F300-\U0001FAFF\u2600-\u27BF]|\d[\d.,:]*|[\w'’]+|[?!.,;]|`+"
)
_KEPT = """
a an the this that these those there here it its it's that's what's who's where's how's when's i i'm i'd i've i'll me
my mine we we're we've we'd our ours us let's you you're you've you'd your yours u ya he she him her his hers they
they're them their one ones everyone everybody anyone anybody someone somebody nobody all any some many much more most
few both each every no none other another else same who whom whose what which when where why how whether if is isn't
are aren't am was wasn't were be been being do does did don't doesn't didn't done doing have has had haven't hasn't
having can can't could couldn't will would wouldn't won't shall should shouldn't may might must cannot need needs want
wants wanted and or but so because as than then too also just only even still yet already again ever never always
often usually not in on at to for from of off out up down with without by about into over under after before during
until since while per via between through back away around now today tonight tomorrow yesterday later soon morning
afternoon evening night week weekend monday tuesday wednesday thursday friday saturday sunday minute minutes min sec
second hour hours day days month months year years time times last next early late long far big old new good bad best
better great nice fine cool fun right wrong sure ready free busy available possible allowed required eligible supposed
able necessary documented written covered hi hey hello thanks thank thx ty cheers please pls sorry welcome congrats
congratulations happy bye ok okay yes yep yeah nope lol haha omg wow ugh hmm oh ah well works worked working broken
slow stuck get gets getting got go goes going gone went come comes coming came make makes made take takes taking took
taken find found look looks looking looked see seen saw watch know knows think thinks thought mean means say says said
tell told ask asks asked answer heard hear talk talking speak spoke spoken call called meet meeting meetings lunch
coffee try tried trying use using used work start starting started finish finished stop wait waiting send sent share
shared show give gave put left leave forgot bring brought buy eat join joining joined attend help helped fix fixed
check checked review reviewed merge merged push pushed deploy deploying deployed update updated test testing book
booked order change changed happen happened happening feel like love hate hope wish guess wonder wondering believe
remember point explain describe recommend suggest suggestions thoughts opinions feedback news question questions quick
policy process procedure rule rules guideline guidelines limit form template guide handbook documentation docs doc
page document list steps deadline approval permission access contact responsible owns own approves decides handles
maximum minimum difference
"""


def forms(text: str) -> tuple[int, ...]:
    """Return the buckets of the forms in a message, each once, in ascending order."""
    tokens = ["^", *tokens_of(text), "$"]
    spans = (tokens[start : start + size] for size in range(1, _LONGEST + 1) for start in range(len(tokens) - size + 1))
    return tuple(sorted({_bucket(" ".join(span)) for span in spans}))


def tokens_of(text: str) -> list[str]:
    """Return the words that make a message's form; everything that it is about is one `_`."""
    plain = text.lower().replace("’", "'")
    found = [_kind(token) for token in _TOKEN.findall(plain)[:_MOST_TOKENS]]
    return [token for token, run in groupby(found) for _ in (run if token != MATTER else [token])]


def _kind(token: str) -> str:
    if token in _kept() or token in _MARKS:
        return token
    if token.startswith("http"):
        return "<link>"
    if token.startswith("@"):
        return "<person>"
    if token[0].isdigit():
        return "<number>"
    if token[0] == "`":
        return "<code>"
    return MATTER if token[0].isalnum() else "<emoji>"


@cache
def _kept() -> frozenset[str]:
    return frozenset(_KEPT.split())


@lru_cache(maxsize=65_536)
def _bucket(form: str) -> int:
    return int.from_bytes(hashlib.blake2b(form.encode(), digest_size=8).digest()) % BUCKETS
