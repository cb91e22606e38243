"""Tell whether a question asks for a person, and about what.

Only questions whose answer is whoever knows: who knows about X, who owns it, whom to ask. "Who approves expenses?" or
"who is eligible for leave?" ask for a rule that some document states, so they are none of these, and neither is "who
do I contact if…", which a procedure answers.
"""

import re

_BE = r"(?:'s|’s|s| is| are|'re| would be| was)?"
_ROLE = (
    r"(?:right |best |go[- ]to |main |main point of |point of )?"
    r"(?:persons?|people|colleagues?|contacts?|experts?|specialists?|owners?|maintainers?|authors?|gurus?"
    r"|subject[- ]matter experts?|smes?|go-?to)"
)
_FOR = r"(?:for|on|of|about|in|with|behind|regarding|concerning|to ask about|to talk to about|to ask)"
_OWNING = (
    r"(?:owns?|maintains?|wrote|authored|created|built|looks? after|takes? care of|works? on|worked on"
    r"|(?:is|are) (?:responsible for|in charge of|behind|familiar with|working on|looking after))"
)
_KNOWING = (
    r"(?:knows?|understands?|has (?:experience|knowledge|worked|expertise)|is (?:experienced|knowledgeable|good)"
    r"|(?:is|are) (?:the |an? )?experts?)"
)
_MUCH = r"(?: (?:anything|something|a lot|lots|much|more|most|all|everything|best|well|a bit|here))*"
_ASKING = r"(?:ask|talk to|talk with|speak to|speak with|turn to|reach out to|ping|approach|consult|go to)"
_ABOUT = r"(?:about|for help with|for help on|for advice on|for|with|regarding|concerning|on|when it comes to)"
_HELPING = r"(?:help|explain|advise|tell|teach|show|support|walk|assist|answer(?: questions?)?)"

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"\bwho(?: else| here| all| exactly)* {_KNOWING}{_MUCH}(?: (?:about|of|with|in|on|how to|how))? (?P<topic>.+)",
        rf"\bwho(?: else| here| all| exactly| actually)* {_OWNING} (?P<topic>.+)",
        rf"\bwho{_BE} (?:the |an? |our |your )?{_ROLE} {_FOR} (?P<topic>.+)",
        rf"\bwhom? (?:should|can|could|do|would|might|may|must|shall) (?:i|we|one|you|people|somebody|someone)"
        rf" {_ASKING}(?: to)? {_ABOUT} (?P<topic>.+)",
        rf"\bwhom?(?: is best)? to {_ASKING} {_ABOUT} (?P<topic>.+)",
        rf"\bwho(?: else| here)? (?:can|could|might|would|is able to) {_HELPING}"
        rf"(?: (?:me|us|you|out|through))*(?: (?:with|about|on|how to|in))? (?P<topic>.+)",
        rf"\b(?:is there|are there|looking for|need|find)(?: a| an| any)?"
        rf" (?:persons?|people|somebody|someone|anybody|anyone)(?: here)? (?:who|that) {_KNOWING}{_MUCH}"
        rf"(?: (?:about|of|with|in|on|how to))? (?P<topic>.+)",
        r"^(?:[^.?!]*\b)?(?:persons? responsible|subject[- ]matter experts?|experts?|point of contact|contact person"
        r"|go[- ]to person|maintainers?) (?:for|on|about|of|in) (?P<topic>.+)",
    )
)
_IDIOM = re.compile(
    r"\b(?:does|do|did) (?:anyone|anybody|someone|somebody|any of you) know\b"
    r"|^\W*(?:anyone|anybody|someone|somebody)\b",
    re.IGNORECASE,
)
_RULES = re.compile(
    r"\bwho(?:m|'s|’s)? (?:is |are |was |gets? |can be )?(?:allowed|eligible|entitled|permitted|required|supposed)\b"
    r"|\bwhom? (?:do|should|must) \w+ (?:contact|call|notify|inform|report)\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:(?:making |creating |who )?you|me|us|it|that|this|i)\b(?: are)?[\s?!.]*$", re.I
)  # "who made you?"
_ENDING = re.compile(r"[\s?!.,;:]+(?:please|thanks|thank you|here|around here|at the moment|right now)?[\s?!.]*$", re.I)
_OPENING = re.compile(r"^(?:the|our|a|an|this|that|how to use)\s+", re.IGNORECASE)
_SENTENCE = re.compile(r"[?!]\s+|\.\s+(?=[A-Z])|\n")


def asks_for_people(question: str) -> bool:
    """Tell whether a question asks who knows, owns or can help with something."""
    return _found(question) is not None


def topic(question: str) -> str:
    """Return what the person is wanted for, as written; the whole question where it asks for nobody."""
    found = _found(question)
    if found is None:
        return _ENDING.sub("", question.strip())
    named = _ENDING.sub("", f"{found.group('topic').strip()} ").strip()
    return _OPENING.sub("", named) or named


def _found(question: str) -> re.Match[str] | None:
    for sentence in _SENTENCE.split(question.replace("’", "'")):
        if _IDIOM.search(sentence) or _RULES.search(sentence):
            continue
        for form in _FORMS:
            found = form.search(sentence)
            if found and not _NOBODY.match(found.group("topic")):
                return found
    return None
