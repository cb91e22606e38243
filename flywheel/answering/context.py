"""Make a follow-up into a question of its own.

A *follow-up* leans on what was said before it in the thread: it points back ("how long is it valid?"), goes on ("and
for Bergen?", "what about contractors") or is too short to stand ("why?"). Everything else stays exactly as it is.

Without a language model the follow-up is completed by rule from the asker's earlier question: a place or name that it
replaces is replaced, otherwise the two are joined. With one, the model rewrites it, and the rewriting is taken only
if it brings no words of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flywheel.answering.courtesy import is_courtesy
from flywheel.answering.words import FUNCTION_WORDS, content_words, covered, names, words
from flywheel.errors import ModelUnavailable
from flywheel.ports import ChatMessage, LanguageModel

LONGEST_QUESTION = 120
"""Words; a longer message is searched by its questions alone."""
_CONDENSED = 60
_LONGEST_REWRITE = 400
_NEW_WORDS = 0.25
_REWRITE_TOKENS = 120

_GOES_ON = re.compile(
    r"^(?:and|but|so|or|also|ok(?:ay)?|then|what about|how about|what if|same for|and what about|or for)\b[,:]?\s*",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(?:(?:and|or|but|so|ok(?:ay)?|then)\s+)*(?:what about|how about|same for)?\s*", re.IGNORECASE)
_POINTING = "it they them this that those these he she him her his its their one ones there"
_POINTS_BACK = frozenset(_POINTING.split())
_EMPTY_IT = re.compile(
    r"\b(?:does it take|is it (?:possible|ok|okay|allowed|true|safe|necessary)|it is|it's|it takes"
    r"|this (?:week|month|year|morning|quarter|company)|(?:is|are|if) there|there (?:is|are|a|any)"
    r"|that (?:i|we|you|a|the|is|are|was|were|has|have|can|do|does|my|our|need)"
    r"|any one|no one|one of|one (?:day|week|month|year|person))\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:<@[^>]*>|hi|hello|hey|thanks|thank you|thx|ok|okay|great|good morning)"
    r"(?: (?:there|all|flywheel))?[,!.:;\s]+)+",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(in|at|for|from|to|on|with) ((?:the )?[A-ZÆØÅ][\w\-]*(?: [A-ZÆØÅ][\w\-]*)*)")
_SENTENCE = re.compile(r"[^.?!\n]*[?]")
_INSTRUCTION = (
    "Rewrite the last message of this conversation as one question that can be understood without the conversation. "
    "Use only words from the conversation, keep names and numbers exactly, keep the language. If it already stands "
    "alone, repeat it. Reply with the question alone."
)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier message of the thread and who wrote it."""

    person: str
    text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A question that stands alone, and how it came to be, in plain words; `how` is empty when nothing was done."""

    question: str
    how: str = ""


def understand(text: str, person: str, thread: Sequence[Turn], model: LanguageModel | None) -> Understood:
    """Return the question to search for. The model, when given, is asked only about follow-ups."""
    text = " ".join(text.split())
    text = _OPENING.sub("", text) or text
    if len(text.split()) > LONGEST_QUESTION:
        return Understood(condensed(text), f"The message has {len(text.split())} words; its questions were searched.")
    if not thread or not is_follow_up(text):
        return Understood(text)
    by_rule = completed(text, person, thread)
    if model is None:
        return by_rule
    return _rewritten(text, thread, model) or Understood(by_rule.question, f"{by_rule.how} (The model did not help.)")


def is_follow_up(text: str) -> bool:
    """Tell whether a message leans on what was said before it."""
    if _GOES_ON.match(text):
        return True
    meaning = content_words(text)
    if not meaning:
        return True
    bare = _EMPTY_IT.sub(" ", text)
    if _POINTS_BACK & set(words(bare)):
        return True
    return len(meaning) == 1 and len(words(text)) <= 3 and "?" in text


def completed(text: str, person: str, thread: Sequence[Turn]) -> Understood:
    """Complete a follow-up by rule, from the asker's last question in the thread or, without one, anybody's."""
    earlier = _earlier_question(person, thread)
    if earlier is None:
        return Understood(text)
    how = f"Read as a follow-up to “{_short(earlier)}”."
    rest = _ABOUT.sub("", text, count=1).strip()
    replaced = _with_place(earlier, rest)
    if replaced is not None:
        return Understood(replaced, how)
    return Understood(_joined(earlier, rest or text), how)


def condensed(text: str) -> str:
    """Return a long message's questions, or its first and last words when it asks none; at most 60 words."""
    asked = [one.strip() for one in _SENTENCE.findall(text) if len(content_words(one)) > 1]
    if asked:
        return " ".join(" ".join(asked).split()[-_CONDENSED:])
    all_words = text.split()
    return " ".join(all_words[: _CONDENSED // 2] + all_words[-_CONDENSED // 2 :])


def _earlier_question(person: str, thread: Sequence[Turn]) -> str | None:
    """Return the last question before this message, itself completed if it was a follow-up."""
    meant = [turn for turn in thread if not is_courtesy(turn.text)]
    own = [turn for turn in meant if turn.person == person]
    asked = own or [turn for turn in meant if "?" in turn.text] or meant[:1]
    if not asked:
        return None
    last, before = asked[-1], asked[:-1]
    text = " ".join(last.text.split())
    if before and is_follow_up(text):
        return completed(text, last.person, before).question
    return text if len(text.split()) <= LONGEST_QUESTION else condensed(text)


def _with_place(earlier: str, rest: str) -> str | None:
    """Return the earlier question with its place or name replaced ("in Halifax" by "for Bergen"), or None."""
    follow = _PLACE.search(rest) or re.fullmatch(r"()((?:the )?[A-ZÆØÅ][\w\-]*)\??", rest)
    if follow is None or len(content_words(rest)) != len(content_words(follow.group(2))):
        return None
    places = list(_PLACE.finditer(earlier))
    name = follow.group(2)
    if places:
        start, end = places[-1].span(2)
        return earlier[:start] + name + earlier[end:]
    if not names(earlier):
        return f"{earlier.rstrip('?!. ')} {follow.group(0) if follow.group(1) else f'for {name}'}".rstrip("?") + "?"
    return None


def _joined(earlier: str, rest: str) -> str:
    """Return the earlier question's words of meaning in front of the follow-up, without repeating any."""
    known = content_words(rest)
    kept = [
        word
        for word in earlier.rstrip("?!. ").split()
        if word.lower().strip("?,.!") not in FUNCTION_WORDS and not covered(content_words(word), known)
    ]
    return f"{' '.join(kept)}: {rest}" if kept else rest


def _rewritten(text: str, thread: Sequence[Turn], model: LanguageModel) -> Understood | None:
    said = "\n".join(f"- {' '.join(turn.text.split())[:600]}" for turn in thread[-6:])
    messages = [
        ChatMessage("system", _INSTRUCTION),
        ChatMessage("user", f"Conversation:\n{said}\n\nLast message: {text}"),
    ]
    try:
        reply = " ".join("".join(model.stream(messages, max_tokens=_REWRITE_TOKENS)).split()).strip('"“” ')
    except ModelUnavailable:
        return None
    if not reply or len(reply) > _LONGEST_REWRITE or not _is_faithful(reply, f"{said} {text}"):
        return None
    return Understood(reply, "The model made the follow-up into a question of its own.")


def _is_faithful(reply: str, conversation: str) -> bool:
    meaning = content_words(reply)
    known = covered(meaning, content_words(conversation))
    return bool(meaning) and len(meaning) - len(known) <= _NEW_WORDS * len(meaning)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
