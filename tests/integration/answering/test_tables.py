"""Tables come in through a file, are found, and answer with and without a language model."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flywheel.answering.ask import Asking, ask
from flywheel.answering.research import ROW_ALONE
from flywheel.answering.tabular import write
from flywheel.answering.written import Written
from flywheel.core import Core
from flywheel.gateways.openai_chat import OpenAIChat, Patience
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import Audience, Hit, Surface
from flywheel.registry import Outcome, Release
from flywheel.store import passages, releases
from flywheel.store.releases import identity
from tests.llm_server import Behaviour, LlmServer, Refuse, Reply, serving
from tests.parts import make_core

PRICES = "product,price (EUR),since\nEddy 2,1200,2024-03-01\nEddy 3,1900,2026-05-01\nPierhead,640,2025-01-15\n"
TOTAL = 'SELECT SUM("price (EUR)") AS "total price in EUR" FROM price_list'


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "price-list.csv").write_text(PRICES, encoding="utf-8")
    made = make_core(tmp_path)
    ingest(made, [folder], None, Silence())
    yield made
    made.database.close()


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with serving() as running:
        yield running


def asked(core: Core, question: str, *behaviours: Behaviour, server: LlmServer | None = None) -> Written | None:
    if server is not None:
        server.then(*behaviours)
        model = OpenAIChat("small", base_url=server.base_url, patience=Patience(2, 2, 2), sleep=lambda _: None)
        core = replace(core, language_model=model)
    return write(core, question, hits(core), Audience.everyone())


def hits(core: Core) -> list[Hit]:
    with core.database.read() as db:
        return passages.hits(db, sorted(passages.ids(db)), Audience.everyone())


def test_a_cell_is_looked_up_with_its_row_and_source(core: Core) -> None:
    written = asked(core, "What is the price of Eddy 3?")

    assert written is not None
    assert written.text == "For Eddy 3, the price (EUR) is 1900 [1].\n• Row 2: product = Eddy 3, price (EUR) = 1900"
    assert [one.external_id for one in written.citations] == ["price-list.csv"]


def test_a_question_about_something_else_gets_no_answer(core: Core) -> None:
    assert asked(core, "What is the price of Eddy 9?") is None


def test_a_table_that_the_audience_may_not_read_answers_nothing(core: Core) -> None:
    found = hits(core)

    assert write(core, "What is the price of Eddy 3?", found, Audience(frozenset())) is None


def test_a_model_writes_the_select_and_the_asker_sees_it(core: Core, server: LlmServer) -> None:
    written = asked(core, "What do all products cost together?", Reply(TOTAL), server=server)

    assert written is not None
    assert written.text.startswith("total price in EUR: 3740 [1].")
    assert "```sql\nSELECT\n  SUM(" in written.text
    assert written.writer == "small"


def test_the_model_is_shown_columns_units_and_values(core: Core, server: LlmServer) -> None:
    asked(core, "What is the price of Eddy 3?", Reply(TOTAL), server=server)

    prompt = server.log[0].body["messages"][1]["content"]
    assert '"price (EUR)" INTEGER in EUR' in prompt
    assert '"product" TEXT (values such as Eddy 3' in prompt


def test_a_select_that_fails_is_mended_once(core: Core, server: LlmServer) -> None:
    written = asked(
        core, "What is the price of Eddy 3?", Reply('SELECT "cost" FROM price_list'), Reply(TOTAL), server=server
    )

    assert written is not None
    assert "there is no column cost" in server.log[1].body["messages"][-1]["content"]


@pytest.mark.parametrize(
    "behaviour",
    [
        Reply("DROP TABLE price_list"),
        Reply('SELECT "product" FROM price_list WHERE "product" = \'Eddy 9\''),
        Reply("I cannot help with that."),
        Refuse(429),
        Refuse(500),
    ],
)
def test_without_a_usable_select_the_cell_is_looked_up_and_the_note_says_why(
    core: Core, server: LlmServer, behaviour: Behaviour
) -> None:
    written = asked(core, "What is the price of Eddy 3?", behaviour, server=server)

    assert written is not None
    assert written.writer == "tables"
    assert written.notes[0].startswith("Computed without the model:")


def test_a_model_that_finds_no_answer_in_the_tables_is_believed(core: Core, server: LlmServer) -> None:
    assert asked(core, "Who invented the Eddy 3?", Reply("NOT ANSWERED"), server=server) is None


def test_a_select_that_agrees_with_the_look_up_is_surer(core: Core, server: LlmServer) -> None:
    right = Reply('SELECT "price (EUR)" AS price FROM price_list WHERE "product" = \'Eddy 3\'')
    agreed = asked(core, "What is the price of Eddy 3?", right, server=server)
    contradicted = asked(core, "What is the price of Eddy 3?", Reply(TOTAL), server=server)

    assert agreed is not None
    assert contradicted is not None
    assert (agreed.confidence or 0) > 0.9 > (contradicted.confidence or 0)


def test_two_tables_that_disagree_make_less_sure_and_a_note(core: Core, tmp_path: Path) -> None:
    alone = asked(core, "What is the price of Eddy 3?")
    other = PRICES.replace("1900", "2100").replace("product", "item")
    (tmp_path / "company" / "old-prices.csv").write_text(other, encoding="utf-8")
    ingest(core, [tmp_path / "company"], None, Silence())

    both = asked(core, "What is the price of Eddy 3?")

    assert alone is not None
    assert both is not None
    assert (both.confidence or 0) < (alone.confidence or 0)
    assert "says otherwise" in both.notes[0]


def test_sheets_of_one_document_that_say_different_things_are_shown_side_by_side(tmp_path: Path) -> None:
    folder = tmp_path / "company"
    folder.mkdir()
    page = "# Prices\n\n## Hardware\n\n{}\n\n## Services\n\n{}\n"
    hardware, services = (
        f"| name | price CAD |\n| --- | --- |\n| {first} | {one} |\n| {second} | {two} |"
        for first, one, second, two in (("Eddy 3", 4850, "Eddy 2", 2600), ("Training", 1450, "Inspection", 950))
    )
    (folder / "prices.md").write_text(page.format(hardware, services), encoding="utf-8")
    made = make_core(tmp_path)
    ingest(made, [folder], None, Silence())

    written = asked(made, "What is the highest price?")
    made.database.close()

    assert written is not None
    assert "Hardware: The highest price CAD is 4850" in written.text
    assert "Services: The highest price CAD is 1450" in written.text
    assert len(written.citations) == 2


def test_a_row_quoted_where_something_should_be_computed_is_not_trusted(core: Core) -> None:
    artefact = {"answer": 0.5, "slope": 1.0, "intercept": 10.0}  # everything is quoted, and with confidence
    eager = Release(
        identity("thresholds", artefact), "thresholds", artefact, {}, "s", core.now(), Outcome.RELEASED, serving=False
    )
    with core.database.begin() as db:
        releases.put(db, eager)
        releases.promote(db, eager.id)

    answer = ask(core, Asking("What is the largest?", "U1", Surface.TERMINAL, Audience.everyone(), "q"))

    assert "could not be computed" in " ".join(answer.trace)
    assert answer.confidence == ROW_ALONE
