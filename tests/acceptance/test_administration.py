"""An administrator changes how the bot works from within Slack, and it works so from then on."""

from tests.acceptance.panels import close, open_panel, press, set_channel
from tests.acceptance.surfaces import BOT, answer_in
from tests.acceptance.workplace import Person, Workplace, eventually, words


def direct_message(person: Person, text: str) -> bool:
    return any(text in words(one) for one in person.channel(person.direct(BOT)))


def test_a_source_is_read_again_and_who_asked_for_it_is_told(workplace: Workplace) -> None:
    ada = workplace.person("U1")
    view = open_panel(ada, "sources", "3 documents")

    press(ada, view, "Read again")

    eventually(lambda: direct_message(ada, "was read again"))
    acts = workplace.doors.get("/v1/audit").json()["acts"]
    assert ("U1", "source read again") in [(one["person"], one["act"]) for one in acts]
    assert "source read again" in workplace.command("audit")
    close(ada)


def test_a_channel_gets_its_own_tone_and_answers_on(workplace: Workplace) -> None:
    ada, ben = workplace.person("U1"), workplace.person("U2")

    assert "own tone" in set_channel(ada, "C1", persona="Brief and calm.")

    asked = ben.say("C1", f"<@{BOT}> How do I get on the VPN?")
    assert "Harbour-2" in words(answer_in(ben, "C1", asked))


def test_nobody_else_is_let_in(workplace: Workplace) -> None:
    ben = workplace.person("U2")

    open_panel(ben, "audit", "Only administrators change how I work")

    close(ben)


def test_the_audit_log_names_what_was_done(workplace: Workplace) -> None:
    ada = workplace.person("U1")

    assert "changed how I behave (the tone)" in words(open_panel(ada, "audit", "had"))

    close(ada)


def test_slack_refused_nothing(workplace: Workplace) -> None:
    assert [one for one in workplace.refusals() if one["method"].startswith("views")] == []
