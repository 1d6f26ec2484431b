"""LensPackages: the lenses of other packages in a window, and what becomes of one that hangs."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, QTimer

from pyprobe.gui.preferences import Store
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.lens_plugins import installed, plugins
from pyprobe.plots.lens_registry import LensEntry
from pyprobe.plots.lens_suspects import LensSuspects
from pyprobe.plots.plugin_watch import LIMIT_S, PluginWatch

if TYPE_CHECKING:
    from pyprobe.plots.lens_trials import LensTrials


class LensPackages:
    """Loads the packages when it is made. ``changed``: a package may draw, or no more."""

    def __init__(self, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        self._changed = changed
        self._plugins = plugins()
        self._plugins.listen(say)
        # Later, as it is found out where they draw or judge a value.
        self._plugins.on_ban = lambda: QTimer.singleShot(0, changed)
        self._trials: LensTrials | None = None
        self._watch = PluginWatch(self._plugins.folders)
        self._watch.hung.connect(self._on_hung)
        found = installed()
        if found:
            self._watch.start()  # a package may hang as soon as it is loaded
            self._plugins.suspects = LensSuspects(Store().state_dir / "lenses-not-back.json")
        if not self._plugins.is_loaded:
            self._plugins.load(found)

    def may_draw(
        self, entry: LensEntry, family: str, traces: Sequence[DrawnTrace], size: QSize
    ) -> bool:
        """Whether a lens may draw such values in the window; else it is tried elsewhere first."""
        if self._trials is None:
            from pyprobe.plots.lens_trials import LensTrials  # a window opens without it

            self._trials = LensTrials()
            self._trials.passed.connect(self._changed)
            self._trials.failed.connect(self._on_failed)
        return self._trials.may_draw(entry, family, traces, size)

    def close(self) -> None:
        """Watch and try no more."""
        self._watch.stop()
        if self._trials is not None:
            self._trials.close()
        self._plugins.listen(None)
        self._plugins.on_ban = None

    def _on_failed(self, origin: str, what: str) -> None:
        self._plugins.ban(origin, what)

    def _on_hung(self, origin: str) -> None:
        self._plugins.ban(origin, f"one kept the window waiting for {LIMIT_S:g} s and was stopped")
