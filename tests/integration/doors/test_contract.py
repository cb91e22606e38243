"""The OpenAPI document holds: it is valid, and generated requests never meet an error of ours.

The requests are the same in every run; each reply must have a documented status and the documented shape.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis import checks as every
from starlette.testclient import TestClient

from bot.api import create_api
from flywheel.registry import Outcome, Release
from flywheel.store import releases
from tests.integration.doors.conftest import TOKEN, World
from tests.parts import MOMENT, answered

EXAMPLES = 25
"""Requests per door, valid and invalid each; the whole file takes well under a minute."""

DOORS = [
    ("POST", "/v1/search"),
    ("POST", "/v1/ask"),
    ("POST", "/v1/feedback"),
    ("GET", "/v1/flywheel/training-candidates"),
    ("POST", "/v1/flywheel/turns"),
    ("GET", "/v1/flywheel/turns/{turn_id}"),
    ("GET", "/v1/models"),
    ("POST", "/v1/models/{model_id}/promote"),
    ("POST", "/v1/models/{model_id}/rollback"),
    ("POST", "/v1/models/{model_id}/hold"),
    ("GET", "/v1/credit/{answer_id}"),
    ("POST", "/v1/credit/{answer_id}"),
    ("GET", "/v1/reviews"),
    ("GET", "/v1/reviews/guidelines"),
    ("GET", "/v1/reviews/next"),
    ("POST", "/v1/reviews/{item_id}"),
    ("GET", "/v1/audit"),
    ("GET", "/v1/thresholds"),
    ("POST", "/v1/thresholds"),
    ("POST", "/v1/thresholds/proposals"),
    ("POST", "/v1/reviews/{item_id}/undo"),
    ("GET", "/v1/judgements"),
    ("GET", "/v1/records"),
    ("GET", "/v1/metrics"),
    ("GET", "/v1/trends"),
    ("GET", "/v1/experiments"),
    ("POST", "/v1/experiments"),
    ("GET", "/v1/experiments/{experiment_id}"),
    ("POST", "/v1/experiments/{experiment_id}/start"),
    ("POST", "/v1/experiments/{experiment_id}/stop"),
    ("POST", "/v1/experiments/{experiment_id}/adopt"),
    ("GET", "/v1/reports/latest"),
    ("GET", "/v1/reports/{period}"),
    ("GET", "/v1/topics"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),
]
CHECKS = [
    every.not_a_server_error,
    every.status_code_conformance,
    every.content_type_conformance,
    every.response_schema_conformance,
]


@pytest.fixture
def document(world: World) -> Any:
    """Return the schema of an application that knows an answer "a1" and a model."""
    answered(world.core, "a1", cites=["vpn.md:0"])
    artefact = {"alpha": 0.4}
    made = Release(releases.identity("fusion", artefact), "fusion", artefact, {}, "s", MOMENT, Outcome.HELD, False)
    with world.core.database.begin() as db:
        releases.put(db, made)
    return schemathesis.openapi.from_asgi("/openapi.json", create_api(world.serving()))


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), DOORS)
def test_no_request_meets_an_error_of_ours(document: Any, method: str, path: str, mode: GenerationMode) -> None:
    door = document[path][method]
    if mode is GenerationMode.NEGATIVE and not (door.body or door.query or door.path_parameters):
        return

    @settings(max_examples=EXAMPLES, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=door.as_strategy(generation_mode=mode))
    def holds(case: schemathesis.Case[Any]) -> None:
        if isinstance(case.body, dict) and "request_id" in case.body:
            case.body["request_id"] = "a1"  # one that exists, so that what follows is reached
        reply = case.call(headers={"Authorization": f"Bearer {TOKEN}"})
        assert reply.status_code < 500
        case.validate_response(reply, checks=CHECKS)

    holds()


def test_every_door_of_the_document_is_tried(document: Any) -> None:
    found = {(one.ok().method.upper(), one.ok().path) for one in document.get_all_operations()}

    assert found == set(DOORS)


def test_the_openapi_document_is_valid(document: Any) -> None:
    document.validate()


def test_every_door_of_v1_says_that_it_needs_the_token(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    guarded = {path: bool(one.get("security")) for path, doors in paths.items() for one in doors.values()}

    assert {path for path, needs in guarded.items() if not needs} == {"/healthz", "/metrics"}
