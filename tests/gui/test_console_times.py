"""ConsoleTimes: which row of the console was the next one at a time, whatever was left out."""

from functools import partial

from PyQt6.QtGui import QFont
from pytestqt.qtbot import QtBot

from pyprobe.gui.console_text import Stream
from pyprobe.gui.console_times import ConsoleTimes
from pyprobe.gui.console_view import ConsoleView
from pyprobe.gui.theme import LIGHT

MS = 1_000_000


def test_lines_have_the_times_of_their_output() -> None:
    times = ConsoleTimes()
    times.note(10 * MS, 2)
    times.note(20 * MS, 5)
    assert [times.row_at(t * MS) for t in (9, 10, 19, 20, 99)] == [0, 2, 2, 5, 5]


def test_output_within_a_millisecond_is_one_piece() -> None:
    times = ConsoleTimes()
    times.note(10 * MS, 2)
    times.note(10 * MS + 1, 3)
    assert times.row_at(10 * MS) == 3


def test_a_clock_that_goes_back_does_not_disorder_the_lines() -> None:
    times = ConsoleTimes()
    times.note(10 * MS, 1)
    times.note(5 * MS, 2)
    assert times.row_at(10 * MS) == 2


def test_lines_left_out_stand_in_one_row() -> None:
    times = ConsoleTimes()
    times.note(10 * MS, 3)
    times.note(20 * MS, 110)
    times.replaced(3, 100, 1)
    assert times.row_at(10 * MS) == 3
    assert times.row_at(20 * MS) == 11


def test_what_is_let_go_moves_the_rest_up() -> None:
    times = ConsoleTimes()
    times.note(10 * MS, 50)
    times.note(20 * MS, 90)
    times.moved_up(40)
    assert (times.row_at(10 * MS), times.row_at(20 * MS), times.row_at(1)) == (10, 50, 0)


def test_after_clearing_the_next_line_is_the_first_row() -> None:
    times = ConsoleTimes()
    times.note(10 * MS, 50)
    times.clear(50)
    times.note(20 * MS, 52)
    assert (times.row_at(10 * MS), times.row_at(20 * MS)) == (0, 2)


def test_a_view_that_lets_lines_go_still_knows_their_times(qtbot: QtBot) -> None:
    view = ConsoleView(LIGHT, QFont(), max_lines=100)
    qtbot.addWidget(view)
    for step in range(40):
        view.clock = partial(int, step * MS)
        view.add(Stream.STDOUT, "".join(f"{step} {line}\n" for line in range(10)))
        while view.show_pending():
            pass
    view.show_until(37 * MS)
    assert view.later_text().splitlines()[0] == "38 0"
    view.show_until(None)
    assert view.later_text() == ""


def test_a_flood_of_which_lines_are_lost_still_ends_where_it_ends(qtbot: QtBot) -> None:
    view = ConsoleView(LIGHT, QFont(), max_lines=100)
    qtbot.addWidget(view)
    view.clock = lambda: 10 * MS
    view.add(Stream.STDOUT, "".join(f"early {line}\n" for line in range(1000)))
    view.clock = lambda: 20 * MS
    view.add(Stream.STDOUT, "late\n")
    while view.show_pending():
        pass
    view.show_until(10 * MS)
    assert view.later_text().split() == ["late"]


def test_an_unfinished_line_belongs_to_its_first_output(qtbot: QtBot) -> None:
    view = ConsoleView(LIGHT, QFont())
    qtbot.addWidget(view)
    view.clock = lambda: 10 * MS
    view.add(Stream.STDOUT, "begun ")
    view.clock = lambda: 20 * MS
    view.add(Stream.STDOUT, "ended\nlater\n")
    view.show_pending()
    view.show_until(10 * MS)
    assert view.later_text().split() == ["later"]
