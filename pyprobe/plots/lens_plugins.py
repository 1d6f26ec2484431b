"""Lens plug-ins: lenses of other packages, found by the entry point ``pyprobe.lenses``."""

import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec

from pyprobe.errors import LensError
from pyprobe.plots.builtin_lenses import registry
from pyprobe.plots.lens import LensWidget
from pyprobe.plots.lens_guard import guard
from pyprobe.plots.lens_registry import LensEntry, LensRegistry
from pyprobe.plots.lens_suspects import LensSuspects
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.value_traits import ValueTraits

GROUP = "pyprobe.lenses"


@dataclass(slots=True)
class Plugins:
    """The lenses of other packages; one that fails in any way loses its lenses and nothing else.

    ``say`` gets a sentence once for each thing that fails; until somebody listens they are kept in
    ``complaints``. ``folders`` tells whose code lies where. ``suspects`` are not loaded.
    ``on_ban`` is called when lenses have been switched off.
    """

    registry: LensRegistry
    folders: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    is_loaded: bool = False
    suspects: LensSuspects | None = None
    on_ban: Callable[[], object] | None = None
    _listener: Callable[[str], object] | None = None
    _banned: set[str] = field(default_factory=set)

    def listen(self, listener: Callable[[str], object] | None) -> None:
        """Tell all complaints to a listener, those that wait at once; ``None`` to end that."""
        self._listener = listener
        if listener is not None:
            waiting, self.complaints = self.complaints, []
            for sentence in waiting:
                listener(sentence)

    def say(self, sentence: str) -> None:
        """Tell a complaint, or keep it until somebody listens."""
        if self._listener is not None:
            self._listener(sentence)
        else:
            self.complaints.append(sentence)

    def load(self, found: Iterable[EntryPoint]) -> None:
        """Offer the lenses of these packages."""
        self.is_loaded = True
        for entry_point in found:
            origin = entry_point.dist.name if entry_point.dist is not None else entry_point.value
            package = f"{origin} {entry_point.dist.version}" if entry_point.dist else origin
            if self.suspects is not None and self.suspects.is_suspect(package):
                self.say(
                    f"The lenses of {package} are not used: a window before this one did not come "
                    f"back from their code. Another version of it is, as well as this one when "
                    f"{self.suspects.path} is removed."
                )
                continue
            try:
                self.folders[origin] = _folder_of(entry_point.module)
                with self._suspecting(package):
                    entry = entry_point.load()
                if not isinstance(entry, LensEntry):
                    kind = type(entry).__name__
                    raise LensError(f"{entry_point.value} is no LensEntry but a {kind}")
                if not isinstance(entry.name, str) or not entry.name.strip():
                    raise LensError(f"{entry_point.value} has no name")
                self.registry.add(self._guarded(entry, origin, package, entry_point.value))
            except Exception as error:  # noqa: BLE001 - a package may fail in any way as it loads
                self.say(f"The lens {entry_point.name} of {origin} cannot be used: {_told(error)}.")

    def ban(self, origin: str, why: str) -> None:
        """Use the lenses of a package no more."""
        if origin not in self._banned:
            self._banned.add(origin)
            self.registry.switch_off(origin)
            self.say(f"The lenses of {origin} are switched off: {why}.")
            if self.on_ban is not None:
                self.on_ban()

    def is_banned(self, origin: str) -> bool:
        """Whether the lenses of a package are used no more."""
        return origin in self._banned

    def _suspecting(self, package: str) -> AbstractContextManager[None]:
        return nullcontext() if self.suspects is None else self.suspects.running(package)

    def _guarded(self, entry: LensEntry, origin: str, package: str, place: str) -> LensEntry:
        judged: set[str] = set()

        def fit(traits: ValueTraits) -> int:
            if origin in self._banned:
                return 0
            is_first = traits.family not in judged
            judged.add(traits.family)
            try:
                with self._suspecting(package) if is_first else nullcontext():
                    return int(entry.fit(traits))
            except Exception as error:  # noqa: BLE001 - a package may fail in any way
                self.ban(origin, f"{entry.name} failed to judge a value: {_told(error)}")
                return 0

        def build(theme: PlotTheme, color: str) -> LensWidget:
            lens = entry.build(theme, color)
            if not isinstance(lens, LensWidget):
                raise LensError(f"{entry.name} of {origin} makes no LensWidget")
            return guard(lens)

        return LensEntry(entry.name, fit, build, origin, place)


def installed() -> tuple[EntryPoint, ...]:
    """Return what all installed packages offer."""
    return tuple(entry_points(group=GROUP))


@cache
def plugins() -> Plugins:
    """Return the process's plug-ins; whoever asks first loads them."""
    return Plugins(registry())


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, LensError) else f"{type(error).__name__}: {error}"


def _folder_of(module_name: str) -> str:
    """Return the folder (or the file) whose code is the package's, without running any of it."""
    spec = find_spec(module_name.partition(".")[0])
    file = (spec.origin if spec is not None else None) or ""
    return os.path.dirname(file) if os.path.basename(file) == "__init__.py" else file
