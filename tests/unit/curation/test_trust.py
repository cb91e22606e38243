"""Whose word counts: agreement with the others, without one's own."""

from flywheel.curation.opinions import Opinion
from flywheel.curation.trust import Trust, judge
from flywheel.store.standing import Standing
from tests.unit.curation.opinions import TOPICS, World


def judged(world: World) -> Trust:
    """Return the trust that a world gives."""
    return judge([(world.opinions, world.asked)])


def test_who_agrees_with_the_others_is_trusted() -> None:
    world = World()
    world.crowd(10, noise=0.1)

    assert judged(world).quarantined == frozenset()
    assert judged(world).of("U0") > 0.5


def test_one_attacker_with_more_votes_than_everybody_is_quarantined() -> None:
    world = World()
    world.crowd(10)
    for vote in range(80):
        world.says("mallory", vote % TOPICS, f"t{(vote + 1) % TOPICS}")

    assert judged(world).quarantined == {"mallory"}


def test_five_who_agree_only_with_each_other_lose_trust_together() -> None:
    world = World()
    world.crowd(12)
    for number in range(5):
        for _ in range(16):
            world.says(f"clique{number}", 0, "t1")

    trust = judge([(world.opinions, world.asked_of_an_index)])

    assert trust.quarantined == {f"clique{number}" for number in range(5)}


def test_calling_right_sources_wrong_costs_trust_too() -> None:
    world = World()
    world.crowd(10)
    for vote in range(20):
        world.says("mallory", vote % TOPICS, holds=False)

    assert judged(world).is_quarantined("mallory")


def test_calling_wrong_sources_wrong_does_not() -> None:
    world = World()
    world.crowd(10)
    for vote in range(20):
        world.says("ana", vote % TOPICS, f"t{(vote + 1) % TOPICS}", holds=False)

    assert judged(world).of("ana") > 0.8


def test_one_disagreement_of_two_persons_quarantines_neither() -> None:
    world = World()
    world.says("ana", 0, "t0")
    world.says("ben", 0, "t1")

    assert judged(world).quarantined == frozenset()


def test_somebody_alone_is_judged_by_nobody() -> None:
    world = World()
    world.crowd(1, votes=30)

    assert judged(world).standings["U0"].judged == 0
    assert judged(world).weight("U0") == 1.0


def test_what_is_verified_outweighs_a_few_voices() -> None:
    world = World()
    for number in range(3):
        for _ in range(12):
            world.says(f"clique{number}", 0, "t1")
    for _ in range(6):
        truth = world.says("", 0, "t0")
        assert truth.person == ""

    assert judged(world).quarantined == {f"clique{number}" for number in range(3)}


def test_what_is_verified_is_nobody_s_standing() -> None:
    world = World()
    world.crowd(3)
    world.says("", 0)

    assert "" not in judged(world).standings


def test_the_order_of_opinions_changes_nothing() -> None:
    world = World()
    world.crowd(6, noise=0.2)
    turned: list[Opinion] = world.opinions[::-1]

    one, other = judge([(turned, world.asked)]), judged(world)
    assert [round(one.of(f"U{number}"), 9) for number in range(6)] == [
        round(other.of(f"U{number}"), 9) for number in range(6)
    ]


def test_most_people_s_word_counts_in_full() -> None:
    trust = Trust({"ana": Standing(9, 1), "ben": Standing(8, 2), "eve": Standing(2, 6)}, typical=0.7)

    assert (trust.weight("ana"), trust.weight("ben")) == (1.0, 1.0)
    assert trust.weight("eve") < 1.0


def test_a_reviewer_s_word_lets_somebody_out_of_quarantine() -> None:
    trust = Trust({"eve": Standing(0, 20)}, cleared=frozenset({"eve"}))

    assert not trust.is_quarantined("eve")
