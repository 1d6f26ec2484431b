"""Stack: which image of an array with more than two dimensions is shown. Pure."""

from typing import Any

from numpy.typing import NDArray


class Stack:
    """Places along all axes but those of the image, kept while arrays come and go.

    An axis that becomes shorter shows its last place, and the wanted one again as soon as it is
    there.
    """

    def __init__(self) -> None:
        self.lengths: tuple[int, ...] = ()
        self._wanted: list[int] = []

    @property
    def places(self) -> tuple[int, ...]:
        """The place along each axis; 0 along an empty one."""
        return tuple(
            max(min(wanted, length - 1), 0)
            for wanted, length in zip(self._wanted, self.lengths, strict=True)
        )

    def fit(self, lengths: tuple[int, ...]) -> None:
        """Take over the lengths of the axes that are not the image's."""
        more = len(lengths) - len(self._wanted)
        # Axes are alike from the image outwards, so new ones come first.
        self._wanted = [0] * more + self._wanted if more >= 0 else self._wanted[-more:]
        self.lengths = lengths

    def move(self, axis: int, place: int) -> None:
        """Show another place along an axis; beyond its ends the end."""
        self._wanted[axis] = max(min(place, self.lengths[axis] - 1), 0)

    def image_of(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return the image that is shown, a view of the array; an empty axis gives an empty one."""
        places = tuple(
            place if length else slice(0, 0)
            for place, length in zip(self.places, self.lengths, strict=True)
        )
        shown = array[places]
        image_axes = array.ndim - len(self.lengths)
        return (
            shown if shown.ndim == image_axes else shown.reshape(0, *shown.shape[-image_axes:][1:])
        )

    def text(self) -> str:
        """Return the places with the lengths: ``[3 of 10, 0 of 2]``."""
        pairs = zip(self.places, self.lengths, strict=True)
        return f"[{', '.join(f'{place} of {length}' for place, length in pairs)}]"

    def state(self) -> list[int]:
        """Return what is wanted, as JSON takes it."""
        return list(self._wanted)

    def restore(self, state: object) -> None:
        """Take over what was wanted once."""
        if isinstance(state, list) and all(isinstance(one, int) and one >= 0 for one in state):
            self._wanted = list(state)[-len(self.lengths) :] if self.lengths else list(state)
            self.fit(self.lengths) if self.lengths else None
