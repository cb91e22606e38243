"""Ask a person: whom, with what, and what became of it.

The buttons carry the id of a request, `ASK` and `MORE` the id of an answer. Surprising: the modal's `about` is
`<answer id>#<person>`, so that nobody else is asked than the one who was shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import limits
from bot.blocks.message import Block, Message, actions, button, context, modal, note, section, text_input
from bot.blocks.text import inert, link, person, plain, when

ASK = "ask_person"
MORE = "answer_more"
ASK_FORM = "ask_person_form"
QUESTION = "question"
ASK_LABEL = "Ask a person"
RESOLVED = "escalation_resolved"
NOT_ME = "escalation_not_me"
REPLY = "escalation_reply"
REPLY_FORM = "escalation_reply_form"
ANSWER = "answer"
LOOKING = "One moment, I am looking for somebody who may know."

_LONGEST_QUESTION = 1_500
_LONGEST_REMINDED = 600
_LONGEST_NAME = 80
_LONGEST_REASON = 400
_BECOMES = (
    "If they can't help, I ask the next person who may know. What they reply goes to the people who approve answers."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """Whom the bot would ask, by `name`, and why; `in_charge` says that nobody nearer to the topic is known."""

    answer_id: str
    person: str
    name: str
    why: str
    question: str
    in_thread: bool
    in_charge: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is shown to its expert: `titles` are documents that were found and that they may read.

    `state` says what became of it, empty while it waits; `is_open` that it may still be answered. `url` leads to the
    question where the expert may open it.
    """

    id: str
    asker: str
    expert: str
    question: str
    in_thread: bool
    titles: Sequence[str] = ()
    url: str = ""
    state: str = ""
    is_open: bool = True


def ask_button(answer_id: str) -> Block:
    """Return the button that opens the offer."""
    return button(ASK_LABEL, ASK, answer_id)


def offer_view(offer: Offer) -> Block:
    """Render whom the bot would ask, what they will see, and where."""
    name = limits.clip(inert(plain(offer.name)), _LONGEST_NAME).replace("*", "∗")
    why = limits.clip(inert(plain(offer.why)), _LONGEST_REASON)
    first = "I know nobody who works on this. " if offer.in_charge else ""
    where = (
        "I ask them in the thread of the question, where everybody in the channel can read along."
        if offer.in_thread
        else "I ask them in a direct message. They see your name, the words below, and the titles of what I found that "
        "they may read too."
    )
    words = text_input(QUESTION, "Your question, as they will see it", initial=offer.question)
    blocks = [
        section(f"{first}I would ask *{name}*{f', who {why}' if why else ''}."),
        section(where),
        *([] if offer.in_thread else [words]),
        context(_BECOMES),
    ]
    about = f"{offer.answer_id}#{offer.person}"
    return modal(ASK_LABEL, blocks, callback_id=ASK_FORM, about=about, submit="Ask them")


def said_view(text: str) -> Block:
    """Say in a modal why nobody is asked now; `text` is markup that has passed the gate."""
    return modal(ASK_LABEL, [section(text)], callback_id="ask_person_said", about="-")


def looking_view() -> Block:
    """Say at once that somebody is being looked for, since a modal may not wait for more than three seconds."""
    return said_view(LOOKING)


def asked_before(name: str, at: datetime) -> str:
    """Say who has been asked already."""
    return f"I asked {inert(plain(name))} on {when(at)}. I will remind them once if they do not reply."


def unfit() -> Message:
    """Say that whom the bot offered to ask cannot be asked any more."""
    return note(f"They can't be asked any more. Press “{ASK_LABEL}” again.")


def nobody(names: Sequence[str]) -> str:
    """Say that there is nobody to ask, and who administers the bot."""
    admins = ", ".join(inert(plain(one)) for one in names)
    return "I know nobody whom I could ask about this." + (
        f" You can turn to an administrator: {admins}." if names else ""
    )


def request_message(asked: Asked) -> Message:
    """Render the request to its expert, with what became of it."""
    said = _in_thread(asked) if asked.in_thread else _alone(asked)
    quoted = _question(asked.question, _LONGEST_QUESTION)
    found = [context(f"I found: {', '.join(inert(plain(one)) for one in asked.titles)}")] if asked.titles else []
    blocks = [section(said), section(quoted), *found, *_opened(asked), *_rest(asked)]
    told = f"{said}\n{inert(limits.clip(asked.question, _LONGEST_QUESTION))}"
    return Message(limits.clip(told, limits.FALLBACK_TEXT), tuple(blocks))


def reply_view(escalation_id: str, question: str) -> Block:
    """Render the form in which an expert answers."""
    blocks = [
        section(_question(question, _LONGEST_REMINDED)),
        text_input(ANSWER, "What is the answer?"),
    ]
    return modal("Answer", blocks, callback_id=REPLY_FORM, about=escalation_id, submit="Send")


def reply_message(escalation_id: str, expert: str, question: str, text: str) -> Message:
    """Bring a reply to who asked in private."""
    told = f"{person(expert)} replied to your question “{inert(limits.clip(plain(question), 300))}”:"
    blocks = [section(told), *(section(one) for one in limits.split(inert(text), limits.SECTION_TEXT)[:4])]
    done = button("Resolved, thank you", RESOLVED, escalation_id)
    return Message(
        limits.clip(f"{told}\n{inert(text)}", limits.FALLBACK_TEXT), (*blocks, actions("escalation", [done]))
    )


def reply_too_late(text: str) -> Message:
    """Give an expert their words back: the question was settled while they wrote."""
    told = "This was settled while you wrote, so I did not pass your answer on. You wrote:"
    blocks = [section(told), *(section(one) for one in limits.split(inert(text), limits.SECTION_TEXT)[:4])]
    return Message(limits.clip(f"{told}\n{inert(text)}", limits.FALLBACK_TEXT), tuple(blocks))


def sent_message(escalation_id: str, expert: str) -> Message:
    """Confirm to the asker that a person was asked in private."""
    text = f"I asked {person(expert)}. I will bring you their reply here."
    return Message(text, (section(text), actions("escalation", [button("Resolved", RESOLVED, escalation_id)])))


def reminder_message(asked: Asked) -> Message:
    """Remind an expert once."""
    text = f"{person(asked.expert)}, a reminder: {person(asked.asker)} still waits for an answer to this."
    quoted = _question(asked.question, _LONGEST_REMINDED)
    return note(text) if asked.in_thread else Message(text, (section(text), section(quoted), *_rest(asked)))


def overdue_message(asker: str, expert: str, asked_at: datetime, url: str) -> Message:
    """Tell an administrator that a question has waited too long; the question itself stays where it was asked."""
    where = f" {link(url, 'Open the thread')}." if url else ""
    return note(
        f"{person(asker)} has waited for {person(expert)} since {when(asked_at)}. I reminded them once and will not "
        f"again.{where}"
    )


def exhausted(asker: str, names: Sequence[str]) -> Message:
    """Tell an asker that nobody is left to ask."""
    return note(f"{person(asker)}, whom I asked cannot help with this. {nobody(names)}")


def _question(text: str, longest: int) -> str:
    return f"*Question*\n{inert(limits.clip(text, longest))}"


def _in_thread(asked: Asked) -> str:
    return (
        f"{person(asked.expert)}, can you help {person(asked.asker)} with this question? Please reply in this thread."
    )


def _alone(asked: Asked) -> str:
    return f"{person(asked.asker)} asks for your help. Reply in the thread of this message, or press “Write an answer”."


def _opened(asked: Asked) -> list[Block]:
    return [section(link(asked.url, "Open the thread"))] if asked.url and not asked.in_thread else []


def _rest(asked: Asked) -> list[Block]:
    if not asked.is_open:
        return [context(asked.state)]
    write = [] if asked.in_thread else [button("Write an answer", REPLY, asked.id, style="primary")]
    waiting = [] if asked.state else [button("Not me, ask somebody else", NOT_ME, asked.id)]
    row = actions("escalation", [*write, button("Resolved", RESOLVED, asked.id), *waiting])
    small = asked.state or "Your reply also goes to the people who approve answers, with your name."
    return [row, context(small)]
