"""What a language model took for an answer is kept with the answer; without a model there is nothing to keep."""

from itertools import count

from flywheel.answering.again import again
from flywheel.answering.ask import Asking, Turn, ask
from flywheel.core import Core
from flywheel.model import Audience, Retriever, Surface
from flywheel.store import answers
from tests.integration.answering.conftest import with_model
from tests.llm_server import Refuse, Reply, serving

NUMBERS = count()
WRITTEN = Reply("VPN sessions end after 12 hours. [1]", usage=(900, 20))


def asking(text: str, thread: tuple[Turn, ...] = ()) -> Asking:
    return Asking(text, "U1", Surface.MENTION, Audience.everyone(), f"usage-{next(NUMBERS)}", thread=thread)


def kept(core: Core, answer_id: str) -> dict[str, object]:
    with core.database.read() as db:
        found = answers.find(db, answer_id)
    assert found is not None
    return dict(found.usage or {})


def test_the_tokens_of_an_answer_are_stored_with_it(core: Core) -> None:
    with serving(WRITTEN) as server:
        answer = ask(with_model(core, server), asking("When do VPN sessions end?"))

    assert kept(core, answer.id) == {
        "model": "small", "calls": 1, "unreported": 0, "prompt_tokens": 900, "completion_tokens": 20, "cost": None,
    }  # fmt: skip


def test_a_rewritten_follow_up_counts_as_well(core: Core) -> None:
    thread = (Turn("U1", "When do VPN sessions end?"),)
    with serving(Reply("When do VPN sessions end in Norway?", usage=(90, 9)), WRITTEN) as server:
        answer = ask(with_model(core, server), asking("And in Norway?", thread))

    assert kept(core, answer.id)["prompt_tokens"] == 990


def test_a_model_that_failed_leaves_no_guess(core: Core) -> None:
    with serving(Refuse(500)) as server:
        answer = ask(with_model(core, server), asking("When do VPN sessions end?"))

    assert (kept(core, answer.id)["unreported"], kept(core, answer.id)["prompt_tokens"]) == (1, None)


def test_looking_elsewhere_counts_for_the_new_answer_alone(core: Core) -> None:
    with serving(WRITTEN) as server:
        first = ask(with_model(core, server), asking("When do VPN sessions end?"))
        second = again(with_model(core, server), first.id, Retriever.DOCUMENTS, "U1")

    assert (kept(core, first.id)["calls"], kept(core, second.id)["calls"]) == (1, 1)


def test_without_a_model_nothing_is_kept(core: Core) -> None:
    assert ask(core, asking("When do VPN sessions end?")).usage is None
