"""The loop, as people live it: ask, say No, suggest, approve, ask in other words, turn the wheel, read the report."""

from tests.acceptance.workplace import Message, Person, Workplace, eventually, words


def answer_in(person: Person, channel: str, ts: str) -> Message:
    """Wait for the bot's answer in a thread and return it."""
    return eventually(lambda: next((one for one in person.thread(channel, ts)[1:] if one.get("bot_id")), None))


def test_a_mention_is_answered_in_its_thread_once_with_its_source(workplace: Workplace) -> None:
    ben = workplace.person("U2")

    asked = ben.say("C1", "<@UBOT> how do I get on the VPN?")

    answer = answer_in(ben, "C1", asked)
    assert "Harbour-2" in words(answer)
    assert "VPN handbook" in words(answer)
    assert len([one for one in ben.thread("C1", asked) if one.get("bot_id")]) == 1


def test_a_direct_message_is_answered(workplace: Workplace) -> None:
    ben = workplace.person("U2")
    channel = ben.direct("UBOT")

    ben.say(channel, "What is the daily meal allowance?")

    eventually(lambda: any("75" in words(one) for one in _everything(ben, channel) if one.get("bot_id")))


def test_a_direct_follow_up_is_understood(workplace: Workplace) -> None:
    cleo = workplace.person("U3")
    channel = cleo.direct("UBOT")
    first = cleo.say(channel, "How do I get on the VPN?")
    eventually(lambda: _said_after(cleo, channel, first))

    second = cleo.say(channel, "And who helps when it drops?")

    answer = eventually(lambda: _said_after(cleo, channel, second))
    assert "network team" in words(answer)


def test_an_empty_suggestion_is_refused_in_its_form(workplace: Workplace) -> None:
    ben = workplace.person("U2")
    channel = ben.direct("UBOT")
    asked = ben.say(channel, "How long do penguins sleep in winter?")
    answer = eventually(lambda: _said_after(ben, channel, asked))

    ben.press(channel, answer, "I know: suggest an answer")
    view = eventually(lambda: next(iter(ben.views()), None))

    assert "errors" in ben.submit(view, what=" ")
    ben.do(f"views/{view['id']}/close")


def test_a_private_document_is_found_by_its_members_alone(workplace: Workplace) -> None:
    question = "<@UBOT> what do engineers in band E2 earn?"

    for person, channel, found in (("U3", "C3", True), ("U3", "C1", False)):
        asker = workplace.person(person)
        answer = answer_in(asker, channel, asker.say(channel, question))
        assert ("61,000" in words(answer)) is found


def test_a_question_that_nothing_answers_is_said_to_be_so(workplace: Workplace) -> None:
    ana = workplace.person("U1")

    answer = answer_in(ana, "C1", ana.say("C1", "<@UBOT> how long do penguins sleep in winter?"))

    assert "I found nothing" in words(answer)
    assert "Ana" in words(answer) or "Cleo" in words(answer)
    assert "U1" not in words(answer)
    assert "U3" not in words(answer)


def test_a_suggestion_that_is_approved_answers_the_next_person_in_other_words(workplace: Workplace) -> None:
    ben, cleo = workplace.person("U2"), workplace.person("U3")
    asked = ben.say("C1", "<@UBOT> who do I call when the VPN drops at night?")
    answer = answer_in(ben, "C1", asked)

    ben.press("C1", answer, "No")
    form = eventually(lambda: _form(ben, "C1", asked))
    ben.press("C1", form, "Suggest an answer")
    view = eventually(lambda: next(iter(ben.views()), None))
    ben.submit(view, answer="Call the night desk on extension 4114.", what="Call the night desk on extension 4114.")

    review = eventually(lambda: _waiting(cleo, "Approve"))
    cleo.press(review["channel"], review, "Approve")
    eventually(lambda: any("orrected" in words(one) for one in ben.thread("C1", asked)))

    again = cleo.say("C1", "<@UBOT> who do I call if the VPN drops during the night?")
    assert "4114" in words(answer_in(cleo, "C1", again))


def test_a_turn_posts_its_report_into_the_channel(workplace: Workplace) -> None:
    ana = workplace.person("U1")

    workplace.command("turn")

    report = eventually(lambda: next((one for one in ana.channel("C1") if "Questions" in words(one)), None))
    assert "Satisfied" in words(report)


def test_the_workspace_refused_nothing_that_the_bot_sent(workplace: Workplace) -> None:
    assert workplace.refusals() == []


def test_no_secret_and_no_question_is_in_the_log(workplace: Workplace) -> None:
    log = workplace.log()

    secrets = [value for name, value in workplace.environment.items() if name.endswith(("TOKEN", "SECRET"))]
    assert len(secrets) == 3
    assert [one for one in [*secrets, "penguins", "extension 4114"] if one in log] == []


def _said_after(person: Person, channel: str, ts: str) -> Message | None:
    said = [one for one in person.channel(channel) if one.get("bot_id") and float(one["ts"]) > float(ts)]
    return said[0] if said else None


def _everything(person: Person, channel: str) -> list[Message]:
    return [one for root in person.channel(channel) for one in [root, *person.thread(channel, root["ts"])[1:]]]


def _form(person: Person, channel: str, ts: str) -> Message | None:
    shown = [one for one in [*person.thread(channel, ts), *person.channel(channel)] if one.get("ephemeral")]
    return next((one for one in reversed(shown) if "Suggest an answer" in words(one)), None)


def _waiting(person: Person, label: str) -> Message | None:
    channel = person.direct("UBOT")
    found = [one for one in person.channel(channel) if label in words(one)]
    return {**found[-1], "channel": channel} if found else None
