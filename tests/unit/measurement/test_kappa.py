"""Agreement beyond chance, against values that were worked out by hand or published."""

from random import Random

import pytest

from flywheel.measurement.kappa import Weights, agreement, kappa

YES_NO = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15


def test_kappa_is_agreement_beyond_what_the_shares_alone_would_give() -> None:
    assert kappa(YES_NO) == pytest.approx((0.7 - 0.5) / (1 - 0.5))


def test_judges_who_agree_always_have_kappa_one() -> None:
    assert kappa([(True, True), (False, False)]) == 1.0


def test_kappa_of_one_category_is_undefined() -> None:
    assert kappa([(True, True)] * 9) is None


def test_kappa_of_nothing_is_undefined() -> None:
    assert kappa(list[tuple[bool, bool]]()) is None


def test_labels_that_have_nothing_to_do_with_each_other_have_kappa_zero() -> None:
    assert kappa([(one, other) for one in (True, False) for other in (True, False)]) == pytest.approx(0.0)


def test_weights_forgive_neighbouring_categories() -> None:
    pairs = [(0, 0), (1, 1), (2, 2), (2, 1), (0, 1)]
    plain, linear = kappa(pairs), kappa(pairs, (0, 1, 2), Weights.LINEAR)

    assert plain is not None
    assert linear is not None
    assert linear > plain


def test_quadratic_weights_give_the_value_worked_out_by_hand() -> None:
    pairs = [(0, 0), (1, 1), (2, 2), (2, 1), (0, 1)]
    observed, expected = (
        2 * 0.25 / 5,
        (2 * 3 * 0.25 + 2 * 1 * 1.0 + 1 * 1 * 0.25 + 1 * 1 * 0.25 + 2 * 1 * 1.0 + 6 * 0.25) / 25,
    )

    assert kappa(pairs, (0, 1, 2), Weights.QUADRATIC) == pytest.approx(1 - observed / expected)


def test_the_interval_holds_the_value_and_is_drawn_the_same_again() -> None:
    first, again = agreement(YES_NO, "seed"), agreement(YES_NO, "seed")

    assert first == again
    assert first.low is not None
    assert first.high is not None
    assert first.low < 0.4 < first.high


@pytest.mark.parametrize(("equal", "words"), [(10, "poor"), (17, "slight"), (22, "moderate"), (29, "almost perfect")])
def test_kappa_is_put_into_the_words_of_landis_and_koch(equal: int, words: str) -> None:
    pairs = [(n % 2 == 0, n % 2 == 0) for n in range(equal)] + [(n % 2 == 0, n % 2 == 1) for n in range(30 - equal)]

    assert agreement(pairs, "seed").words == words


def test_ten_pairs_that_never_differ_do_not_make_certain() -> None:
    found = agreement([(True, True)] * 9 + [(False, False)], "seed")

    assert found.kappa == found.high == 1.0
    assert found.low is not None
    assert found.low < 0.4


def test_the_interval_of_few_and_skewed_pairs_holds_the_true_kappa() -> None:
    """Resampling the pairs held it in two lots of five."""
    cells, shares = [(True, True), (True, False), (False, True), (False, False)], (0.84, 0.03, 0.02, 0.11)
    rng = Random(3)
    lots = [agreement(rng.choices(cells, shares, k=15), str(n)) for n in range(40)]
    known = [(one.low, one.high) for one in lots if one.low is not None and one.high is not None]

    assert sum(low <= 0.786 <= high for low, high in known) >= 0.8 * len(known)
