"""What the report says to do next: the lever, the threads, and whom it concerns."""

from datetime import timedelta
from typing import Any

from flywheel.measurement.understanding.moves import Todo
from flywheel.model import Routing, SignalKind
from tests.integration.understanding.world import LUNCH, SECRET, VPN, World
from tests.parts import know


def first(world: World) -> Todo:
    return world.told().todo[0]


def test_nothing_went_wrong_so_there_is_nothing_to_do(world: World) -> None:
    world.ask(VPN, 14)

    told = world.told()

    assert told.todo == ()
    assert "Nothing is known to have gone wrong" in told.matrix.lines[0].text


def test_what_found_nothing_must_be_written_down(world: World) -> None:
    failed = world.ask(VPN, 14, abstained=True, listed=())

    todo = first(world)

    assert (todo.lever, todo.title) == ("inventory", "Write down what people ask about “vpn client install laptop”.")
    assert sorted(todo.answers) == sorted(failed)


def test_why_says_how_many_questions_of_how_many_people(world: World) -> None:
    world.ask(VPN, 14, abstained=True, listed=())

    assert first(world).why == "14 questions, from 14 people in 5 weeks: nothing that is written down answered them."


def test_what_stood_behind_must_be_ranked(world: World) -> None:
    know(world.core, "p9", "The right passage.")
    failed = world.ask(VPN, 14, listed=("p1", "p2", "p9:0"))
    world.react(SignalKind.CITATION_UP, failed, passage_id="p9:0")
    world.react(SignalKind.THUMBS_DOWN, failed)

    todo = first(world)

    assert todo.lever == "ranking"
    assert "the right passage was found (at place 3) and not shown" in todo.why


def test_what_was_cited_and_did_not_help_must_be_written_otherwise(world: World) -> None:
    failed = world.ask(VPN, 14)
    world.react(SignalKind.THUMBS_DOWN, failed, reason="too_long")

    assert first(world).lever == "writing"


def test_what_is_in_the_index_and_was_not_found_is_a_capability(world: World) -> None:
    know(world.core, "p9", "The right passage.")
    world.at += timedelta(days=3)  # by then it was in the index
    failed = world.ask(VPN, 14)
    world.react(SignalKind.CITATION_UP, failed, passage_id="p9:0")
    world.react(SignalKind.THUMBS_DOWN, failed)

    assert first(world).lever == "capability"


def test_a_kind_that_was_not_searched_is_the_router_s(world: World) -> None:
    failed = world.ask(VPN, 14, routing=Routing(("documents",)))
    world.react(SignalKind.REROUTE, failed, retriever="tables")
    world.react(SignalKind.THUMBS_DOWN, failed)

    todo = first(world)

    assert todo.lever == "router"
    assert todo.title.endswith("are answered in tables.")


def test_where_nobody_said_what_would_be_right_somebody_must_ask(world: World) -> None:
    world.react(SignalKind.THUMBS_DOWN, world.ask(VPN, 14))

    assert first(world).lever == "unclear"


def test_the_owner_of_the_nearest_source_is_named(world: World) -> None:
    know(world.core, "vpn.md", "About the VPN.", owner="U77")
    world.ask(VPN, 14, abstained=True, listed=("vpn.md:0",))

    assert first(world).owner == "U77"


def test_the_owner_of_a_source_that_not_everybody_may_read_is_not_named(world: World) -> None:
    know(world.core, "vpn.md", "About the VPN.", owner="U77", access=["channel:C9"])
    world.ask(VPN, 14, abstained=True, listed=("vpn.md:0",))

    assert first(world).owner is None


def test_what_cannot_be_quoted_is_counted_without_a_name(world: World) -> None:
    world.ask(SECRET, 14, readers={"public", "channel:C9"}, channel="C9", abstained=True, listed=())

    assert first(world).title == "Write down what people ask about a topic that cannot be quoted here."


def test_at_most_three_things_are_to_do(world: World) -> None:
    for name in "abcde":
        about = (f"{name}alpha {name}beta {name}gamma {name}delta", *VPN[1:])
        world.ask(about, 10, abstained=True, listed=())

    assert len(world.told().todo) == 3


def test_what_failed_more_often_comes_first(world: World) -> None:
    world.ask(LUNCH, 6, abstained=True, listed=())
    world.ask(VPN, 14, abstained=True, listed=())

    assert [one.title for one in world.told().todo] == [
        "Write down what people ask about “vpn client install laptop”.",
        "Write down what people ask about “canteen lunch menu served”.",
    ]


def test_points_of_the_matrix_say_volume_and_dissatisfaction(world: World) -> None:
    world.ask(VPN, 10, abstained=True, listed=())
    world.ask(VPN, 10)
    world.ask(LUNCH, 12)

    points: Any = world.told().matrix.numbers["points"]

    (point,) = points
    assert (point["volume"], point["dissatisfaction"], point["lever"]) == (20, 0.5, "inventory")
