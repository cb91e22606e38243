"""How an answer looks now: its text or its correction, its votes, the age of its sources."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from slack_sdk.errors import SlackApiError

from bot import inviting, pictures, readers
from bot.blocks.abstain import abstain_message
from bot.blocks.answer import Amendment, Standing, answer_message, courtesy_message
from bot.blocks.asking import later_message
from bot.blocks.message import Message
from bot.blocks.text import PERSON_ID
from bot.face import Face
from bot.patience import sent
from bot.place import Place
from bot.place import standing as standing_at
from flywheel.answering import courtesy
from flywheel.model import Answer, CorrectionState, Hit, Retriever
from flywheel.signals.votes import live_votes
from flywheel.store import answers, corrections, documents, marks, passages, questions, signals, verified
from flywheel.store.database import Session

_log = logging.getLogger(__name__)
_GONE = frozenset(
    {"message_not_found", "channel_not_found", "cant_update_message", "is_archived", "not_in_channel", "is_inactive"}
)
_LONGEST_UPDATE = 3_900


def answer_of(face: Face, answer: Answer, *, only_you: bool = False, intro: str = "") -> Message:
    """Render an answer as it stands now."""
    pictures.upload(face, answer)
    names = _names(face, answer)
    inviting.expose(face, answer, only_you=only_you)
    with face.core.database.read() as db:
        standing = _standing(db, face.identity.team, answer, names)
        asked = inviting.invitation(db, answer, only_you=only_you)
        own = _vote_of(db, answer) if only_you else standing.own
    return render(answer, replace(standing, only_you=only_you, intro=intro, invitation=asked, own=own))


def render(answer: Answer, standing: Standing) -> Message:
    """Render an answer, the plain word that there is none, or the reply to what was no question."""
    if answer.writer == courtesy.WRITER:
        return courtesy_message(answer)
    if answer.abstained and standing.amendment is None:
        return abstain_message(answer, standing)
    return answer_message(answer, standing)


def refresh(face: Face, answer_id: str) -> None:
    """Bring the message that shows an answer up to date; again when somebody voted or chose another one meanwhile.

    Where another answer stands in its place by now, that one is shown.
    """
    with face.core.database.read() as db:
        place = answers.posted_at(db, answer_id)
    if place is not None:
        readers.narrow(face, answer_id)
    answer = _at(face, place) if place else None
    while place is not None and answer is not None:
        pictures.upload(face, answer)
        names = _names(face, answer)
        inviting.expose(face, answer)
        with face.core.database.read() as db:
            standing = _standing(db, face.identity.team, answer, names)
        update(face, place, render(answer, standing))
        _refresh_later(face, answer)
        shown, answer = answer, _at(face, place)
        with face.core.database.read() as db:
            if answer == shown and _standing(db, face.identity.team, shown, names) == standing:
                return


def update(face: Face, place: Place, message: Message) -> None:
    """Replace a posted message; one that is gone stays gone."""
    channel, ts = place

    def send(shown: Message) -> None:
        text = shown.text[:_LONGEST_UPDATE]
        face.client.chat_update(channel=channel, ts=ts, text=text, blocks=list(shown.blocks), parse="none")

    try:
        sent(send, message, face.core.database)
    except SlackApiError as error:
        if error.response.get("error") not in _GONE:
            raise
        _log.info("message %s in %s is gone and is not updated", ts, channel)


def intro_mark(answer_id: str) -> str:
    """Return the name of the mark that holds the line above a shared answer."""
    return f"intro:{answer_id}"


def amended_mark(answer_id: str) -> str:
    """Return the name of the mark that holds the correction that stands in an answer's place."""
    return f"amended:{answer_id}"


def previous_mark(answer_id: str) -> str:
    """Return the name of the mark that holds the answer that stood in the place of one that found nothing."""
    return f"previous:{answer_id}"


def _refresh_later(face: Face, answer: Answer) -> None:
    """Bring the message up to date that asked later whether the answer helped, where there is one."""
    with face.core.database.read() as db:
        place = inviting.asked_later(db, answer.id)
        if place is None:
            return
        shown = later_message(inviting.invitation(db, answer), answer.id, inviting.tally(db, answer.id))
    update(face, place, shown)


def _at(face: Face, place: Place) -> Answer | None:
    with face.core.database.read() as db:
        return standing_at(db, place)


def _names(face: Face, answer: Answer) -> Mapping[str, str]:
    """Return what those are called who stand behind a verified answer, or whom another one may name."""
    if answer.verified_answer_id:
        with face.core.database.read() as db:
            made = verified.find(db, answer.verified_answer_id)
        return {person: face.name_of(person) for person in sorted({made.author, made.approved_by})} if made else {}
    in_text = set(PERSON_ID.findall(answer.text))
    if not in_text:
        return {}
    with face.core.database.read() as db:
        listed = answers.shortlist_of(db, answer.id)
        owners = documents.owners_of(db, [one.passage_id for one in listed]).values() if answer.abstained else ()
    found = {one.external_id for one in listed if one.retriever is Retriever.PEOPLE}
    people = found | set(owners) | (face.core.admins if answer.abstained else set())
    return {person: face.name_of(person) for person in sorted(people & in_text)}


def _standing(db: Session, team: str, answer: Answer, names: Mapping[str, str]) -> Standing:
    votes: Mapping[str, bool] = live_votes(signals.of_answer(db, answer.id))
    helped = sum(votes.values())
    cited = _cited(db, answer)
    return Standing(
        yes=helped,
        no=len(votes) - helped,
        newest=max((hit.updated_at.date() for hit in cited.values() if hit.updated_at is not None), default=None),
        amendment=_amendment(db, answer),
        intro=marks.find(db, intro_mark(answer.id)) or "",
        names=names,
        places=_places(answer, cited),
        credit=_credit(db, answer, names),
        pictures=pictures.shown(db, team, answer),
        previous=marks.find(db, previous_mark(answer.id)) or "",
        invitation=inviting.invitation(db, answer),
        own=_vote_of(db, answer) if _is_read_alone(db, answer) else None,
    )


def _vote_of(db: Session, answer: Answer) -> bool | None:
    """Return what the asker says of an answer."""
    question = questions.find(db, answer.question_id)
    return live_votes(signals.of_answer(db, answer.id)).get(question.person) if question else None


def _is_read_alone(db: Session, answer: Answer) -> bool:
    place = answers.posted_at(db, answer.id)
    return place is not None and place[0].startswith("D")


def _cited(db: Session, answer: Answer) -> Mapping[str, Hit]:
    """Return by id the passages that an answer cites, as far as its readers may still read them."""
    question = questions.find(db, answer.question_id)
    if question is None or not answer.citations:
        return {}
    found = passages.hits(db, [citation.passage_id for citation in answer.citations], question.audience)
    return {hit.passage_id: hit for hit in found}


def _places(answer: Answer, cited: Mapping[str, Hit]) -> Mapping[int, str]:
    """Return by number where in its document a source stands, for sources whose title is not theirs alone."""
    times = Counter(citation.title for citation in answer.citations)
    return {
        citation.n: place
        for citation in answer.citations
        if times[citation.title] > 1 and (place := _place(cited.get(citation.passage_id)))
    }


def _place(hit: Hit | None) -> str:
    if hit is None:
        return ""
    headings = [heading for heading in hit.heading_path if heading != hit.title]
    if headings:
        return headings[-1]
    return f"page {hit.page}" if hit.page else f"line {hit.line}" if hit.line else ""


def _credit(db: Session, answer: Answer, names: Mapping[str, str]) -> str:
    made = verified.find(db, answer.verified_answer_id) if answer.verified_answer_id else None
    if made is None:
        return ""
    author, approver = (names.get(person, person) for person in (made.author, made.approved_by))
    approved = f", approved by {approver}" if approver != author else ""
    source = f" · source: {made.source}" if made.source and not answer.citations else ""
    return f"Verified: written by {author}{approved}{source}"


def _amendment(db: Session, answer: Answer) -> Amendment | None:
    correction_id = marks.find(db, amended_mark(answer.id))
    correction = corrections.find(db, correction_id) if correction_id else None
    if correction is None or correction.state is not CorrectionState.APPROVED:
        return None
    made, question = verified.of_correction(db, correction.id), questions.find(db, answer.question_id)
    if made is not None and question is not None and made.access.isdisjoint(question.audience.labels):
        return None  # somebody has joined who may not read it
    return Amendment(correction.text, correction.person, correction.reviewer or "", correction.source)
