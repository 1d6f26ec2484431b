"""OptionUndo: tells of each option the user chooses in a lens, and how that is undone."""

from collections.abc import Callable, Mapping
from functools import partial

from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.lens import LensWidget
from pyprobe.plots.plot_canvas import PlotCanvas

Change = Callable[[], None]
State = Mapping[str, object]

# What a lens itself tells of when it is changed, and what changes nothing that is seen.
_APART = frozenset(
    (*("cursors", "markers", "mouse", "levels", "fixed"), *("region", "profile", "line", "open"))
)
_RANGES = "ranges"


class OptionUndo:
    """Compares what a lens remembers with what it remembered, so that no option can be forgotten.

    ``tell`` gets what makes and what undoes a change; ``redraw`` draws the lens anew.
    """

    def __init__(
        self, lens: LensWidget, tell: Callable[[Change, Change], object], redraw: Change
    ) -> None:
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
        if _without_ranges(before) != _without_ranges(now):
            self._tell(partial(self._bring, now), partial(self._bring, before))
        self.take_for_known()

    def _bring(self, options: State) -> None:
        lens = self._lens
        if isinstance(lens, PlotCanvas):
            for axis_range in (lens.x_range, lens.y_range):
                if axis_range.mode is RangeMode.USER:
                    axis_range.set_auto()  # the options may name a range
        self.restore({**lens.state(), **options})
        self._redraw()


def _options(state: State) -> dict[str, object]:
    return {name: value for name, value in state.items() if name not in _APART}


def _without_ranges(options: State) -> dict[str, object]:
    return {name: value for name, value in options.items() if name != _RANGES}
