from __future__ import annotations

from console.figures.charts import WIDTH, Line, chart

LINES = [Line("اليوم", [("web", 3), ("sms", 1)], "4"), Line("أمس", [("web", 0), ("sms", 2)], "2")]


def test_bars_share_a_scale_and_stand_one_after_the_other() -> None:
    first, second = chart(LINES, from_right=False).rows
    web, sms = first.pieces
    assert (web.name, sms.name) == ("web", "sms")
    assert sms.x == web.x + web.width
    assert web.width == 3 * sms.width
    assert [piece.name for piece in second.pieces] == ["sms"]
    assert second.pieces[0].width == 2 * sms.width
    assert second.y > first.y


def test_from_the_right_everything_is_mirrored() -> None:
    left, right = (chart(LINES, from_right=side) for side in (False, True))
    for one, other in zip(left.rows, right.rows, strict=True):
        assert other.label_x == WIDTH - one.label_x
        assert other.value_x == WIDTH - one.value_x
        assert [round(WIDTH - piece.x - piece.width, 1) for piece in one.pieces] == [piece.x for piece in other.pieces]


def test_nothing_has_no_bar_and_no_division_by_it() -> None:
    empty = chart([Line("اليوم", [("web", 0)], "")], from_right=True)
    assert empty.rows[0].pieces == ()
    assert chart([], from_right=True).rows == ()


def test_a_whole_of_its_own() -> None:
    lines = [Line("a", [("x", 1)], "", 2), Line("b", [("x", 10)], "", 20), Line("c", [("x", 0)], "", 0)]
    rows = chart(lines, from_right=False).rows
    assert rows[0].pieces[0].width == rows[1].pieces[0].width
    assert rows[2].pieces == ()
