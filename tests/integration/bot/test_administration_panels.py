"""Home, the audit log, budgets, the report's schedule, sources, and what is learned, as administrators use them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot import scheduling, workspace_limits
from bot.face import Face
from bot.identity import whoami
from bot.outbox import slack_client
from bot.scheduling import Schedule
from flywheel.answering import budget
from flywheel.answering.ask import ask
from flywheel.answering.budget import Budgets
from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, approve, reject, suggest
from flywheel.ports import ChatMessage
from flywheel.store import audit
from tests.integration.bot.panels import acts, opened, press, shown, submit, told
from tests.integration.bot.world import People, eventually, install_at, utc_now, words
from tests.parts import answered


class Silent:
    """A `LanguageModel` that nobody asks."""

    name = "silent"

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> Iterator[str]:
        return iter(())


def home(people: People, by: str, text: str) -> dict[str, Any]:
    """Open the Home tab and wait until it says something."""
    people.act("home/open", by=by, tab="home")
    return dict(eventually(lambda: (view := people.look(f"home?as={by}")["view"]) and text in words(view) and view))


def test_home_opens_the_same_views_for_administrators(people: People) -> None:
    view = home(people, "U1", "Audit log")

    press(people, "U1", view, "admin_open_audit")

    shown(people, "U1", "Nobody has decided anything yet")


def test_home_offers_nobody_else_the_administration(people: People) -> None:
    assert "Audit log" not in words(home(people, "U2", "How to ask"))


def test_the_audit_log_tells_who_did_what(people: People, core: Core) -> None:
    with core.database.begin() as db:
        audit.put(db, "U3", "roll back", "fusion r-1", utc_now())

    assert "<@U3> rolled the fusion back" in words(opened(people, "U1", "audit", "rolled the fusion back"))


def test_the_audit_log_has_pages(people: People, core: Core) -> None:
    with core.database.begin() as db:
        for number in range(25):
            audit.put(db, "U3", "budget", f"number {number}", utc_now())

    view = opened(people, "U1", "audit", "number 24")
    assert "number 4)" not in words(view)
    press(people, "U1", view, "admin_audit_older")

    assert "number 0)" in words(shown(people, "U1", "number 4)"))


def test_budgets_are_set(people: People, core: Core) -> None:
    submit(people, "U1", opened(people, "U1", "budgets", "No language model"), calls="500")

    shown(people, "U1", "Saved.")
    with core.database.read() as db:
        assert budget.read(db) == Budgets(calls=500)


def test_a_budget_that_cannot_be_kept_to_is_refused(people: People) -> None:
    refused = submit(people, "U1", opened(people, "U1", "budgets", "No language model"), cost="5")

    assert "no prices are configured" in str(refused["errors"])


def test_the_day_of_the_report_is_set(people: People, core: Core) -> None:
    submit(people, "U1", opened(people, "U1", "report", "Once a week"), day="4", hour="16", channel="C2")

    shown(people, "U1", "Saved.")
    with core.database.read() as db:
        assert scheduling.read(db) == Schedule(4, 16, "C2")


def test_the_second_to_set_a_budget_sees_what_the_first_set(people: People, core: Core) -> None:
    view = opened(people, "U1", "budgets", "No language model")
    budget.change(core, Budgets(calls=7), "U9")

    submit(people, "U1", view, calls="500")

    again = shown(people, "U1", "Somebody has changed this meanwhile")
    assert "500" in str(again["blocks"])
    submit(people, "U1", again)
    shown(people, "U1", "Saved.")
    with core.database.read() as db:
        assert budget.read(db) == Budgets(calls=500)


def test_sources_are_listed_with_what_they_hold(people: People) -> None:
    assert "3 documents, 3 passages" in words(opened(people, "U1", "sources", "tests"))


def test_a_source_is_taken_out_after_asking(people: People, core: Core) -> None:
    view = opened(people, "U1", "sources", "tests")
    assert "leave my knowledge" in str(view)

    press(people, "U1", view, "admin_source_remove")

    shown(people, "U1", "is removed, with 3 documents")
    assert acts(core)[0] == ("U1", "source removed")


@pytest.mark.parametrize("word", ["releases", "experiments", "thresholds"])
def test_what_is_known_of_learning_is_listed(people: People, word: str) -> None:
    people.act("commands", by="U1", channel="C1", command="/flywheel", text=word)

    told(people, "U1", {"releases": "learned", "experiments": "Experiments", "thresholds": "threshold"}[word])


def test_the_review_queue_opens(people: People) -> None:
    people.act("commands", by="U1", channel="C1", command="/flywheel", text="review")

    shown(people, "U1", "Nothing waits")


def test_a_used_up_budget_is_told_to_administrators_once_a_day(people: People, core: Core) -> None:
    budget.change(core, Budgets(calls=0), "U1")
    client = slack_client(install_at("").bot_token, f"{people.url}/api/", timeout_seconds=5)
    limited = replace(core, language_model=Silent())
    face = Face(limited, client, whoami(client), ask, lambda: None, lambda _: None)

    assert [workspace_limits.announce(face), workspace_limits.announce(face)] == [True, False]

    assert eventually(lambda: [one for one in people.messages("U1", people.dm("U1")) if "budget" in words(one)])


def test_an_approved_suggestion_stands_in_the_audit_log(core: Core) -> None:
    answer = answered(core, cites=["vpn.md:0"])

    approve(core, suggest(core, Suggestion("k", answer, "U2", "Use Office-5.")).id, "U1")

    assert acts(core)[0] == ("U1", "approve")


def test_a_rejected_suggestion_stands_in_the_audit_log_once(core: Core) -> None:
    made = suggest(core, Suggestion("k", answered(core, cites=["vpn.md:0"]), "U2", "Use Office-5."))

    reject(core, made.id, "U1")
    reject(core, made.id, "U1")

    assert acts(core) == [("U1", "reject")]
