"""LensPackages: the lenses of other packages in a window, and what becomes of one that hangs."""

from collections.abc import Callable

from pyprobe.plots.lens_plugins import installed, plugins
from pyprobe.plots.plugin_watch import LIMIT_S, PluginWatch


class LensPackages:
    """Loads the packages when it is made. ``changed`` is called when a package was switched off."""

    def __init__(self, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        self._changed = changed
        self._plugins = plugins()
        self._plugins.listen(say)
        self._watch = PluginWatch(self._plugins.folders)
        self._watch.hung.connect(self._on_hung)
        found = installed()
        if found:
            self._watch.start()  # a package may hang as soon as it is loaded
        if not self._plugins.is_loaded:
            self._plugins.load(found)

    def close(self) -> None:
        """Watch no more."""
        self._watch.stop()
        self._plugins.listen(None)

    def _on_hung(self, origin: str) -> None:
        self._plugins.ban(origin, f"one kept the window waiting for {LIMIT_S:g} s and was stopped")
        self._changed()
