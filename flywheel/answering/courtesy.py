"""Reply to what is not a question: a greeting, thanks, a farewell, or nothing at all."""

import re

WRITER = "courtesy"

_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|greetings|hei|hallo|moin|bonjour)"
    r"(?: (?:there|all|everyone|everybody|team|bot|flywheel|again))*"
)
_THANKS = re.compile(
    r"(?:(?:ok|okay|great|perfect|cool|nice|awesome|super|ah|oh|no)[, ]*)*"
    r"(?:thanks|thank you|thx|ty|cheers|tusen takk|takk|merci|many thanks|much appreciated|appreciate it)"
    r"(?: (?:a lot|so much|very much|a bunch|again|all|everyone|bot|flywheel|for (?:the|your) help|that helps|you))*"
)
_AGREED = re.compile(
    r"(?:ok|okay|great|perfect|cool|nice|awesome|got it|all good|never ?mind|sounds good|good bot|well done"
    r"|that (?:works|helped|helps)|works|solved|done|yes|no|yep|nope|lol|haha+)"
)
_FAREWELL = re.compile(
    r"(?:bye|goodbye|see you|see ya|good night|have a (?:nice|good|great) (?:day|weekend|evening))"
    r"(?: (?:all|bot|later))*"
)
_WHO = re.compile(
    r"(?:help|what (?:can|do) you do|who are you|what are you|are you (?:a )?(?:bot|human|robot|there)"
    r"|how (?:do|can) i use you|test|testing)"
)
_HOW = (
    "Ask me something about the company in your own words, for example “How many days of parental leave do we get?”. "
    "I answer from the documents you can read and name my sources; if I find nothing, I say so."
)
_REPLIES = (
    (_GREETING, f"Hello! {_HOW}"),
    (_THANKS, "You're welcome! The Yes and No buttons under an answer help me get better."),
    (_AGREED, "All right. Ask again whenever you need something."),
    (_FAREWELL, "Goodbye! I'm here whenever you have a question."),
    (_WHO, f"I'm Flywheel, a bot that answers from your company's knowledge. {_HOW}"),
)


def reply(text: str) -> str | None:
    """Return a plain reply to a message that asks nothing, or None when it should be answered from the documents."""
    bare = _bare(text)
    if not bare:
        return f"I can't see a question in your message. {_HOW}"
    return next((answer for pattern, answer in _REPLIES if pattern.fullmatch(bare)), None)


def is_courtesy(text: str) -> bool:
    """Tell whether a message asks nothing."""
    return reply(text) is not None


def _bare(text: str) -> str:
    """Return the words of a message: without mentions, emoji codes and punctuation, in lower case."""
    without = re.sub(r"<[@#!][^>]*>|:[a-z0-9_+\-]+:", " ", text.lower())
    return " ".join(re.sub(r"[^\w\s,']", " ", without).replace(",", " ").split())
