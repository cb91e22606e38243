"""Nobody reads in a report, on Home or on a card what they may not; of who is forgotten nothing is left in any of it.

The companies are those of `test_random_worlds.py`, with some measured weeks in them (`measured.py`).
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from sqlalchemy import text

from bot import homing, report_answers
from bot.blocks.report import details_message, report_message
from bot.counted import counted, threads
from bot.face import Face
from bot.identity import Identity
from bot.pages.report import report_page, threads_page
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.curation import person, review_queue
from flywheel.measurement.edition import monthly
from flywheel.measurement.report import report
from flywheel.store import records, reports
from tests.integration.security.measured import Company, company, later, measured, review
from tests.integration.security.test_random_worlds import Parrot
from tests.integration.security.worlds import Reader

SEEDS = range(2)
CHANNEL = Reader(channel="C1")
URL = "https://x.example/"


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed {seed}")
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Yield a company that was judged, reviewed and reported on for a channel."""
    one = company(tmp_path_factory.mktemp("measured"), request.param)
    measured(one, CHANNEL.channel)
    review(one)
    later(one.core)
    measured(one, CHANNEL.channel)
    yield one
    one.core.database.close()


def test_the_weeks_have_topics_secrets_and_judgements(made: Company) -> None:
    content = newest(made.core)
    topics = next(one for one in content["sections"] if one["key"] == "topics")

    assert topics["numbers"]["topics"]
    assert made.judge.heard
    assert made.reviewed > 10
    assert "secret" in repr(content["threads"])


def test_a_report_tells_a_channel_only_what_everybody_there_may_read(made: Company) -> None:
    content = newest(made.core)
    month = report(made.core, CHANNEL.channel, monthly(made.core.now(), "2026-11")).content

    assert made.world.leaked(CHANNEL, [content, month]) == []


def test_every_face_of_a_report_tells_no_more(made: Company) -> None:
    content = newest(made.core)
    pages = [
        threads_page(content, one, threads(content, one.answers), "https://x.example/") for one in counted(content)
    ]
    shown = [report_message(content, report_id="r"), details_message(content), report_page(content), *pages]

    assert made.world.leaked(CHANNEL, shown) == []


def test_a_report_for_nobody_in_particular_tells_what_everybody_may_read(made: Company) -> None:
    assert made.world.leaked(Reader(), report(made.core).content) == []


def test_a_model_that_names_topics_sees_what_the_channel_may_read(made: Company) -> None:
    parrot = Parrot()
    report(replace(made.core, language_model=parrot), CHANNEL.channel)

    assert parrot.heard
    assert made.world.leaked(CHANNEL, parrot.heard) == []


def test_the_metric_log_tells_nothing_that_anybody_wrote(made: Company) -> None:
    with made.core.database.read() as db:
        kept = records.since(db)

    assert kept
    assert "secret" not in repr(kept)


def test_a_judge_sees_of_an_answer_what_its_readers_may_read(made: Company) -> None:
    leaks = [leak for one in made.judge.heard for leak in made.world.leaked(made.asked[one.answer_id], one)]

    assert leaks == []


def test_threads_behind_a_number_are_told_to_those_who_may_read_them(made: Company) -> None:
    with made.core.database.read() as db:
        stored = reports.newest(db)
    assert stored is not None
    leaks = []
    for reader in people(made):
        for one in counted(stored.content):
            view = report_answers.threads_of(face(made), stored.id, one.key, str(reader.person))
            view["blocks"] = view["blocks"][1:]  # the number itself, as the channel has it
            leaks += made.world.leaked(reader, view)

    assert leaks == []


def test_home_and_cards_show_a_person_only_what_they_may_read(made: Company) -> None:
    leaks = []
    for reader in people(made):
        shown = [homing.view_of(face(made), str(reader.person)), review_queue.offers(made.core, str(reader.person))]
        leaks += made.world.leaked(reader, shown)

    assert leaks == []


def test_the_log_tells_nothing_that_anybody_wrote(made: Company, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    report(made.core, CHANNEL.channel)
    later(made.core)
    measured(made, CHANNEL.channel)

    assert [one.getMessage() for one in caplog.records if "secret" in one.getMessage().lower()] == []


@pytest.mark.parametrize("gone", ["U1", "U3"])
def test_of_somebody_forgotten_nothing_measured_is_left(tmp_path: Path, gone: str) -> None:
    one = company(tmp_path, 1)
    measured(one, CHANNEL.channel)
    review(one)
    later(one.core)
    measured(one, CHANNEL.channel)
    with one.core.database.read() as db:
        asked = set(db.scalars(text("SELECT id FROM question WHERE person = :person"), {"person": gone}))

    person.forget(one.core, gone)
    kept = everything(one.core)
    one.core.database.close()

    private = {handle for handle, access in one.world.access.items() if access == {f"user:{gone}"} and "said" in handle}
    told = {one.world.secrets[secret] for secret in re.findall(r"secret[0-9a-f]{10}", kept)}
    assert asked
    assert told & private == set()
    assert re.findall(rf"(?<![\w-]){gone}(?!\w)", kept) == []
    assert [name for name in asked if re.search(rf"(?<![\w-])(?:ca|a|q){name[1:]}(?![\w-])", kept)] == []


def newest(core: Core) -> dict[str, Any]:
    with core.database.read() as db:
        found = reports.newest(db)
    assert found is not None
    return dict(found.content)


def people(made: Company) -> list[Reader]:
    return [one for one in made.world.readers() if one.person is not None]


def face(made: Company) -> Face:
    """Return a face that has nobody to speak to."""
    return Face(made.core, WebClient("x"), Identity("T1", "UBOT", url=URL), ask, lambda: None, lambda _: None)


def everything(core: Core) -> str:
    """Return all that the database holds as one text."""
    tables = text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    with core.database.read() as db:
        rows = [row for name in db.scalars(tables).all() for row in db.execute(text(f'SELECT * FROM "{name}"'))]
    return "\n".join(repr(tuple(row)) for row in rows)
