import pytest

from console.figures.shares import FEW, Share

WILSON = [
    # published values: Wilson score, 95 %
    (0, 10, 0.0, 0.2775),
    (5, 10, 0.2366, 0.7634),
    (10, 10, 0.7225, 1.0),
    (90, 100, 0.8256, 0.9448),
    (81, 263, 0.2553, 0.3662),
]


@pytest.mark.parametrize(("count", "of", "low", "high"), WILSON)
def test_the_interval(count: int, of: int, low: float, high: float) -> None:
    interval = Share(count, of).interval
    assert interval == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_a_share_of_nothing_is_none() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval, Share(0, 0).few) == (None, None, True)


@pytest.mark.parametrize(("of", "few"), [(3, True), (FEW - 1, True), (FEW, False)])
def test_a_share_of_few_says_so(of: int, few: bool) -> None:
    assert Share(of, of).few is few
