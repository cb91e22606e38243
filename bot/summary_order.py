"""When a message asks to sum up a conversation, and since when.

Surprising: the whole message must be the request. "Summarise the travel policy" is a question for the documents.
"""

import re
from datetime import datetime, timedelta

_POLITE = r"(?:hey|hi|please|pls|(?:can|could|would|will) you|kindly|now|just|give (?:me|us)|i need|a|the|short|quick)"
_VERB = (
    r"(?:summar(?:y|ise|ize)(?: of)?|tl;?\s?dr(?: of)?|sum up|sum (?:this|it|that) up|recap(?: of)?"
    r"|catch me up(?: on)?|what did (?:i|we) miss|what (?:have i|did i) missed?|what happened)"
)
_PLACE = (
    r"(?:in |of |from |on )?(?:(?:this|the|that|our) (?:whole )?(?:thread|conversation|discussion|channel|chat|here)"
    r"|this|here|it|#\S*)"
)
_DAY = r"(?:last )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_TIME = (
    r"(?:(?:since|from|for|over|of|in)?\s*(?:the )?"
    rf"(?:(?:last|past) (?:\d{{1,3}} )?(?:minute|hour|day|week|month)s?|today|yesterday|this week|{_DAY}"
    r"|this morning|week|month|day))"
)
_END = r"(?:[,\s]+(?:please|thanks|thank you))?\s*[?.!]*"
_ORDER = re.compile(rf"(?:{_POLITE}[,\s]+)*{_VERB}(?:\s+{_PLACE})?(?:\s+{_TIME})?{_END}", re.IGNORECASE)
_LONGEST = 300  # characters; the pattern takes cubic time where much is between the words
_LAST = re.compile(r"(?:last|past) (?:(\d{1,3}) )?(minute|hour|day|week|month)", re.IGNORECASE)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30}


def is_order(text: str) -> bool:
    """Tell whether a message asks to sum up a conversation, and nothing else."""
    said = " ".join(text.split())
    return len(said) <= _LONGEST and bool(_ORDER.fullmatch(said))


def since(text: str, now: datetime) -> datetime | None:
    """Return the time that a message names, whole days in the zone of `now`; None where it names none."""
    lowered = text.lower()
    found = _LAST.search(lowered)
    if found:
        return now - timedelta(days=int(found.group(1) or 1) * _UNITS[found.group(2)])
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if "yesterday" in lowered:
        return today - timedelta(days=1)
    if "today" in lowered or "this morning" in lowered:
        return today
    if "week" in lowered:
        return today - timedelta(days=now.weekday())
    day = next((number for number, name in enumerate(_DAYS) if name in lowered), None)
    if day is not None:
        return today - timedelta(days=(now.weekday() - day) % 7 or 7)
    return now - timedelta(days=30) if "month" in lowered else None
