"""PanelMemory: a probe that comes back has the lens it had; all are in their present colours."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pyprobe.gui.trace_views import TraceViews
from pyprobe.plots.lens_choice import LensChoice
from pyprobe.session.probe import Probe


class PanelMemory:
    """Keeps the lens choices of panels that go, for those that come with the same probe's id."""

    def __init__(self) -> None:
        self._choices: dict[int, LensChoice] = {}
        self._colors: dict[int, int] = {}

    @contextmanager
    def kept(self, traces: TraceViews, probes: Mapping[int, Probe]) -> Iterator[None]:
        """Keep the choices over a change of panels; afterwards each has its probe's colour."""
        for probe_id, panel in traces.panels.items():
            if probe_id not in probes:
                self._choices[probe_id] = panel.choice
        yield
        for probe_id, panel in traces.panels.items():
            choice = self._choices.pop(probe_id, None)
            if choice is not None:
                panel.choice = choice
                panel.refresh()
            color = panel.trace.color_index
            if self._colors.setdefault(probe_id, color) != color:
                self._colors[probe_id] = color
                panel.set_theme(panel.theme)
