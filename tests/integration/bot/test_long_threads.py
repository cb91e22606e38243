"""A question in a long thread is understood from how the thread began and from what was said last."""

from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.model import Answer
from tests.integration.bot.world import eventually, workplace


def test_the_newest_messages_of_a_long_thread_are_read(core: Core) -> None:
    asked: list[Asking] = []

    def listen(core: Core, asking: Asking) -> Answer:
        asked.append(asking)
        return ask(core, asking)

    with workplace(core, ask=listen) as (people, _):
        root = people.say("U3", "C1", "Let us talk.")
        for number in range(25):
            people.say("U3", "C1", f"Remark {number}.", thread_ts=root)
        people.say("U2", "C1", "<@UBOT> how do I get on the VPN?", thread_ts=root)
        eventually(lambda: asked)

    assert [turn.text for turn in asked[0].thread[:2]] == ["Let us talk.", "Remark 6."]
    assert asked[0].thread[-1].text == "Remark 24."
