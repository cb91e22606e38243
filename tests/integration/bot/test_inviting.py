"""How people are asked in Slack: by the arm they are in, later where it is the arm, and never without a way to vote."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import inviting
from bot.face import Face
from bot.identity import whoami
from bot.outbox import Outbox, Paced, slack_client
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.measurement.experiments import acts
from flywheel.measurement.experiments.acts import Design
from flywheel.model import Signal, SignalKind
from flywheel.signals.votes import votes
from flywheel.store import answers, experiments, jobs, signals
from flywheel.store.experiments import Experiment, Exposed
from tests.integration.bot.world import People, eventually, install_at, utc_now, words
from tests.parts import answered

VPN = "<@UBOT> how do I get on the VPN?"
ASKED = ("Did we answer your question?", "Is this right?")


def started(core: Core, variable: str, values: tuple[str, ...]) -> Experiment:
    """Start an experiment."""
    made = acts.draft(core, Design(variable, "People answer this more often.", values), "U1")
    return acts.start(core, made.id, "U1")


def adopted(core: Core, variable: str, value: str) -> None:
    """Have everybody see a value."""
    other = {"question_wording": ASKED[0], "question_moment": "always"}[variable]
    one = started(core, variable, (other, value))
    acts.stop(core, one.id, "U1")
    acts.adopt(core, one.id, "U1", "B")


def exposures(core: Core, one: Experiment) -> list[Exposed]:
    with core.database.read() as db:
        return list(experiments.exposed(db, one.id, utc_now() + timedelta(hours=1)))


def reply(people: People, by: str = "U2") -> tuple[str, dict[str, Any]]:
    """Ask in C1 and return the thread and the answer."""
    ts = people.say(by, "C1", VPN)
    return ts, people.reply(by, "C1", ts)


def come(people: People, core: Core, answer: str, minutes: float = 16) -> None:
    """Do, so many minutes later, what waits for the end of an answer's thread, and post what comes of it."""
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    later = replace(core, now=lambda: utc_now() + timedelta(minutes=minutes))
    face = Face(later, client, whoami(client), ask, lambda: None, lambda _: None)
    with core.database.read() as db:
        waiting = jobs.find(db, f"ask_at_end:{answer}")
    assert waiting is not None
    inviting.ask_later(face, waiting)
    with core.database.begin() as db:
        posted = jobs.claim(db, later.now(), timedelta(minutes=1), f"post:asked:{answer}")
    if posted is not None:
        where = Outbox(client, core.database, later.now).send(posted)
        with core.database.begin() as db:
            jobs.finish(db, posted, later.now(), where)


def test_a_person_is_asked_in_the_words_of_their_arm(people: People, core: Core) -> None:
    one = started(core, "question_wording", ASKED)

    for person in ("U1", "U2", "U3"):
        _, shown = reply(people, person)
        assert one.arm_of(person).value in words(shown)


def test_an_exposure_is_noted_with_the_answer(people: People, core: Core) -> None:
    one = started(core, "question_wording", ASKED)
    _, shown = reply(people)

    noted = [(was.person, was.arm, was.answer_id) for was in exposures(core, one)]
    assert noted == [("U2", one.arm_of("U2").name, answer_at(core, shown))]


def test_a_redrawn_message_asks_as_before_after_the_end(people: People, core: Core) -> None:
    one = started(core, "question_wording", (ASKED[1], "Can you use this answer?"))
    ts, shown = reply(people)
    answer_at(core, shown)
    acts.stop(core, one.id, "U1")
    people.press("U3", "C1", shown, "vote_yes")

    redrawn = eventually(lambda: [was for was in people.replies("U2", "C1", ts) if "Yes · 1" in words(was)])[0]
    assert one.arm_of("U2").value in words(redrawn)


def test_what_was_adopted_is_what_everybody_sees(people: People, core: Core) -> None:
    adopted(core, "question_wording", ASKED[1])

    assert "*Is this right?*" in words(reply(people)[1])


def test_an_answer_that_found_nothing_exposes_nobody(people: People, core: Core) -> None:
    one = started(core, "question_wording", ASKED)
    ts = people.say("U2", "C1", "<@UBOT> who painted the ceiling of the Sistine chapel in Rome?")
    people.reply("U2", "C1", ts)

    assert exposures(core, one) == []


def test_an_answer_for_one_asks_at_once_and_counts_for_the_words_alone(people: People, core: Core) -> None:
    moment = started(core, "question_moment", ("end", "uncertain"))
    wording = started(core, "question_wording", ASKED)
    people.act("commands", by="U2", channel="C1", command="/ask", text="how do I get on the VPN?")
    shown = eventually(lambda: [one for one in people.messages("U2", "C1") if one.get("ephemeral")])[0]

    assert wording.arm_of("U2").value in words(shown)
    assert (len(exposures(core, wording)), exposures(core, moment)) == (1, [])


def test_small_print_takes_a_vote(people: People, core: Core) -> None:
    adopted(core, "question_moment", "end")
    ts, shown = reply(people)
    assert "Did we answer" not in words(shown)
    menu(people, "U3", shown, "yes")

    assert eventually(lambda: "elped 1 person" in words(people.reply("U2", "C1", ts)))


def test_a_no_in_small_print_is_asked_why(people: People, core: Core) -> None:
    adopted(core, "question_moment", "end")
    ts, shown = reply(people)
    menu(people, "U3", shown, "no")

    assert eventually(lambda: "outdated" in str(people.look(f"channels/C1/threads/{ts}?as=U3")))


def test_a_quiet_thread_is_asked_once_in_the_thread(people: People, core: Core) -> None:
    adopted(core, "question_moment", "end")
    ts, shown = reply(people)
    come(people, core, answer_at(core, shown))
    come(people, core, answer_at(core, shown))

    assert len([was for was in people.replies("U2", "C1", ts) if "Did we answer" in words(was)]) == 1


def test_a_vote_on_the_later_question_shows_its_count(people: People, core: Core) -> None:
    adopted(core, "question_moment", "end")
    ts, shown = reply(people)
    come(people, core, answer_at(core, shown))
    people.press("U2", "C1", people.replies("U2", "C1", ts)[1], "vote_yes")

    assert eventually(lambda: "Yes · 1" in words(people.replies("U2", "C1", ts)[1]))
    assert "elped 1 person" in words(people.replies("U2", "C1", ts)[0])


def test_who_is_asked_later_meets_the_words_then(people: People, core: Core) -> None:
    adopted(core, "question_moment", "end")
    wording = started(core, "question_wording", ASKED)
    ts, shown = reply(people)
    before = len(exposures(core, wording))
    come(people, core, answer_at(core, shown))

    assert (before, len(exposures(core, wording))) == (0, 1)
    assert wording.arm_of("U2").value in words(people.replies("U2", "C1", ts)[1])


def test_who_has_voted_is_not_asked_again(people: People, core: Core) -> None:
    adopted(core, "question_moment", "end")
    ts, shown = reply(people)
    menu(people, "U3", shown, "yes")
    eventually(lambda: votes(core, answer_at(core, shown)))
    come(people, core, answer_at(core, shown))

    assert len(people.replies("U2", "C1", ts)) == 1


def test_too_early_it_comes_again_later(people: People, core: Core) -> None:
    adopted(core, "question_moment", "end")
    _, shown = reply(people)

    with pytest.raises(Paced):
        come(people, core, answer_at(core, shown), minutes=14)


def test_while_people_talk_the_question_waits(people: People, core: Core) -> None:
    adopted(core, "question_moment", "end")
    ts, shown = reply(people)
    answer = answer_at(core, shown)
    with core.database.begin() as db:
        signals.put(db, Signal("k", answer, SignalKind.HUMAN_REPLY, "U3", utc_now() + timedelta(minutes=10)))

    with pytest.raises(Paced):
        come(people, core, answer)
    come(people, core, answer, minutes=26)
    assert len(people.replies("U2", "C1", ts)) == 2


def test_who_asks_on_is_asked_at_the_last_answer_alone(people: People, core: Core) -> None:
    adopted(core, "question_moment", "end")
    ts, shown = reply(people)
    people.say("U2", "C1", "when is lunch served?", thread_ts=ts)
    eventually(lambda: len(people.replies("U2", "C1", ts)) == 2)
    come(people, core, answer_at(core, shown))

    assert len(people.replies("U2", "C1", ts)) == 2


def test_only_uncertain_answers_ask_where_it_is_so(core: Core) -> None:
    adopted(core, "question_moment", "uncertain")
    answered(core, "sure")
    with core.database.read() as db:
        sure = answers.find(db, "sure")
        assert sure is not None
        shown = [inviting.invitation(db, replace(sure, confidence=one)).quiet for one in (0.9, 0.6, 0.1)]

    assert shown == [True, False, False]


def menu(people: People, by: str, message: dict[str, Any], choice: str) -> None:
    """Choose from the small print's menu."""
    block = next(one for one in message["blocks"] if (one.get("accessory") or {}).get("action_id") == "vote_menu")
    option = next(one for one in block["accessory"]["options"] if one["value"].endswith(choice))
    chosen = {"block_id": block["block_id"], "action_id": "vote_menu", "selected_option": option}
    people.act("actions", by=by, channel="C1", ts=message["ts"], **chosen)


def answer_at(core: Core, shown: dict[str, Any]) -> str:
    def look() -> str | None:
        with core.database.read() as db:
            found = answers.by_post(db, "C1", shown["ts"])
        return found.id if found else None

    return str(eventually(look))
