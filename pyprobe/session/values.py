"""One captured value as a front end shows it: what it is, and as text in short."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyprobe.ipc.columns import ValueKind
from pyprobe.session.short_text import ELLIPSIS, shorten

if TYPE_CHECKING:
    from numpy.typing import NDArray

Scalar = bool | int | float | complex

SHORT_CHARACTERS = 60
INLINE_CHARACTERS = 32
BRIEF_CHARACTERS = 24


@dataclass(frozen=True)
class ScalarValue:
    """A number or bool, exact as it was captured. ``dtype``: ``float``, ``int``, ``float32`` …"""

    value: Scalar
    kind: ValueKind
    dtype: str
    shape: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The value in up to six digits; whole numbers exactly."""
        return format_scalar(self.value)


@dataclass(frozen=True)
class ArrayValue:
    """An array, or a list or tuple of numbers (``type_name``).

    ``full_shape`` is the shape before it was reduced at the source; ``reduced`` says how, or is
    ``""``.
    """

    array: "NDArray[Any]"
    type_name: str
    full_shape: tuple[int, ...]
    reduced: str = ""
    kind: ValueKind = ValueKind.ARRAY

    @property
    def dtype(self) -> str:
        """The name of the dtype; ``struct`` for one with fields."""
        return "struct" if self.array.dtype.names else str(self.array.dtype)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of what has arrived."""
        return self.array.shape

    @property
    def text(self) -> str:
        """What it is and its first values: ``float64 1024 [0, 0.1, 0.2, …]``.

        Of a reduced array how it was reduced, as its first values are no longer those there.
        """
        if self.reduced:
            return f"{self.brief} ({self.reduced})"
        return f"{self.brief} {self._first_values()}"

    @property
    def brief(self) -> str:
        """What it is: ``float64 1024``."""
        size = " × ".join(str(length) for length in self.full_shape) or "0-d"
        what = self.dtype if self.type_name == "ndarray" else self.type_name
        return f"{what} {size}"

    def _first_values(self) -> str:
        if self.array.dtype.names or self.array.dtype.kind not in "biufc":
            return shorten(str(self.array.reshape(-1)[:3].tolist()), INLINE_CHARACTERS)
        first = [format_scalar(value) for value in self.array.reshape(-1)[:3].tolist()]
        return f"[{', '.join(first)}{', …' if self.array.size > 3 else ''}]"


@dataclass(frozen=True)
class TextValue:
    """Any other value as text. ``dtype`` is the classifier's word: ``str``, ``dict``, ``object`` …

    ``content`` is the text as it came, ``cut`` says that the source shortened it.
    """

    content: str
    dtype: str
    type_name: str
    cut: bool = False
    kind: ValueKind = ValueKind.TEXT
    shape: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The content in one line."""
        return self.in_short(SHORT_CHARACTERS)

    def in_short(self, characters: int) -> str:
        """Return the content in one line of at most so many characters; a string as it is."""
        shown = shorten(self.content, characters, is_verbatim=self.dtype == "str")
        return shown if shown != ELLIPSIS else f"{self.type_name} {ELLIPSIS}"


Value = ScalarValue | ArrayValue | TextValue


def format_scalar(value: Scalar) -> str:
    """Return a number as people read it: whole numbers exactly, others in up to six digits."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, complex):
        return f"{value.real:.6g}{value.imag:+.6g}j"
    return shorten(str(value), SHORT_CHARACTERS)


def brief_text(value: Value) -> str:
    """Return the value whole where there is little room, or else what it is: ``float64 1024``."""
    if isinstance(value, ArrayValue):
        return value.brief
    is_long = value.kind is ValueKind.TREE and len(value.text) > BRIEF_CHARACTERS
    return str(getattr(value, "type_name", "")) if is_long else value.text


def inline_text(value: Value) -> str:
    """Return the value as it stands at the end of a probed line."""
    if isinstance(value, TextValue):
        return value.in_short(INLINE_CHARACTERS)
    text = value.text
    if isinstance(value, ArrayValue) and len(text) > INLINE_CHARACTERS:
        text = value.brief
    return shorten(text, INLINE_CHARACTERS)
