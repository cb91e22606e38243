"""What was probably said by mistake is found, and what is merely rare is not."""

from flywheel.curation.doubts import doubted
from flywheel.curation.trust import Trust
from flywheel.store.standing import Standing
from tests.unit.curation.opinions import TOPICS, World


def test_a_word_that_all_others_contradict_is_doubted() -> None:
    world = World()
    world.crowd(12)
    slip = world.says("U0", 0, "t1")

    assert list(doubted(world.opinions, world.asked, Trust())) == [slip.key]


def test_most_mistakes_are_found_and_few_others() -> None:
    world = World()
    world.crowd(40, noise=0.3)
    wrong = {one.key for one in world.opinions if one.target != f"t{int(one.key[1:]) % TOPICS}"}

    found = set(doubted(world.opinions, world.asked, Trust()))

    assert len(found & wrong) >= 0.8 * len(wrong)
    assert len(found - wrong) <= 0.1 * len(found)


def test_without_mistakes_nothing_is_doubted() -> None:
    world = World()
    world.crowd(10)

    assert doubted(world.opinions, world.asked, Trust()) == {}


def test_targets_of_their_own_are_no_mistakes() -> None:
    world = World()
    for number in range(12):
        world.says(f"U{number}", number % TOPICS, f"own{number}")

    assert doubted(world.opinions, world.asked, Trust()) == {}


def test_who_is_in_quarantine_doubts_nobody() -> None:
    world = World()
    honest = world.says("ana", 0)
    for _ in range(3):
        world.says("ben", 0)
        for number in range(4):
            world.says(f"clique{number}", 0, "t1")
    clique = Trust({f"clique{number}": Standing(0, 20) for number in range(4)})

    assert honest.key in doubted(world.opinions, world.asked, Trust())
    assert doubted(world.opinions, world.asked, clique) == {}
