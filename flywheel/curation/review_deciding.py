"""Who may judge which item, and what comes of their verdicts.

    judged by          administrators; people whose votes proved right, what is about answers, labels and suggestions
    never              one's own act, or an answer one has voted on
    decided            when as many verdicts stand as are wanted (one, or two) and all say the same
    two that differ    a third decides, an administrator; where no administrator is left, the one who spoke
    taken back         by the reviewer within a day, by an administrator any time; the next turn follows it no longer

A suggestion is decided as everywhere (`corrections.py`): owners and administrators alone, others with two keys.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from flywheel.answering.whom import is_place
from flywheel.core import Core
from flywheel.curation import corrections, review_reading
from flywheel.curation.review_guidelines import APPROVE, REJECT, VERDICTS
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.knowledge.access import audience_of, in_office
from flywheel.model import CorrectionState, Surface
from flywheel.signals.votes import live_votes
from flywheel.store import answers, audit, expertise, questions, review_verdicts, reviews, signals, trusts
from flywheel.store import corrections as stored_corrections
from flywheel.store.database import Session
from flywheel.store.review_verdicts import ReviewVerdict
from flywheel.store.reviews import SHARED, ReviewItem, ReviewKind, ReviewState

UNDO_WITHIN = timedelta(days=1)
LONGEST_REASON = 3_000
"""Characters: what a Slack text input can carry (docs.slack.dev, plain_text_input)."""
_OF_TRUSTED = SHARED | {ReviewKind.CORRECTION}
IN_CHANNELS = frozenset({Surface.MENTION, Surface.THREAD, Surface.GROUP, Surface.SHORTCUT, Surface.AUTO})
"""Where others than the asker may have written or read a question."""


def kinds_for(core: Core, db: Session, person: str) -> frozenset[ReviewKind]:
    """Return the kinds that a person may judge; none for those whose votes have not proved right."""
    if person in in_office(core):
        return frozenset(VERDICTS)
    return _OF_TRUSTED if trusts.of(db, person).is_proven else frozenset()


def decide(core: Core, item_id: str, reviewer: str, verdict: str, reason: str = "") -> ReviewItem:
    """Store a reviewer's verdict on an item, in the place of an earlier one of theirs, and return what stands.

    Raises:
        NotAllowed: the reviewer may not judge this item; the message says why.
        NotFound: there is no such item, or the reviewer may not read it.
        InvalidInput: the item takes other verdicts; the message lists them.
    """
    core = replace(core, admins=in_office(core))
    item = _permitted(core, item_id, reviewer, verdict)
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"the reason has {len(reason)} characters; {LONGEST_REASON} are allowed")
    if item.kind is ReviewKind.CORRECTION:
        return _decide_suggestion(core, item, reviewer, verdict)
    with core.database.begin() as db:
        reviews.lock(db, item.id)
        if refusal := obstacle(core, db, item, reviewer):
            raise NotAllowed(refusal)
        review_verdicts.put(db, item, (reviewer, verdict, reason.strip()), core.now())
        audit.put(db, reviewer, f"review: {verdict}", item.id, core.now())
        return _settle(core, db, item)


def undo(core: Core, item_id: str, person: str) -> ReviewItem:
    """Take a verdict back, a person's own or, for an administrator, the last one; return the item as it stands then.

    Raises:
        NotFound: there is no such item.
        NotAllowed: the verdict is somebody else's, or older than a day.
        InvalidInput: nobody has judged it, or it is a suggestion.
    """
    core = replace(core, admins=in_office(core))
    is_admin = person in core.admins
    with core.database.begin() as db:
        item = reviews.find(db, item_id)
        if item is None or item.kind not in VERDICTS:
            raise NotFound(f"there is nothing to review as {item_id}")
        if item.kind is ReviewKind.CORRECTION:
            raise InvalidInput("a decision on a suggestion stays; suggest another answer to replace it")
        reviews.lock(db, item.id)
        standing = review_verdicts.standing(db, item_id)
        own = [one for one in standing if one.reviewer == person]
        last = (own or (standing if is_admin else []))[-1:]
        if not last and not (is_admin and item.state is ReviewState.DECIDED):
            raise _refusal(standing)
        if last and not is_admin and last[0].at < core.now() - UNDO_WITHIN:
            raise NotAllowed("a verdict can be taken back within a day; an administrator can take back any")
        for one in last:
            review_verdicts.take_back(db, one.id, core.now())
        audit.put(db, person, "review undone", item_id, core.now())
        return _settle(core, db, item)


def undo_last(core: Core, person: str) -> ReviewItem | None:
    """Take back a person's last verdict of the last day and return its item; None where there is none."""
    with core.database.read() as db:
        last = review_verdicts.last_of(db, person)
    if last is None or last.at < core.now() - UNDO_WITHIN:
        return None
    return undo(core, last.item_id, person)


def obstacle(core: Core, db: Session, item: ReviewItem, reviewer: str) -> str:
    """Return why a person of the right kind may not judge this item, or an empty string."""
    if item.kind in SHARED and item.person == reviewer:
        return "nobody judges what they did themselves"
    if item.answer_id is not None and reviewer in live_votes(signals.of_answer(db, item.answer_id)):
        return "you have voted on this answer yourself"
    standing = review_verdicts.standing(db, item.id)
    if reviewer in core.admins or any(one.reviewer == reviewer for one in standing):
        return ""
    if item.state is ReviewState.DECIDED:
        return "it is decided; only an administrator may overrule it"
    if len(standing) >= _wanted(core, db, item):
        return "two reviewers differ, so an administrator decides"
    return ""


def may_settle(core: Core, correction_id: str, person: str) -> bool:
    """Tell whether a person may approve a suggestion, alone or with one of two keys that they have not given yet."""
    if person in corrections.reviewers(core, correction_id):
        return True
    with core.database.read() as db:
        correction = stored_corrections.find(db, correction_id)
        keys = reviews.keys(db, correction_id)
    return correction is not None and person not in keys and corrections.may_vouch(core, correction, person)


def settled(standing: Sequence[ReviewVerdict], wanted: int, admins: Collection[str]) -> ReviewVerdict | None:
    """Return the verdict that decides, or None while the item waits; `standing` is oldest first, one per reviewer."""
    if len(standing) < wanted or not standing:
        return None
    if len({one.verdict for one in standing}) == 1 or len(standing) > wanted:
        return standing[-1]
    spoke = [one for one in standing if one.reviewer in admins]
    return spoke[0] if len(spoke) == 1 and len(admins) == 1 else None


def _permitted(core: Core, item_id: str, reviewer: str, verdict: str) -> ReviewItem:
    """Return the item, if this person may judge it so."""
    audience = None if reviewer in core.admins else audience_of(core.directory, reviewer, None)
    with core.database.read() as db:
        kinds = kinds_for(core, db, reviewer)
        found = reviews.find(db, item_id)
        is_suggestion = found is not None and found.kind is ReviewKind.CORRECTION  # owners decide on them as well
        if not kinds and not is_suggestion:
            raise NotAllowed("only administrators, and people whose votes proved right, judge what is up for review")
        if found is None or found.kind not in VERDICTS:
            raise NotFound(f"there is nothing to review as {item_id}")
        if found.kind not in kinds and not is_suggestion:
            raise NotAllowed("only administrators judge this")
        if audience is not None and not is_suggestion and review_reading.read(db, found, audience) is None:
            raise NotFound(f"there is nothing to review as {item_id}")
    if verdict not in VERDICTS[found.kind]:
        raise InvalidInput(f"the verdict must be one of: {', '.join(sorted(VERDICTS[found.kind]))}")
    return found


def _settle(core: Core, db: Session, item: ReviewItem) -> ReviewItem:
    """Give an item the verdict that stands, and the same to what else waits about the same answer."""
    deciding = settled(review_verdicts.standing(db, item.id), _wanted(core, db, item), core.admins)
    for twin in reviews.twins(db, item) if item.answer_id else ():
        if not review_verdicts.standing(db, twin.id):
            _give(db, twin, deciding)
    return _give(db, item, deciding)


def _give(db: Session, item: ReviewItem, deciding: ReviewVerdict | None) -> ReviewItem:
    if deciding is None:
        return reviews.reopen(db, item.id)
    return reviews.decide(db, item.id, deciding.reviewer, deciding.verdict, deciding.at)


def _wanted(core: Core, db: Session, item: ReviewItem) -> int:
    """Return how many verdicts decide: no more than there are people who may give one."""
    if item.wanted < 2:
        return 1
    proven = {person for person, one in trusts.every(db).items() if one.is_proven}
    return min(item.wanted, max(1, len((proven | core.admins) - {item.person})))


def _refusal(standing: Sequence[ReviewVerdict]) -> NotAllowed | InvalidInput:
    return (
        NotAllowed("only an administrator takes back what others said")
        if standing
        else InvalidInput("nobody has judged this, so there is nothing to take back")
    )


def _decide_suggestion(core: Core, item: ReviewItem, reviewer: str, verdict: str) -> ReviewItem:
    if verdict == APPROVE:
        corrections.vouch(core, item.subject, reviewer, within=_closed_circle(core, item.subject))
    else:
        corrections.reject(core, item.subject, reviewer)
    return follow_suggestion(core, item, reviewer, verdict)


def follow_suggestion(core: Core, item: ReviewItem, reviewer: str, verdict: str) -> ReviewItem:
    """Keep what a reviewer said of a suggestion, and close its item once the suggestion is decided."""
    with core.database.begin() as db:
        review_verdicts.put(db, item, (reviewer, verdict, ""), core.now())
        audit.put(db, reviewer, f"review: {verdict}", item.id, core.now())
        close_suggestions(db, [item])
        return reviews.find(db, item.id) or item


def close_suggestions(db: Session, items: Collection[ReviewItem]) -> None:
    """Close the items of suggestions that were decided, wherever that was done."""
    for item in items:
        found = stored_corrections.find(db, item.subject)
        if found is not None and found.state is not CorrectionState.PENDING:
            verdict = APPROVE if found.state is CorrectionState.APPROVED else REJECT
            reviews.decide(db, item.id, found.reviewer or "", verdict, found.reviewed_at or found.at)


def _closed_circle(core: Core, correction_id: str) -> frozenset[str] | None:
    """Return the label of the channel that a suggestion's question came from, unless all can look there."""
    with core.database.read() as db:
        correction = stored_corrections.find(db, correction_id)
        answer = answers.find(db, correction.answer_id) if correction else None
        question = questions.find(db, answer.question_id) if answer else None
        known = expertise.open_channels(db)
    if question is None or not is_place(question.channel) or question.surface not in IN_CHANNELS:
        return None
    return None if question.channel in known else frozenset({f"channel:{question.channel}"})
