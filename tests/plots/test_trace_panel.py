"""TracePanel: the right lens, the header, hidden panels, failures, what stays behind."""

import logging

import numpy as np
import pytest
from numpy.typing import NDArray
from PyQt6.QtCore import QCoreApplication, QEvent, QTimer
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.plots.header_text import HeaderContent
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.text import TextLens
from pyprobe.plots.theme import DARK_THEME, LIGHT_THEME
from pyprobe.plots.title_forms import title_forms
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import ValueTraits, traits_of
from pyprobe.session.history import History
from pyprobe.session.probe import Probe, ProbeStatus
from tests.plots.conftest import MakePanel
from tests.plots.samples import STEP_NS, append_array, append_scalars, append_texts, make_probe


def content(panel: TracePanel) -> HeaderContent:
    found = panel.header.content
    assert found is not None
    return found


def lens_name(panel: TracePanel) -> str:
    return panel.lens_name


def newest_traits(panel: TracePanel) -> ValueTraits:
    value = panel.trace.history.last
    assert value is not None
    return traits_of(value)


def test_armed_says_what_it_waits_for(make_panel: MakePanel) -> None:
    panel = make_panel(make_probe("x", 10))
    assert panel.title() == "x @ script.py:10"
    assert panel.placeholder.isVisible()
    assert panel.placeholder.sentence == "armed: waiting for line 10 to run"
    assert not panel.placeholder.is_error


def test_invalid_says_why(make_panel: MakePanel) -> None:
    probe = make_probe()
    panel = make_panel(probe)
    probe.status, probe.detail = ProbeStatus.INVALID, "the file has no x in line 10"
    panel.refresh()
    assert panel.placeholder.sentence == "invalid: the file has no x in line 10"
    assert panel.placeholder.is_error


def test_the_first_value_brings_the_lens_at_once(make_panel: MakePanel) -> None:
    probe = make_probe()
    panel = make_panel(probe)
    append_scalars(probe, np.array([0.5]))
    probe.status = ProbeStatus.LIVE
    panel.refresh()
    assert isinstance(panel.lens, ScalarHistoryLens)
    assert panel.lens.isVisible()
    assert panel.lens.size() == panel.placeholder.size()  # laid out before the first drawing
    assert not panel.placeholder.isVisible()
    assert panel.lens.curves[0].y.tolist() == [0.5]
    assert content(panel).value == "0.5"
    assert content(panel).status is ProbeStatus.LIVE


def test_the_lens_follows_the_kind_of_value(make_panel: MakePanel) -> None:
    probe = make_probe()
    panel = make_panel(probe)
    seen: list[str] = []
    panel.lens_changed.connect(seen.append)
    append_scalars(probe, np.array([1.0]))
    panel.refresh()
    append_array(probe, np.arange(5.0))
    panel.refresh()
    append_array(probe, np.zeros((4, 4)))
    panel.refresh()
    append_array(probe, np.zeros((4, 4, 4)))
    panel.refresh()
    append_texts(probe, ["hello"])
    panel.refresh()
    append_scalars(probe, np.array([2.0]))
    panel.refresh()
    assert seen == [
        "scalar history",
        "waveform",
        "image",
        "text",
        "scalar history",
    ]
    assert isinstance(panel.lens, ScalarHistoryLens)
    assert panel.lens.curves[0].y.tolist() == [1.0, 2.0]


def test_a_pick_lasts_when_the_kind_changes_and_comes_back(make_panel: MakePanel) -> None:
    probe = make_probe()
    panel = make_panel(probe)
    append_array(probe, np.arange(5.0))
    panel.refresh()
    panel.choose_lens(newest_traits(panel), "text")
    assert lens_name(panel) == "text"
    append_scalars(probe, np.array([2.0]))
    panel.refresh()
    assert lens_name(panel) == "scalar history"
    append_array(probe, np.arange(6.0))
    panel.refresh()
    assert lens_name(panel) == "text"
    assert isinstance(panel.lens, TextLens)
    assert "6 elements" in panel.lens.view.toPlainText()


def test_a_hidden_panel_does_nothing_and_catches_up_when_shown(
    make_panel: MakePanel, qtbot: QtBot
) -> None:
    probe = make_probe()
    panel = make_panel(probe)
    panel.hide()
    append_scalars(probe, np.arange(10.0))
    panel.refresh()
    assert panel.lens is None
    with qtbot.waitExposed(panel):
        panel.show()
    assert isinstance(panel.lens, ScalarHistoryLens)
    assert len(panel.lens.curves[0].y) == 10


def test_a_restarted_program_clears_the_trace(make_panel: MakePanel) -> None:
    probe = make_probe()
    panel = make_panel(probe)
    append_scalars(probe, np.arange(10.0))
    panel.refresh()
    probe.history = History()
    probe.status = ProbeStatus.ARMED
    panel.refresh()
    assert panel.placeholder.isVisible()
    append_scalars(probe, np.array([7.0]))
    panel.refresh()
    assert isinstance(panel.lens, ScalarHistoryLens)
    assert panel.lens.curves[0].y.tolist() == [7.0]


class BrokenHistory(History):
    """Raises where a lens reads it."""

    def span(self, axis: object = "index") -> tuple[float, float] | None:
        raise ArithmeticError("no span today")


@pytest.fixture
def broken(make_panel: MakePanel) -> tuple[Probe, TracePanel]:
    probe = make_probe()
    panel = make_panel(probe)
    probe.history = BrokenHistory()
    append_scalars(probe, np.array([1.0]))
    return probe, panel


def test_a_lens_that_raises_shows_the_sentence_and_reports_once(
    broken: tuple[Probe, TracePanel], caplog: pytest.LogCaptureFixture
) -> None:
    probe, panel = broken
    reports: list[str] = []
    panel.lens_failed.connect(reports.append)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            append_scalars(probe, np.array([1.0]))
            panel.refresh()
    assert reports == ["cannot be drawn: ArithmeticError: no span today"]
    assert panel.placeholder.isVisible()
    assert panel.placeholder.sentence == reports[0]
    assert len(caplog.records) == 1


def test_a_lens_recovers_with_the_next_good_value(broken: tuple[Probe, TracePanel]) -> None:
    probe, panel = broken
    panel.refresh()
    probe.history = History()
    append_scalars(probe, np.array([3.0]))
    panel.refresh()
    assert isinstance(panel.lens, ScalarHistoryLens)
    assert panel.lens.isVisible()


def test_theme_changes_all_colours(make_panel: MakePanel) -> None:
    probe = make_probe(color_index=2)
    panel = make_panel(probe)
    append_scalars(probe, np.zeros(3))
    panel.refresh()
    assert isinstance(panel.lens, ScalarHistoryLens)
    assert panel.lens.curves[0].color == LIGHT_THEME.trace_color(2)
    panel.set_theme(DARK_THEME)
    assert panel.lens.curves[0].color == DARK_THEME.trace_color(2)
    ground = panel.grab().toImage().pixelColor(panel.width() - 3, panel.height() // 2)
    assert ground.name() == DARK_THEME.panel


def test_the_header_never_covers_the_lens(make_panel: MakePanel) -> None:
    probe = make_probe("a_very_long_symbol_name_that_no_header_can_hold_whole", 123456)
    append_array(probe, np.arange(1000.0))
    probe.dropped = 123_456_789
    for width in (120, 200, 320, 559, 560, 719, 720, 1400):
        panel = make_panel(probe, width, 200)
        QApplication.processEvents()
        assert panel.lens is not None
        assert panel.width() == width
        assert panel.header.geometry().bottom() < panel.lens.geometry().top()
        assert panel.header.height() >= panel.header.sizeHint().height()
        panel.grab()
        shown = panel.header.shown["title"]
        assert shown in title_forms(panel.title()) or shown.endswith("…")
    assert panel.header.shown["title"] == panel.title()


def test_the_tooltip_has_everything(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.array([1.5]))
    panel = make_panel(probe)
    sentence = content(panel).sentence()
    for word in ("x @ script.py:10", "1.5", "every", "1 captured", "armed"):
        assert word in sentence


def test_the_menu_offers_what_the_value_allows(make_panel: MakePanel, qtbot: QtBot) -> None:
    probe = make_probe()
    panel = make_panel(probe)
    menu = panel.build_menu()
    assert [action.text() for action in menu.actions()] == ["Remove probe"]
    menu.deleteLater()
    append_array(probe, np.arange(4.0))
    panel.refresh()
    menu = panel.build_menu()
    texts = [action.text() for action in menu.actions() if action.text()]
    view = ["auto", "Grid", "Mouse", "X axis", "Y axis", "Lock X axis", "Lock Y axis"]
    view += ["Logarithmic X axis", "Logarithmic Y axis"]
    instruments = ["Cursors", "Measurements", "Add a marker"]
    own = ["Persistence", "Earlier runs", "Time axis", "Link X axis"]
    own += ["Draw as", "Line", "Export", "Remove probe"]
    assert texts == [*view, *instruments, *own]
    choices = next(action.menu() for action in menu.actions() if action.text() == "Draw as")
    assert choices is not None
    assert {"Waveform", "Text"} <= {action.text() for action in choices.actions()}
    with qtbot.waitSignal(panel.remove_requested):
        menu.actions()[-1].trigger()
    menu.deleteLater()


@pytest.mark.parametrize(
    "array",
    [
        np.empty(0),
        np.empty((0, 4)),
        np.empty((4, 0)),
        np.empty((0, 0)),
        np.array(5.0),
        np.array([7.0]),
        np.full(9, np.nan),
        np.array([np.inf, -np.inf, 1.0]),
        np.array([1e308, -1e308]),
        np.array([5e-324, 0.0]),
        np.array(["a", "bc"]),
        np.array([b"a"]),
        np.zeros(3, [("a", "f8"), ("b", "U4")]),
        np.array([2**63 - 1, -(2**63)]),
        np.array([2**64 - 1], np.uint64),
        np.full((3, 3), np.nan),
        np.full((3, 3), np.inf),
        np.array([[1e308, -1e308], [np.nan, np.inf]]),
        np.ones((2, 2), bool),
        np.full((2, 3), 1 + 1j),
        np.full((2, 3), complex(np.nan, np.inf)),
        np.zeros((1, 1)),
        np.zeros((1, 5000)),
        np.zeros((5000, 1)),
        np.arange(5).astype("M8[s]"),
        np.arange(5, dtype="m8[ms]"),
        np.zeros((2, 2, 2, 2)),
        np.arange(100, dtype=np.float16),
        np.arange(100, dtype=">f4"),
        np.zeros(100, np.longdouble),
    ],
    ids=lambda array: f"{array.dtype.str}-{array.shape}"[:40],
)
def test_odd_arrays_are_drawn_without_a_failure(
    array: NDArray[np.generic], make_panel: MakePanel
) -> None:
    probe = make_probe()
    panel = make_panel(probe, 300, 180)
    failures: list[str] = []
    panel.lens_failed.connect(failures.append)
    append_array(probe, array)
    panel.refresh()
    panel.grab()
    panel.resize(90, 60)
    panel.grab()
    append_scalars(probe, np.array([1.0]))
    panel.refresh()
    append_array(probe, array)
    panel.refresh()
    panel.grab()
    assert failures == []
    assert panel.lens is not None


@pytest.mark.parametrize(
    "values",
    [
        np.array([np.nan]),
        np.array([np.inf, -np.inf]),
        np.array([1e308, -1e308, 1e308]),
        np.array([1.7e308, 1.79e308]),
        np.array([5e-324]),
        np.full(10, 1e-300),
        np.array([True]),
        np.array([2**63 - 1, -(2**63)]),
        np.array([1e16, 1e16 + 2]),
        np.array([complex(np.nan, 1), complex(1, np.inf)]),
    ],
    ids=str,
)
def test_odd_scalars_are_drawn_without_a_failure(
    values: NDArray[np.generic], make_panel: MakePanel
) -> None:
    probe = make_probe()
    panel = make_panel(probe, 300, 180)
    failures: list[str] = []
    panel.lens_failed.connect(failures.append)
    append_scalars(probe, values)
    panel.refresh()
    panel.grab()
    lens = panel.lens
    assert isinstance(lens, ScalarHistoryLens)
    lens.time_action.trigger()
    panel.grab()
    append_scalars(probe, np.arange(5000.0))
    panel.refresh()
    panel.grab()
    assert failures == []


def test_nothing_stays_behind(qtbot: QtBot) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(100.0))
    before = set(map(id, QApplication.allWidgets()))
    panel = TracePanel(probe, LIGHT_THEME)
    with qtbot.waitExposed(panel):
        panel.show()
    append_array(probe, np.zeros((4, 4)))
    panel.refresh()
    append_texts(probe, ["a"])
    panel.refresh()
    assert panel.findChildren(QTimer) == []
    panel.close()
    panel.deleteLater()
    del panel
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in QApplication.allWidgets() if id(widget) not in before]
    assert [type(widget).__name__ for widget in left] == []


def test_a_low_narrow_panel_keeps_a_mark_for_what_was_lost(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(10.0))
    panel = make_panel(probe, 240, 100)
    panel.grab()
    assert panel.header.is_one_line
    assert "mark" not in panel.header.shown
    probe.dropped = 7
    panel.refresh()
    panel.grab()
    assert panel.header.shown["mark"] == "7 dropped"
    assert panel.header.accessibleName() == "x @ script.py:10, 7 dropped"
    panel.resize(90, 100)
    panel.grab()
    assert panel.header.shown["mark"] == "▲"
    panel.resize(900, 100)
    panel.grab()
    assert panel.header.shown["facts"].startswith("7 dropped")


@pytest.mark.parametrize(("width", "words"), [(240, "NOT LIVE"), (110, "past"), (70, "past")])
def test_a_small_panel_says_in_words_that_it_shows_the_past(
    make_panel: MakePanel, width: int, words: str
) -> None:
    probe = make_probe()
    append_scalars(probe, np.arange(10.0))
    panel = make_panel(probe, width, 100)
    panel.show_at(5 * STEP_NS)
    panel.grab()
    assert panel.header.shown["mark"] == words
    assert panel.header.accessibleName() == "x @ script.py:10, NOT LIVE"
    panel.show_at(None)
    panel.grab()
    assert "mark" not in panel.header.shown
    assert panel.header.accessibleName() == "x @ script.py:10"


def test_the_smallest_panels_still_draw(make_panel: MakePanel) -> None:
    probe = make_probe("a_long_name_for_a_symbol")
    append_array(probe, np.exp(1j * np.arange(100.0)))
    for width, height in ((60, 60), (60, 400), (400, 60), (130, 90)):
        panel = make_panel(probe, width, height)
        failures: list[str] = []
        panel.lens_failed.connect(failures.append)
        panel.grab()
        assert failures == []
        assert panel.minimumSizeHint().height() <= 60


def test_at_an_earlier_time_it_shows_what_was_true_then(make_panel: MakePanel) -> None:
    probe = make_probe()
    append_scalars(probe, np.array([0.5, 0.25, 0.125]))
    panel = make_panel(probe)
    times_ns = [probe.history.scalar_at(number).t_ns for number in range(3)]
    panel.show_at(times_ns[1])
    assert panel.drawn_traces()[0].history.count == 2
    assert (content(panel).value, content(panel).warnings) == ("0.25", ("NOT LIVE",))
    append_scalars(probe, np.array([7.0]))
    panel.refresh()
    assert content(panel).value == "0.25"
    panel.show_at(times_ns[0] - 1)
    assert panel.placeholder.sentence == "no capture yet at this time"
    panel.show_at(None)
    assert (content(panel).value, content(panel).warnings) == ("7", ())
