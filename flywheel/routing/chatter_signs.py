"""What a message looks like from outside: the plain signs by which a question to everybody is told from talk.

A *sign* is a number in [0, 1]. They are few and say what an encoder of meaning does not: whom a message is put to, how
it is built, what is in it besides words. `SIGNS` names them in the order of `signs`.
"""

import math
import re
from collections.abc import Callable, Mapping

_NAMED = re.compile(r"(?:^|\s)@\w+")
_EMOJI = re.compile(r":[a-z0-9_+\-]{2,}:|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_WORDS = re.compile(r"[\w'’]+")
_LONG = 40
_SHORT = 4
_END = 1_000  # characters

_PATTERNS: Mapping[str, str] = {
    "ends_asking": r"\?\W*$",
    "asks_inside": r"\?\s+\S",
    "asks_twice": r"\?[\s\S]*\?",
    "asks_loudly": r"\?[?!]|!\?",
    "exclaims": r"!",
    "opens_with_w_word": r"^\W*(?:what|which|where|when|who|whom|whose|why|how)\b",
    "opens_with_verb": r"^\W*(?:is|are|was|were|do|does|did|can|could|may|must|should|shall|will|would|have|has|am)\b",
    "opens_with_anyone": r"^\W*(?:any ?one|any ?body|some ?one|some ?body|any)\b",
    "has_w_word": r"\b(?:what|which|where|when|who|whom|whose|why|how)\b",
    "how_to": r"\bhow (?:do|can|should|would|to|does|did)\b|\bhow (?:i|we) can\b",
    "how_much": r"\bhow (?:much|many|long|often|far|big|large|old|soon|early|late|high)\b",
    "where_is": r"\bwhere (?:is|are|do|does|can|would|should|'s)\b|\bwhere's\b",
    "who_does": r"\bwho (?:is|owns|approves|decides|handles|do i|should i|can i|to ask|signs|manages)\b",
    "do_we": r"\b(?:do|does|did|are|is|can|may|must|should|have) (?:we|i|one|our|the company|employees)\b",
    "is_there": r"\b(?:is|are) there\b",
    "anyone_knows": r"\b(?:any|some)(?:one|body) (?:\w+ )?(?:knows?|tell|explain|point|remember|aware|familiar)\b",
    "anyone_does": r"\b(?:any|some|every)(?:one|body)(?: here| else)? (?:up|in|seen|see|watch|want|wants|have|has|got"
    r"|free|around|home|online|heard|for|coming|going|joining|interested|looking|review|take|help|fancy|keen|able)\b",
    "says_you": r"\b(?:you|your|yours|u|ya)\b",
    "asks_you": r"\b(?:do|did|are|were|can|could|will|would|have|may|should|r) (?:you|u|ya|y'all|you're)\b",
    "says_i": r"\b(?:i|i'm|i've|i'd|i'll|my|me|im)\b",
    "says_we": r"\b(?:we|our|us|let's|lets)\b",
    "says_they": r"\b(?:he|she|him|her|his|hers|they|them|their)\b",
    "says_this": r"\b(?:this|that|it|these|those|here|there)\b",
    "speaks_of_now": r"\b(?:now|today|tonight|tomorrow|yesterday|later|soon|morning|afternoon|evening|weekend|lunch"
    r"|again|still|yet|already|currently|last night|next week|this week|minute|sec|second)\b",
    "in_the_past": r"\b(?:did|was|were|went|got|said|saw|had|forgot|broke|left|just)\b",
    "is_thankful": r"\b(?:thanks|thank you|thx|ty|cheers|please|pls)\b",
    "laughs": r"\b(?:lol|lmao|haha\w*|hehe\w*|rofl|omg|wtf|damn)\b",
    "agrees": r"^\W*(?:yes|yep|yeah|no|nope|ok|okay|sure|right|agreed|same|nice|cool|great|done|got it|hm+|ah+|oh)\b",
    "seeks_agreement": r",? (?:right|ok|okay|no|yes|huh|eh|or not|isn't it|don't you|aren't you|won't you)\s*\?\W*$",
    "continues": r"^\W*(?:ok |okay |thanks,? |great,? )?(?:and|but|also|what about|how about|what if|same|then)\b",
    "wants": r"\b(?:looking for|trying to|need to|want to|wondering|not sure how|can't find|question|help me)\b",
    "speaks_of_rules": r"\b(?:policy|process|procedure|allowed|limit|rule|guideline|form|template|document\w*|guide"
    r"|handbook|official\w*|eligible|deadline|approv\w*)\b",
    "has_code": r"```|`[^`]+`|\b\w+\(\)|[{};]|\berror:",
    "has_link": r"https?://|www\.",
    "has_comma_name": r"^\W*(?:hey |hi |hello )?[A-Z][a-z]+[,:] ",
}

_SEARCHES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, 0 if name == "has_comma_name" else re.IGNORECASE) for name, pattern in _PATTERNS.items()
}


def _length(text: str) -> float:
    return min(1.0, math.log1p(len(_WORDS.findall(text))) / math.log1p(_LONG))


def _is_short(text: str) -> float:
    return float(len(_WORDS.findall(text)) < _SHORT)


def _is_long(text: str) -> float:
    return float(len(_WORDS.findall(text)) > _LONG)


_ASKING = re.compile(
    r"\?|^\W*(?:\w+ ){0,3}(?:what|which|where|when|who|whom|whose|why|how|is|are|do|does|did|can|could|may|must"
    r"|should)\b|\b(?:looking for|wondering|question|not sure (?:how|where|what|if)|can't find|anyone knows?)\b",
    re.IGNORECASE,
)


def _states(text: str) -> float:
    return float(not _ASKING.search(text))


_MEASURES: Mapping[str, Callable[[str], float]] = {
    "states": _states,
    "length": _length,
    "is_short": _is_short,
    "is_long": _is_long,
    "names_somebody": lambda text: float(bool(_NAMED.search(text))),
    "emoji": lambda text: min(1.0, len(_EMOJI.findall(text)) / 2),
    "lines": lambda text: min(1.0, text.strip().count("\n") / 5),
    "sentences": lambda text: min(1.0, len(re.findall(r"[.!?]\s+\S", text)) / 4),
}

SIGNS = (*_SEARCHES, *_MEASURES)


def signs(text: str) -> tuple[float, ...]:
    """Return the signs of a message, each in [0, 1], in the order of `SIGNS`.

    Of a long one the beginning and the end count: some of the patterns take quadratic time.
    """
    text = text if len(text) <= 2 * _END else f"{text[:_END]}\n{text[-_END:]}"
    found = [float(bool(pattern.search(text))) for pattern in _SEARCHES.values()]
    return (*found, *(measure(text) for measure in _MEASURES.values()))
