"""OptionUndo: tells of each option the user chooses in a lens, and how that is undone."""

from collections.abc import Callable, Mapping
from functools import partial

from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.lens import LensWidget
from pyprobe.plots.plot_canvas import PlotCanvas

State = Mapping[str, object]
Change = Callable[[], None]
Tell = Callable[[str, Change, Change, object], object]

# What a lens itself tells of when it is changed, and what changes nothing that is seen: the tool
# that the mouse is, as in any program that has tools, and the branches that are open.
_APART = frozenset(("cursors", "markers", "mouse", "region", "profile", "line", "open"))
_RANGES = "ranges"
_STEPS = frozenset(("places", "symbol_samples"))  # what is stepped through: undone as one
_WORDS = {
    "axis": "the X axis",
    "channels": "the last axis",
    "fixed": "levels",
    "grid": "the grid",
    "levels": "levels",
    "locked": "the lock",
    "magnitude": "the magnitude",
    "map": "colours",
    "marks": "the marks",
    "measure": "measurements",
    "numbers": "the format",
    "of": "the rows",
    "persistence": "persistence",
    "phase": "the phase",
    "places": "the place",
    "profile_persistence": "persistence of the profile",
    "rows": "the rows",
    "runs": "persistence",
    "scale": "the scale",
    "seconds": "the X axis",
    "shown": "what is shown",
    "square": "the pixels",
    "symbol_samples": "the symbol",
    "window": "the window",
    "x_scale": "the X scale",
    "y_scale": "the Y scale",
}


class OptionUndo:
    """Compares what a lens remembers with what it remembered, so that no option can be forgotten.

    ``tell`` gets what was changed, what makes and what undoes it, and what steps that are undone as
    one have in common. ``redraw`` draws the lens anew.
    """

    def __init__(self, lens: LensWidget, tell: Tell, redraw: Change) -> None:
        self._lens = lens
        self._tell = tell
        self._redraw = redraw
        self._known: State = lens.state()
        self._is_quiet = False
        lens.changed.connect(self._on_changed)
        lens.done.connect(self.take_for_known)

    def take_for_known(self, *_done: object) -> None:
        """Take what is chosen now as it is: it has been told otherwise, or was remembered."""
        self._known = self._lens.state()

    def restore(self, state: State) -> None:
        """Let the lens take over what was remembered, which is not the user's doing."""
        self._is_quiet = True
        try:
            self._lens.restore(state)
        finally:
            self._is_quiet = False
        self.take_for_known()

    def _on_changed(self) -> None:
        if self._is_quiet:
            return
        before, now = _options(self._known), _options(self._lens.state())
        changed = [
            name
            for name in sorted({*before, *now})
            if name != _RANGES and before.get(name) != now.get(name)
        ]
        if changed:
            merge = (self, changed[0]) if set(changed) <= _STEPS else None
            what = _WORDS.get(changed[0], "an option")
            self._tell(what, partial(self._bring, now), partial(self._bring, before), merge)
        self.take_for_known()

    def _bring(self, options: State) -> None:
        lens = self._lens
        if isinstance(lens, PlotCanvas):
            for axis_range in lens.ranges().values():
                if axis_range.mode is RangeMode.USER:
                    axis_range.set_auto()  # the options may name a range
        self.restore({**lens.state(), **options})
        self._redraw()


def _options(state: State) -> dict[str, object]:
    return {name: value for name, value in state.items() if name not in _APART}
