"""Threads and channels are summed up on request, from what the asker may read."""

from dataclasses import replace

from flywheel.core import Core
from flywheel.gateways.openai_chat import OpenAIChat
from flywheel.store import jobs
from flywheel.store.jobs import Job, JobState
from tests.integration.bot.world import People, eventually, words, workplace
from tests.llm_server import Reply, serving

TALK = (
    ("U3", "The launch of the new pricing page is planned for the 3rd of December."),
    ("U1", "Who takes care of the translations of the pricing page?"),
    ("U3", "ok"),
    ("U1", "We agreed that the launch moves to the 10th of December, so that the translations are ready."),
)


def talk(people: People, channel: str, thread: str | None = None) -> str:
    """Have people talk, in a thread or outside, and return the ts of the first message."""
    first = ""
    for by, text in TALK:
        more = {"thread_ts": thread or first} if thread or first else {}
        ts = people.say(by, channel, text, **more)
        first = first or ts
    return first


def alone(people: People, by: str) -> list[str]:
    """Return what the bot told somebody in a direct message."""
    return [words(one) for one in people.messages(by, people.dm(by)) if one.get("bot_id")]


def test_a_thread_is_summed_up_in_the_thread_with_links_to_its_messages(people: People) -> None:
    root = talk(people, "C1")
    people.say("U2", "C1", "<@UBOT> summarise this thread", thread_ts=root)

    said = words(people.reply("U2", "C1", root))

    assert "Summary of this thread: 4 messages by 2 people" in said
    assert "10th of December" in said
    assert f"/archives/C1/p{root.replace('.', '')}" in said
    assert "ok" not in said.replace("tokens", "").split("Summary")[1].lower().split()


def test_nothing_of_a_summary_is_kept_once_it_is_sent(people: People, core: Core) -> None:
    root = talk(people, "C1")
    asked = people.say("U2", "C1", "<@UBOT> summarise this thread", thread_ts=root)
    people.reply("U2", "C1", root)

    def sent() -> Job | None:
        with core.database.read() as db:
            job = jobs.find(db, f"post:summary:C1:{asked}")
        return job if job and job.state is JobState.DONE else None

    assert "December" not in str(eventually(sent).body)


def test_a_channel_is_summed_up_in_a_direct_message(people: People) -> None:
    talk(people, "C1")
    room = people.dm("U2")
    ts = people.say("U2", room, "What did I miss in <#C1|general> today?")

    assert "10th of December" in words(people.answer("U2", room, ts))


def test_who_is_not_in_a_private_channel_gets_nothing_of_it(people: People) -> None:
    talk(people, "C3")
    room = people.dm("U2")
    ts = people.say("U2", room, "summarise <#C3|secret> since yesterday")

    said = words(people.answer("U2", room, ts))

    assert "channels that you are in" in said
    assert "December" not in said


def test_a_summary_of_another_channel_goes_to_the_asker_alone(people: People) -> None:
    talk(people, "C3")
    ts = people.say("U1", "C1", "<@UBOT> summarise <#C3|finance>")

    assert "direct message" in words(people.reply("U1", "C1", ts))
    assert "10th of December" in eventually(lambda: alone(people, "U1"))[0]
    assert "December" not in str([words(one) for one in people.replies("U2", "C1", ts)])


def test_nothing_said_is_said_plainly(people: People) -> None:
    room = people.dm("U1")
    ts = people.say("U1", room, "summarise <#C3|finance> since yesterday")

    assert "Nobody has written anything" in words(people.answer("U1", room, ts))


def test_a_channel_without_the_bot_is_not_read_and_it_is_said_what_to_do(people: People) -> None:
    room = people.dm("U1")
    ts = people.say("U1", room, "summarise <#C2|random>")

    assert "/invite" in words(people.answer("U1", room, ts))


def test_a_guest_gets_nothing_of_a_public_channel_they_are_not_in(people: People) -> None:
    talk(people, "C1")
    room = people.dm("U4")
    ts = people.say("U4", room, "summarise <#C1|general>")

    assert "channels that you are in" in words(people.answer("U4", room, ts))


def test_without_a_channel_it_asks_which(people: People) -> None:
    room = people.dm("U2")
    ts = people.say("U2", room, "tl;dr")

    assert "Which conversation?" in words(people.answer("U2", room, ts))


def test_the_command_sums_up_for_its_author_alone(people: People) -> None:
    talk(people, "C1")
    people.act("commands", by="U2", channel="C1", command="/ask", text="summarise <#C1|general>")

    def told() -> list[str]:
        return [words(one) for one in people.messages("U2", "C1") if one.get("ephemeral")]

    assert "10th of December" in eventually(told)[0]


def test_a_language_model_writes_it_and_what_it_makes_up_is_dropped(core: Core) -> None:
    reply = Reply("- The launch moves to the 10th of December [4].\n- Everybody gets a bonus of 5000 euros [1].")
    with serving(reply) as server:
        model = OpenAIChat("model", base_url=server.base_url)
        with workplace(replace(core, language_model=model)) as (people, _):
            root = talk(people, "C1")
            people.say("U2", "C1", "<@UBOT> tl;dr", thread_ts=root)
            said = words(people.reply("U2", "C1", root))

    assert "The launch moves to the 10th of December" in said
    assert "bonus" not in said
