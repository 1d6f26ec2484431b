"""Which lens draws a value: the one that fits best, unless the user picked another. Pure."""

from dataclasses import dataclass, field

from pyprobe.errors import LensError
from pyprobe.plots.lens_registry import LensEntry, LensRegistry
from pyprobe.plots.value_traits import ValueTraits


@dataclass(slots=True)
class LensChoice:
    """One trace's choice: the user's pick for each family of values, the usual lens for others.

    ``picks`` are names of lenses by ``ValueTraits.family``; a pick whose lens is missing or cannot
    draw a value waits until it can.
    """

    registry: LensRegistry
    picks: dict[str, str] = field(default_factory=dict)

    def lens_for(self, traits: ValueTraits) -> LensEntry:
        """Return the lens to draw such a value with.

        Raises:
            LensError: no lens can.
        """
        picked = self.registry.get(self.picks.get(traits.family, ""))
        if picked is not None and picked.fit(traits) > 0:
            return picked
        able = self.registry.lenses_for(traits)
        if not able:
            raise LensError(f"no lens can draw {traits.dtype} values")
        return able[0]

    def missing(self, traits: ValueTraits) -> str:
        """Return the name of the lens picked for such a value when it is not there, else ``""``."""
        name = self.picks.get(traits.family, "")
        return "" if self.registry.is_there(name) else name

    def pick(self, traits: ValueTraits, name: str) -> None:
        """Remember what the user wants for values like this one.

        Raises:
            LensError: there is no such lens, or it cannot draw it.
        """
        entry = self.registry.get(name)
        if entry is None:
            raise LensError(f"there is no lens named {name!r}")
        if entry.fit(traits) <= 0:
            raise LensError(f"{name} cannot draw {traits.family} values")
        self.picks[traits.family] = name
