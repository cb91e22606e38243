"""Questions reach the bot and are answered once, wherever they are asked."""

from bot.app import Bot
from flywheel.core import Core
from flywheel.model import SignalKind
from flywheel.store import answers, signals
from tests.integration.bot.world import People, eventually, words

VPN = "<@UBOT> how do I get on the VPN?"


def test_a_mention_is_answered_in_its_thread(people: People) -> None:
    ts = people.say("U2", "C1", VPN)

    assert "Office-2" in words(people.reply("U2", "C1", ts))


def test_a_mention_is_answered_once_although_it_arrives_twice(people: People) -> None:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)

    eventually(lambda: len(people.look("deliveries")["deliveries"]) >= 3)
    assert len(people.replies("U2", "C1", ts)) == 1


def test_a_mention_with_a_file_is_answered(people: People, bot: Bot) -> None:
    event = {"type": "message", "subtype": "file_share", "user": "U2", "text": VPN, "channel": "C1"}
    root = people.say("U2", "C1", "look")
    said = event | {"ts": root, "channel_type": "channel"}
    bot.ingress.accept({"type": "event_callback", "event_id": "Ev1", "team_id": "T2", "event": said})

    assert "Office-2" in words(people.reply("U2", "C1", root))


def test_a_direct_message_is_answered(people: People) -> None:
    channel = people.dm("U2")
    ts = people.say("U2", channel, "how do I get on the VPN?")

    assert "Office-2" in words(people.answer("U2", channel, ts))


def test_a_direct_message_in_a_thread_is_answered_there(people: People) -> None:
    channel = people.dm("U2")
    root = people.say("U2", channel, "hello")
    people.answer("U2", channel, root)

    people.say("U2", channel, "how do I get on the VPN?", thread_ts=root)
    assert "Office-2" in words(people.reply("U2", channel, root))


def test_an_empty_mention_gets_help(people: People) -> None:
    ts = people.say("U2", "C1", "<@UBOT>")

    assert "/ask" in words(people.reply("U2", "C1", ts))


def test_an_unknown_thing_gets_a_plain_word_and_not_silence(people: People) -> None:
    ts = people.say("U2", "C1", "<@UBOT> which colour has the moon base helicopter?")

    assert "suggest" in [
        element["action_id"]
        for block in people.reply("U2", "C1", ts)["blocks"]
        for element in block.get("elements", ())
        if "action_id" in element
    ]


def test_a_public_reply_uses_nothing_that_only_the_asker_may_read(people: People) -> None:
    ts = people.say("U1", "C1", "<@UBOT> what is the salary band of level 5?")

    assert "ninety" not in words(people.reply("U1", "C1", ts))


def test_a_private_channel_reads_its_own_documents(people: People) -> None:
    ts = people.say("U1", "C3", "<@UBOT> what is the salary band of level 5?")

    assert "ninety" in words(people.reply("U1", "C3", ts))


def test_the_asker_goes_on_asking_without_a_mention(people: People) -> None:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)
    people.say("U2", "C1", "when is lunch served in the canteen?", thread_ts=ts)

    assert eventually(lambda: [one for one in people.replies("U2", "C1", ts) if "12:00" in words(one)])


def test_a_follow_up_is_a_signal(people: People, core: Core) -> None:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)
    people.say("U2", "C1", "<@UBOT> and when is lunch served?", thread_ts=ts)

    assert eventually(lambda: SignalKind.FOLLOW_UP in kinds(core, ts))


def test_what_other_people_say_is_kept_and_not_answered(people: People, core: Core) -> None:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)
    people.say("U3", "C1", "it is Office-3 since Monday", thread_ts=ts)

    assert eventually(lambda: SignalKind.HUMAN_REPLY in kinds(core, ts))
    assert len(people.replies("U2", "C1", ts)) == 1


def test_a_question_to_somebody_else_is_not_answered(people: People, core: Core) -> None:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)
    people.say("U2", "C1", "<@U3> when is lunch?", thread_ts=ts)

    assert eventually(lambda: SignalKind.HUMAN_REPLY in kinds(core, ts))


def test_ask_answers_its_asker_alone(people: People) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text="how do I get on the VPN?")

    shown = eventually(lambda: [one for one in people.messages("U2", "C1") if one.get("ephemeral")])
    assert "Office-2" in words(shown[0])
    assert people.messages("U3", "C1") == []


def test_ask_with_the_word_payload_is_a_question_too(people: People) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text="VPN payload profile?")

    assert eventually(lambda: people.messages("U2", "C1"))


def test_a_shared_answer_is_for_everybody_in_the_channel(people: People) -> None:
    people.act("commands", by="U1", channel="C1", command="/ask", text="how do I get on the VPN?")
    private = eventually(lambda: people.messages("U1", "C1"))[0]
    people.press("U1", "C1", private, "share")

    shared = eventually(lambda: people.messages("U3", "C1"))[0]
    assert "<@U1> asked" in words(shared)
    assert "Office-2" in words(shared)


def test_sharing_leaves_out_what_the_channel_may_not_read(people: People) -> None:
    people.act("commands", by="U1", channel="C1", command="/ask", text="what is the salary band of level 5?")
    private = eventually(lambda: people.messages("U1", "C1"))[0]
    assert "ninety" in words(private)
    people.press("U1", "C1", private, "share")

    eventually(lambda: [one for one in people.messages("U1", "C1") if "shared nothing" in words(one)])
    assert people.messages("U3", "C1") == []


def test_an_edited_question_is_answered_anew_in_the_same_message(people: People) -> None:
    ts = people.say("U2", "C1", VPN)
    first = people.reply("U2", "C1", ts)
    people.act("messages/edit", by="U2", channel="C1", ts=ts, text="<@UBOT> when is lunch served in the canteen?")

    again = eventually(lambda: [one for one in people.replies("U2", "C1", ts) if "12:00" in words(one)])
    assert [one["ts"] for one in again] == [first["ts"]]


def test_a_deleted_question_is_marked(people: People, core: Core) -> None:
    ts = people.say("U2", "C1", VPN)
    people.reply("U2", "C1", ts)
    people.act("messages/delete", by="U2", channel="C1", ts=ts)

    assert eventually(lambda: SignalKind.QUESTION_DELETED in kinds(core, ts))


def test_home_shows_what_a_person_asked(people: People) -> None:
    people.reply("U2", "C1", people.say("U2", "C1", VPN))
    people.act("home/open", by="U2", tab="home")

    assert "get on the VPN" in str(eventually(lambda: people.look("home?as=U2")["view"]))


def test_a_channel_without_the_bot_refuses_and_the_sharer_hears_of_it(people: People) -> None:
    people.act("commands", by="U2", channel="C2", command="/ask", text="how do I get on the VPN?")
    private = eventually(lambda: people.messages("U2", "C2"))[0]
    people.press("U2", "C2", private, "share")

    told = eventually(lambda: people.messages("U2", people.dm("U2")))
    assert "Invite me" in words(told[0])


def test_no_block_is_ever_rejected(people: People, bot: Bot) -> None:
    people.reply("U2", "C1", people.say("U2", "C1", VPN))

    assert [call for call in people.calls("chat.postMessage") if not call["ok"]] == []
    assert bot.ready() == ""


def kinds(core: Core, thread_ts: str) -> set[SignalKind]:
    with core.database.read() as db:
        ids = [answer.id for answer in answers.in_thread(db, "C1", thread_ts)]
        return {signal.kind for signal in signals.of_answers(db, ids)}
