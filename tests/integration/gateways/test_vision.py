"""The gateway to models that look at pictures, against a real local server."""

from random import Random
from typing import Any

import pytest

from flywheel.errors import ModelUnavailable
from flywheel.gateways.openai_chat import OpenAIChat
from flywheel.gateways.vision import OpenAIVision
from tests.llm_server import Behaviour, LlmServer, Refuse, Reply, serving

PICTURE = b"\x89PNG picture"
NUMBER = str(Random(3).randrange(1_000, 10_000))
SEES = Reply(NUMBER)


def vision(server: LlmServer) -> OpenAIVision:
    return OpenAIVision(OpenAIChat("eyes", "key", server.base_url, sleep=lambda _: None), Random(3))


def describe(model: OpenAIVision) -> str:
    return model.describe(PICTURE, "image/png", "Figure 4")


def parts(server: LlmServer, request: int) -> list[dict[str, Any]]:
    content: Any = server.log[request].body["messages"][0]["content"]
    return list(content)


def refused(model: OpenAIVision) -> str:
    with pytest.raises(ModelUnavailable) as error:
        describe(model)
    return str(error.value)


def test_a_picture_is_described() -> None:
    with serving(SEES, Reply("A plan of floor 2.")) as server:
        assert describe(vision(server)) == "A plan of floor 2."


def test_the_request_carries_the_picture_and_what_is_said_of_it() -> None:
    with serving(SEES, Reply("A plan.")) as server:
        describe(vision(server))

    text, image = parts(server, 1)
    assert text["text"].endswith("What its document says of it:\nFigure 4")
    assert image["image_url"]["url"].startswith("data:image/png;base64,iVBORyBwaWN0")


def test_a_model_proves_only_once_that_it_sees() -> None:
    with serving(SEES, Reply("A plan.")) as server:
        model = vision(server)
        describe(model)
        describe(model)

    assert len(server.log) == 3


def test_a_model_that_makes_something_up_is_blind() -> None:
    with serving(Reply("The number is 12.")) as server:
        model = vision(server)
        reason = refused(model)

    assert (reason, model.is_blind) == ("the model eyes does not see pictures", True)


@pytest.mark.parametrize("status", [400, 404, 415])
def test_a_server_that_refuses_pictures_is_not_asked_again(status: int) -> None:
    with serving(Refuse(status)) as server:
        model = vision(server)
        assert refused(model) == refused(model)

    assert (len(server.log), model.is_blind) == (1, True)


@pytest.mark.parametrize("failure", [Refuse(500), Refuse(429), Refuse(401)])
def test_another_failure_does_not_make_it_blind(failure: Behaviour) -> None:
    with serving(failure, SEES, Reply("A plan.")) as server:
        model = vision(server)
        refused(model)

        assert describe(model) == "A plan."
