"""ConsoleView and its encoding: what stands there, bounds, links, following the end."""

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.gui.code_style import monospace_font
from pyprobe.gui.console_encoding import encode_lines
from pyprobe.gui.console_text import Run, Stream
from pyprobe.gui.console_view import ConsoleView
from pyprobe.gui.theme import DARK, LIGHT
from tests.gui.hands import hands


@pytest.fixture
def view(qtbot: QtBot) -> ConsoleView:
    view = ConsoleView(LIGHT, monospace_font(), max_lines=1000)
    view.resize(600, 300)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_encoding_joins_neighbours_of_one_style() -> None:
    encoded = encode_lines([(Run("a", 1),), (Run("é", 1),), (Run("b", 2), Run("c", 1))], ())
    assert encoded.data == "a\né\nbc\n".encode()
    assert encoded.styles == [(5, 1), (1, 2), (2, 1)]


def test_encoding_finds_links_by_bytes() -> None:
    encoded = encode_lines([(Run("é", 0),), (Run('  File "ü.py", line 3, in f', 0),)], ())
    ((offset, length),) = encoded.links
    assert encoded.data[offset : offset + length].decode() == 'File "ü.py", line 3'


def test_shows_output_in_order_and_replaces_the_open_line(view: ConsoleView) -> None:
    view.add(Stream.STDOUT, "10%")
    view.show_pending()
    view.add(Stream.STDOUT, "\r20%")
    view.show_pending()
    assert view.text() == "20%"
    view.add(Stream.STDERR, "!\nnext")
    assert not view.show_pending()
    assert view.text() == "20%!\nnext"


def test_is_bounded(view: ConsoleView) -> None:
    for start in range(0, 5000, 500):
        view.add(Stream.STDOUT, "".join(f"{n}\n" for n in range(start, start + 500)))
        while view.show_pending():
            pass
    assert view.lines() <= 1001
    assert view.text().endswith("4999\n")


def test_says_how_many_lines_are_not_kept(view: ConsoleView) -> None:
    for start in range(0, 5000, 100):
        view.add(Stream.STDOUT, "".join(f"{n}\n" for n in range(start, start + 100)))
        view.show_pending()
    note, first, *_ = view.text().splitlines()
    assert note == f"… {int(first):,} earlier lines are not kept"
    view.add(Stream.STDOUT, "flood\n" * 3000)
    view.show_pending()
    assert "lines not shown" in view.text() or "are not kept" in view.text().splitlines()[0]


def test_follows_the_end_unless_scrolled_away(view: ConsoleView, qapp: QApplication) -> None:
    view.add(Stream.STDOUT, "x\n" * 200)
    view.show_pending()
    qapp.processEvents()
    at_end = view.firstVisibleLine()
    assert at_end > 100
    view.setFirstVisibleLine(5)
    view.add(Stream.STDOUT, "more\n")
    view.show_pending()
    assert view.firstVisibleLine() == 5


def test_a_traceback_line_is_a_link(view: ConsoleView, qtbot: QtBot) -> None:
    view.add(Stream.STDERR, 'Traceback:\n  File "/tmp/x.py", line 7, in f\n')
    view.show_pending()
    position = view.positionFromLineIndex(1, 6)
    x = view.SendScintilla(view.SCI_POINTXFROMPOSITION, 0, position)
    y = view.SendScintilla(view.SCI_POINTYFROMPOSITION, 0, position)
    viewport = view.viewport()
    with qtbot.waitSignal(view.link_clicked) as clicked:
        hands.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(x + 2, y + 4))
    assert clicked.args == ["/tmp/x.py", 7]
    assert view.link_under(QPoint(x + 2, 4)) is None


def test_takes_no_edits(view: ConsoleView) -> None:
    view.add(Stream.STDOUT, "text")
    view.show_pending()
    hands.keyClicks(view, "typed")
    assert view.text() == "text"
    view.set_look(DARK, monospace_font(14))
    view.clear_output()
    assert view.text() == ""
