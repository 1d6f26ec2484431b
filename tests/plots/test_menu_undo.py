"""Every entry of every plot's menu that changes what is remembered can be undone and done again."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest
import scipy.sparse
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.lens_registry import LensEntry
from pyprobe.plots.option_undo import _WORDS
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.value_traits import traits_of
from pyprobe.session.probe import Probe
from tests.plots.conftest import MakePanel
from tests.plots.samples import append_array, append_scalars, append_texts, make_probe
from tests.plots.tree_samples import capture

Fill = Callable[[Probe], None]

# What opens an editor or a dialog, is for the whole window to do, or only a tool.
_NO_CHANGE = ("Mouse", "Export", "Remove probe", "Copy", "Sample rate", "Type the", "Link X axis")


def scalars(probe: Probe) -> None:
    append_scalars(probe, np.sin(np.arange(200.0)) + 2.0)


def series(probe: Probe) -> None:
    for shift in (0.0, 1.0):
        append_array(probe, np.sin(np.arange(200.0)) + 2.0 + shift)


def complexes(probe: Probe) -> None:
    append_array(probe, np.exp(1j * np.arange(200.0)))


def planes(probe: Probe) -> None:
    append_array(probe, np.arange(400.0).reshape(20, 20))


def stacks(probe: Probe) -> None:
    append_array(probe, np.arange(5 * 40 * 3).reshape(5, 40, 3).astype(np.uint8))


def samples(probe: Probe) -> None:
    capture(probe, SimpleNamespace(samples=np.arange(100.0), dt=0.5))


def matrix(probe: Probe) -> None:
    capture(probe, scipy.sparse.csr_matrix(np.eye(5)))


def states(probe: Probe) -> None:
    append_scalars(probe, np.array([True, False, True]))


def frame(probe: Probe) -> None:
    capture(probe, pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}))


def texts(probe: Probe) -> None:
    append_texts(probe, ["one", "two"])


def tree(probe: Probe) -> None:
    capture(probe, {"a": 1, "b": {"c": 2.5}})


FILLS: tuple[Fill, ...] = (
    *(scalars, series, complexes, planes, stacks, samples, matrix, states, frame, texts, tree),
)


def filled(fill: Fill) -> Probe:
    probe = make_probe()
    fill(probe)
    return probe


def cases() -> list[tuple[str, Fill]]:
    """Each lens with each kind of value that it can draw."""
    traits = {fill: filled(fill).history.last for fill in FILLS}
    found = []
    for name in registry().names():
        entry = registry().get(name)
        assert isinstance(entry, LensEntry)
        able = [fill for fill, last in traits.items() if last and entry.fit(traits_of(last))]
        found += [(name, fill) for fill in able]
    return found


def entries(menu: QMenu, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], QAction]]:
    for action in menu.actions():
        inner, here = action.menu(), (*path, action.text())
        if inner is not None:
            yield from entries(inner, here)
        elif not action.isSeparator():
            yield here, action


def choose(panel: TracePanel, path: tuple[str, ...]) -> bool:
    menu = panel.build_menu()
    found = [action for here, action in entries(menu) if here == path]
    if found and found[0].isEnabled():
        found[0].trigger()
    menu.deleteLater()
    return bool(found)


class Told:
    """What a panel told as done."""

    def __init__(self, panel: TracePanel) -> None:
        self.changes: list[tuple[str, Any, Any]] = []
        panel.done.connect(lambda text, redo, undo, _merge: self.changes.append((text, redo, undo)))


def remembered(panel: TracePanel) -> dict[str, Any]:
    memory: dict[str, Any] = panel.memory(lambda trace: trace.title)
    states = memory["states"]
    # A lens that has not been shown yet has nothing that was chosen.
    return {**memory, "states": {panel.lens_name: states.get(panel.lens_name)}}


def choose_ranges(panel: TracePanel) -> None:
    """Zoom in, which no other option may lose."""
    lens = panel.lens
    if isinstance(lens, PlotCanvas):
        before = lens.view()
        for one in lens.ranges().values():
            one.zoom(0.5, one.low / 2 + one.high / 2)
        lens.rebuild()
        lens.view_was_changed(before)


def test_every_lens_is_among_the_cases() -> None:
    assert {name for name, _fill in cases()} == set(registry().names())


@pytest.mark.parametrize(("name", "fill"), cases())
def test_all_of_a_menu_is_undone(make_panel: MakePanel, name: str, fill: Fill) -> None:
    panel = make_panel(filled(fill))
    other = make_probe("other", 20)
    fill(other)
    panel.other_traces = lambda: (panel.trace, other)
    last = panel.trace.history.last
    assert last is not None
    panel.refresh()
    panel.choose_lens(traits_of(last), name)
    assert panel.lens_name == name
    panel.overlay(other)
    choose_ranges(panel)
    menu = panel.build_menu()
    paths = [path for path, _action in entries(menu) if not path[0].startswith(_NO_CHANGE)]
    menu.deleteLater()
    changed = 0
    for path in [path for path in paths if not path[-1].startswith(_NO_CHANGE)]:
        before, told = remembered(panel), Told(panel)
        assert choose(panel, path), path
        after, known = remembered(panel), list(told.changes)
        if after == before:
            continue
        changed += 1
        assert len(known) == 1, (path, [text for text, _redo, _undo in known])
        text, redo, undo = known[0]
        assert "an option" not in text, path
        undo()
        assert remembered(panel) == before, path
        redo()
        assert remembered(panel) == after, path
        undo()
        assert remembered(panel) == before, path
    assert changed


def test_every_remembered_option_has_a_word(make_panel: MakePanel) -> None:
    told_apart = {"cursors", "markers", "region", "profile", "line", "open", "ranges", "mouse"}
    for name, fill in cases():
        panel = make_panel(filled(fill))
        last = panel.trace.history.last
        assert last is not None
        panel.choose_lens(traits_of(last), name)
        assert panel.lens is not None
        assert set(panel.lens.state()) - told_apart <= set(_WORDS), name
