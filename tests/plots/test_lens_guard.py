"""A lens of another package that raises, or answers rubbish, harms nothing but its own plot."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from pyprobe.plots.lens import LensWidget
from pyprobe.plots.lens_guard import guard
from pyprobe.plots.theme import DARK_THEME, LIGHT_THEME
from pyprobe.plots.waveform import WaveformLens
from tests.plots.conftest import MakePanel
from tests.plots.samples import append_array, make_probe


def raises(*_arguments: object) -> Any:
    raise ZeroDivisionError("no good")


def returns(value: object) -> Callable[..., Any]:
    return lambda *_arguments: value


ASKED: dict[str, Callable[[LensWidget], object]] = {
    "set_theme": lambda lens: lens.set_theme(DARK_THEME, "#000000"),
    "state": lambda lens: lens.state(),
    "restore": lambda lens: lens.restore({}),
    "notes": lambda lens: lens.notes(),
    "view_actions": lambda lens: lens.view_actions(),
    "header_actions": lambda lens: lens.header_actions(),
    "x_kind": lambda lens: lens.x_kind(),
    "show_x": lambda lens: lens.show_x(0.0, 1.0),
    "data": lambda lens: lens.data(),
    "readings": lambda lens: lens.readings(),
}
RUBBISH: list[tuple[str, object]] = [
    ("state", [3]),
    ("state", {"a": object()}),
    ("state", None),
    ("notes", (5, None)),
    ("notes", None),
    ("view_actions", ["x"]),
    ("header_actions", 7),
    ("x_kind", 5),
    ("data", {"a": "text"}),
    ("data", {3: np.arange(3)}),
    ("data", {"a": np.array([object()])}),
    ("readings", [7]),
]


def lens_of(method: str, does: Callable[..., Any]) -> WaveformLens:
    made: Any = type("Other", (WaveformLens,), {method: does})
    lens = guard(made(LIGHT_THEME, "#0072b2"))
    assert isinstance(lens, WaveformLens)
    return lens


@pytest.mark.parametrize("method", ASKED)
def test_what_is_raised_is_told_and_nothing_is_answered(method: str, qtbot: QtBot) -> None:
    lens = lens_of(method, raises)
    qtbot.addWidget(lens)
    told: list[str] = []
    lens.failed.connect(told.append)
    assert not ASKED[method](lens)
    assert told == ["cannot be drawn: ZeroDivisionError: no good"]


@pytest.mark.parametrize(("method", "rubbish"), RUBBISH)
def test_rubbish_is_told_and_not_passed_on(method: str, rubbish: object, qtbot: QtBot) -> None:
    lens = lens_of(method, returns(rubbish))
    qtbot.addWidget(lens)
    told: list[str] = []
    lens.failed.connect(told.append)
    found = ASKED[method](lens)
    assert found in ({}, (), "")
    assert len(told) == 1


def test_right_answers_pass(qtbot: QtBot) -> None:
    lens = guard(WaveformLens(LIGHT_THEME, "#0072b2"))
    qtbot.addWidget(lens)
    told: list[str] = []
    lens.failed.connect(told.append)
    for ask in ASKED.values():
        ask(lens)
    assert told == []
    planes = lens_of("data", returns({"rows": np.ones((3, 4))}))
    qtbot.addWidget(planes)
    assert planes.data()["rows"].shape == (3, 4)
    assert len(lens.view_actions()) > 5


@pytest.mark.parametrize("method", ["view_actions", "state", "x_kind", "notes"])
def test_a_plot_keeps_its_menu_and_its_memory(method: str, make_panel: MakePanel) -> None:
    probe = make_probe()
    append_array(probe, np.arange(100.0))
    panel = make_panel(probe)
    panel.refresh()
    entry = panel.choice.registry.get(panel.lens_name)
    assert entry is not None
    lens = lens_of(method, raises)
    lens.failed.connect(panel._show_failure)
    panel.lens = panel._lenses[panel.lens_name] = lens
    menu = panel.build_menu()
    assert "Draw as" in [action.text() for action in menu.actions()]
    assert json.dumps(panel.memory(lambda _trace: "x"))
    lens.deleteLater()
