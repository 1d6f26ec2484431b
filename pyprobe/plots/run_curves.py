"""RunCurves: the base of lenses of scalars, on which the runs before this one may persist."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PyQt6.QtGui import QAction

from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.persistence import Persistence
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.trace_curves import TraceCurves


class RunCurves(TraceCurves):
    """``runs_menu`` chooses what is seen of earlier runs; unless chosen they fade."""

    modes: ClassVar[tuple[Persistence, ...]] = tuple(Persistence)

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.runs_menu = OptionMenu(
            "Persistence of runs", Persistence.FADING, self._on_runs, self, options=self.modes
        )

    def _on_runs(self, _mode: Persistence) -> None:
        self.guarded(self.rebuild)
        self.changed.emit()

    @property
    def is_mean_of_runs(self) -> bool:
        """Whether a mean over several runs is drawn."""
        has_earlier = any(trace.earlier for trace in self.shown_traces)
        return has_earlier and self.runs_menu.choice is Persistence.MEAN

    def run_notes(self) -> tuple[str, ...]:
        """Say what is drawn of how many runs."""
        runs = len(self.shown_traces[0].earlier) if self.shown_traces else 0
        if not runs or self.runs_menu.choice is Persistence.LAST:
            return ()
        return (f"{self.runs_menu.choice.value} of {runs + 1} runs",)

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), self.runs_menu.action)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {**super().state(), "runs": self.runs_menu.choice.value}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.runs_menu.restore(state.get("runs"))
        super().restore(state)
