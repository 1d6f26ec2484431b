"""TriggerLevelControl: puts the line of a trigger's level into the plot of its probe."""

from collections.abc import Callable

from PyQt6.QtCore import QObject

from pyprobe.plots.axis_end import Axis
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.scalar_history import ScalarHistoryLens
from pyprobe.plots.trace_panel import TracePanel
from pyprobe.plots.trigger_level import TriggerLevel

Moved = Callable[[float], object]


class TriggerLevelControl(QObject):
    """One line in one plot at a time; it goes along when the plot changes its lens and comes back.

    ``moved`` is called with each level that the hand gives it.
    """

    def __init__(self, parent: QObject, moved: Moved) -> None:
        super().__init__(parent)
        self._moved = moved
        self._panel: TracePanel | None = None
        self._lens: ScalarHistoryLens | None = None
        self._line: TriggerLevel | None = None

    @property
    def is_shown(self) -> bool:
        """Whether there is a line."""
        return self._line is not None

    @property
    def line(self) -> TriggerLevel | None:
        """The line in the plot."""
        return self._line

    def show(self, panel: TracePanel, value: float | None, direction: int) -> bool:
        """Show the line in a plot of numbers; False where there is none to show it in."""
        if self._panel is not panel:
            self.hide()
            self._panel = panel
            panel.lens_changed.connect(self._on_lens)
        self._on_lens("")
        if self._line is None:
            return False
        self._line.set(value, direction)
        return True

    def set(self, value: float | None, direction: int) -> None:
        """Put the line at a level."""
        if self._line is not None:
            self._line.set(value, direction)

    def hide(self) -> None:
        """Take the line away."""
        panel, self._panel = self._panel, None
        self._take_off()
        if panel is not None:
            panel.lens_changed.disconnect(self._on_lens)

    def forget(self) -> None:
        """Let go of a plot that is gone, and of the line with it."""
        self._panel = self._lens = self._line = None

    def _on_lens(self, _name: str) -> None:
        lens = self._panel.lens if self._panel is not None else None
        if lens is self._lens and self._line is not None:
            return
        kept = self._line
        self._take_off()
        if not isinstance(lens, ScalarHistoryLens):
            return
        theme = lens.theme
        self._line = TriggerLevel(theme.warning, self._moved, lens.update, _scale_of(lens))
        if kept is not None:
            self._line.set(kept.value, kept.direction)
        self._lens = lens
        lens.tools.insert(0, self._line)
        lens.update()

    def _take_off(self) -> None:
        if self._lens is not None and self._line in self._lens.tools:
            self._lens.tools.remove(self._line)
            self._lens.update()
        self._lens = self._line = None


def _scale_of(lens: ScalarHistoryLens) -> Callable[[], AxisScale]:
    return lambda: lens.scale_of(Axis.Y)
