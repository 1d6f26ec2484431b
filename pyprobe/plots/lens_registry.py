"""The lens registry: every lens by name, and how well each can draw a value."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyprobe.errors import LensError
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.value_traits import ValueTraits

if TYPE_CHECKING:
    from pyprobe.plots.lens import LensWidget

BEST = 100  # the fit of the lens a value is drawn with unless the user picks another
GOOD = 50
LAST = 1  # can show it, where nothing else can

Fit = Callable[[ValueTraits], int]


@dataclass(frozen=True, slots=True)
class LensEntry:
    """One lens. ``name`` stands in menus and in remembered layouts.

    ``fit`` says how well it draws a value, 0 for not at all. ``build`` returns a new widget that
    draws in a theme with a trace's ``#rrggbb``. ``origin`` names the package of a lens that is not
    ours, ``entry_point`` where it is found: ``module:name``.
    """

    name: str
    fit: Fit
    build: "Callable[[PlotTheme, str], LensWidget]"
    origin: str = ""
    entry_point: str = ""


class LensRegistry:
    """Lenses in the order they were added, which decides between equal fits."""

    def __init__(self) -> None:
        self._entries: dict[str, LensEntry] = {}
        self._off: set[str] = set()

    def add(self, entry: LensEntry) -> None:
        """Offer a lens from now on.

        Raises:
            LensError: there is one of that name.
        """
        if entry.name in self._entries:
            raise LensError(f"there is a lens named {entry.name!r} already")
        self._entries[entry.name] = entry

    def get(self, name: str) -> LensEntry | None:
        """Return the lens of that name."""
        return self._entries.get(name)

    def switch_off(self, origin: str) -> None:
        """Note that the lenses of a package draw nothing any more."""
        self._off.add(origin)

    def is_there(self, name: str) -> bool:
        """Whether there is a lens of that name, and it is not switched off."""
        entry = self._entries.get(name)
        return entry is not None and entry.origin not in self._off

    def names(self) -> tuple[str, ...]:
        """Return the names of all lenses."""
        return tuple(self._entries)

    def lenses_for(self, traits: ValueTraits) -> tuple[LensEntry, ...]:
        """Return the lenses that can draw a value, the usual one first."""
        fits = [(entry.fit(traits), entry) for entry in self._entries.values()]
        fits.sort(key=lambda pair: -pair[0])
        return tuple(entry for fit, entry in fits if fit > 0)
