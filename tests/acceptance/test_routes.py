"""Every route from the question to the reply: the sample company asks, with and without a language model.

The workspace and the documents are those of the demo; `flywheel index` and `flywheel run` are processes of their own.
The language model is a server on this machine that answers by what it is asked: a query, a description, an answer.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.demo import COMPANY
from bot.simulator import company_workspace
from bot.simulator.install import Transport
from tests.acceptance.workplace import Message, Person, Workplace, eventually, words, working
from tests.llm_server import LlmServer, Messages, Reply, serving

CHANNEL = "C0ASK"


@pytest.fixture(scope="module", params=[False, True], ids=["without a model", "with a model"])
def model(request: pytest.FixtureRequest) -> Iterator[LlmServer | None]:
    """A language model, or none."""
    with serving(Reply(scripted)) as server:
        yield server if request.param else None


@pytest.fixture(scope="module")
def place(model: LlmServer | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """The sample company at work."""
    workspace = company_workspace.load(COMPANY, lambda: datetime.now(UTC))
    variables = {"FLYWHEEL_ADMINS": "U0PRIYA", "FLYWHEEL_REPORT_CHANNEL": "C0REPORTS"}
    if model is not None:
        variables |= {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "scripted"}
    with working(tmp_path_factory.mktemp("home"), COMPANY, Transport.HTTP, workspace, **variables) as made:
        yield made


@pytest.fixture
def elin(place: Workplace) -> Person:
    """Somebody who asks."""
    return place.person("U0ELIN")


def test_documents(elin: Person) -> None:
    answer = ask(elin, "How often are laptops replaced?")

    assert "4 years" in words(answer)
    assert "Looked " in words(answer)


def test_code(elin: Person) -> None:
    answer = ask(elin, "Show me the function that computes how long to wait before a retry")

    assert "rng.uniform(0.0" in code(answer)
    assert "retry.py" in words(answer)


def test_tables(elin: Person) -> None:
    answer = ask(elin, "What is the price in CAD of the Pierhead gateway in the price list?")

    assert re.search(r"2[,. ]?150", words(answer))
    assert "tables" in looked(answer)


def test_images(elin: Person, place: Workplace) -> None:
    answer = ask(elin, "Show me the floor plan of the Halifax office")

    picture = next(block for block in answer["blocks"] if block["type"] == "image")
    file_id = picture["slack_file"]["id"]
    assert place.workspace.get(f"/files/{file_id}/picture", params={"as": "U0ELIN"}).status_code == 200


def test_people(elin: Person) -> None:
    answer = ask(elin, "Who knows about the password manager?")

    assert "Sanne de Wit" in words(answer)
    assert "U0SANNE" not in words(answer)


def test_answers(elin: Person, place: Workplace) -> None:
    first = ask(elin, "Which colour has the towel in the shower room?")
    elin.press(CHANNEL, first, "I know: suggest an answer")
    elin.submit(eventually(lambda: next(iter(elin.views()), None)), what="It is teal.", answer="It is teal.")
    owner = place.person(eventually(lambda: reviewer(place)))
    owner.press(owner.direct("UBOT"), eventually(lambda: waiting(owner)), "Approve")
    eventually(lambda: "teal" in words(newest(elin, first)))

    assert "Verified" in words(ask(place.person("U0BENNO"), "What colour is the towel in the shower room?"))


def test_small_talk(elin: Person) -> None:
    answer = ask(elin, "thanks a lot!")

    assert "welcome" in words(answer)
    assert "Looked" not in words(answer)


def test_out_of_scope(elin: Person) -> None:
    answer = ask(elin, "How long do penguins sleep in winter?")

    assert "I found nothing" in words(answer)
    assert "Looked " in words(answer)


@pytest.mark.parametrize("retriever", ["Documents", "Code", "Tables", "Images", "People", "Answers"])
def test_a_question_can_be_looked_up_anywhere_by_hand(elin: Person, retriever: str) -> None:
    answer = ask(elin, "What is the retry policy for gateways?")
    if looked(answer).startswith(f"Looked in: {retriever.lower()}"):
        elin.choose(CHANNEL, answer, "Documents" if retriever != "Documents" else "Code")
        answer = eventually(lambda: fresh(elin, answer, "as you asked"))
    elin.choose(CHANNEL, answer, retriever)

    assert eventually(lambda: fresh(elin, answer, f"Looked in {retriever.lower()}, as you asked"))


def test_why_this_answer(elin: Person) -> None:
    elin.press(CHANNEL, ask(elin, "How do I get on the VPN?"), "Why this answer?")

    trace = words(eventually(lambda: next(iter(elin.views()), None)))
    assert "Where I looked" in trace
    assert "Confidence" in trace


def test_a_model_that_is_there_writes(model: LlmServer | None, elin: Person) -> None:
    if model is None:
        pytest.skip("this run has no model")
    before = len(model.log)

    ask(elin, "How many days of annual leave do I get?")

    assert len(model.log) > before


def test_the_workspace_refused_nothing_that_the_bot_sent(place: Workplace) -> None:
    assert place.refusals() == []


def ask(person: Person, question: str) -> Message:
    """Ask in #ask-anything and return the bot's answer; one that is still being written has no mark of ours yet."""
    asked = person.say(CHANNEL, f"<@UBOT> {question}")

    def finished() -> Message | None:
        said = [one for one in person.thread(CHANNEL, asked)[1:] if one.get("bot_id") and one.get("metadata")]
        return next(iter(said), None)

    return eventually(finished)


def newest(person: Person, message: Message) -> Message:
    """Return a message of a thread as it is now."""
    return next(one for one in person.thread(CHANNEL, message["thread_ts"]) if one["ts"] == message["ts"])


def fresh(person: Person, message: Message, text: str) -> Message | None:
    """Return a message as it is now once it has this text."""
    now = newest(person, message)
    return now if text in words(now) else None


def looked(message: Message) -> str:
    """Return the line of the footer that says where an answer was looked for."""
    return next((line for line in words(message).splitlines() if line.startswith("Looked ")), "")


def code(message: Message) -> str:
    """Return what a message shows as code."""
    return "\n".join(words({"blocks": [block]}) for block in message["blocks"] if block["type"] == "rich_text")


def reviewer(place: Workplace) -> str | None:
    """Return who was asked to review."""
    return next((one for one in ("U0PRIYA", "U0GRACE", "U0SANNE") if waiting(place.person(one))), None)


def waiting(person: Person) -> Message | None:
    """Return a suggestion that waits for this person."""
    found = [one for one in person.channel(person.direct("UBOT")) if "Approve" in words(one)]
    return found[-1] if found else None


def scripted(messages: Messages) -> str:
    """Answer as a model does: with a SELECT where one is asked for, else with the sentence nearest to the question."""
    rules, asked = str(messages[0]["content"]), str(messages[-1]["content"])
    material, _, question = asked.rpartition("Question: ")
    return selected(material) if "SELECT" in rules else nearest(material, question)


def selected(tables: str) -> str:
    """Return a query for the price of the gateway over the table that has it."""
    for name, described in re.findall(r"--- table (\w+) \w+ ---\n(.*?)\n--- end", tables, re.DOTALL):
        if '"price CAD"' in described and '"product"' in described:
            return f'SELECT "product", "price CAD" FROM {name} WHERE "product" = \'Pierhead gateway\''
    return "NOT ANSWERED"


def nearest(passages: str, question: str) -> str:
    """Return the sentence with most of the question's longer words, and its passage's code where code is asked for."""
    wanted = set(re.findall(r"\w{4,}", question.lower()))
    texts = dict(re.findall(r"--- passage (\d+) .*? ---\n(.*?)\n--- end", passages, re.DOTALL))
    found = [
        (len(wanted & set(re.findall(r"\w{4,}", sentence.lower()))), -int(number), sentence)
        for number, text in texts.items()
        for sentence in re.split(r"(?<=[.!?])\s+|\n", text)
    ]
    count, number, sentence = max(found, default=(0, 0, ""))
    if count < 2:
        return "NOT ANSWERED"
    said = sentence.strip(' ."')
    return f"{said} [{-number}].\n```\n{texts[str(-number)]}\n```" if "function" in question else f"{said} [{-number}]."
