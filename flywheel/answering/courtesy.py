"""Reply to what is not a question: a greeting, thanks, a farewell, or nothing at all."""

import re

WRITER = "courtesy"

_GREETING = re.compile(
    r"(?:(?:oh|so|well|ok|okay) )?"
    r"(?:hi+|hello+|hel+o|hey+|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|morning|greetings|hei|hallo|moin"
    r"|bonjour|hola|ciao)"
    r"(?: (?:there|all|everyone|everybody|team|bot|flywheel|folks|again|hi|hello|hey|good morning))*"
    r"(?: (?:how are (?:you|things)(?: (?:doing|today))*|how'?s it going|what'?s up|nice to meet you))?"
)
_THANKS = re.compile(
    r"(?:(?:ok|okay|great|perfect|cool|nice|awesome|super|ah|oh|no|yes|wow|hey|hi|got it|that (?:works|helped|helps))"
    r"[, ]*)*"
    r"(?:thanks|thank you|thx|ty|cheers|tusen takk|takk|merci|many thanks|much appreciated|appreciate it)"
    r"(?: (?:a lot|so much|very much|a bunch|again|all|everyone|bot|flywheel"
    r"|for (?:the|your) (?:quick )?(?:help|answer|reply)|for (?:that|this|helping|explaining)"
    r"|that (?:helps|helped|works|worked)|you|team|man|mate))*"
)
_AGREED = re.compile(
    r"(?:ok|okay|great|perfect|cool|nice|awesome|got it|all good|never ?mind|sounds good|good bot|well done"
    r"|that (?:works|worked|helped|helps)|works|solved|done|yes|no|yep|nope|lol|ha(?:ha)+|wow|sure|right|i see"
    r"|makes sense|good job|nice one|love it|same here|never mind me)(?: (?:now|then|all|bot|flywheel))*"
)
_FAREWELL = re.compile(
    r"(?:bye(?: bye)?|goodbye|see you|see ya|good night|cu|take care"
    r"|have a (?:nice|good|great) (?:day|weekend|evening))(?: (?:all|bot|later|tomorrow|everyone|team|flywheel))*"
)
_WHO = re.compile(
    r"(?:(?:hi|hello|hey) )?"
    r"(?:help|help me|what (?:can|do) you do(?: for me)?|who are you|what are you|what is this(?: bot)?"
    r"|are you (?:a |an )?(?:bot|human|robot|there|ai|real|person)|how (?:do|can|should) i (?:use|ask) you"
    r"|how do you work|what'?s your name|what is your name|tell me about yourself|test|testing)"
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
