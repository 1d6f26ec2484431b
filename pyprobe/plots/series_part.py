"""Part: one curve of one array, with the axis its samples stand on. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.drawn_trace import Side

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Part:
    """One curve of one array: sample ``i`` of ``y`` (1-D, real) stands at ``x0 + i * dx``.

    ``margin``: how far the axis reaches beyond the first and the last sample. ``staircase``: values
    hold until the next one. ``filled``: down to zero. ``side``: where the axis of this part is,
    unless the user chose another for the trace. With ``x`` the few samples stand there instead.
    ``shown_as`` makes of values what is drawn of them, such as decibels: means are taken before.
    ``turn`` is a whole turn, where the values are angles within one.
    """

    name: str
    y: NDArray[Any]
    x0: float = 0.0
    dx: float = 1.0
    margin: float = 0.0
    staircase: bool = False
    filled: bool = False
    side: Side = Side.LEFT
    x: Floats | None = None
    shown_as: Callable[[NDArray[Any]], NDArray[Any]] | None = None
    turn: float | None = None

    @cached_property
    def shown(self) -> NDArray[Any]:
        """What is drawn of the values."""
        return self.y if self.shown_as is None else self.shown_as(self.y)

    def with_values(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return what is drawn of other values in the place of these."""
        if values is self.y:
            return self.shown
        return values if self.shown_as is None else self.shown_as(values)

    def is_alike(self, other: "Part") -> bool:
        """Whether the samples of another part stand where those of this one do."""
        if len(self.y) != len(other.y) or (self.x is None) is not (other.x is None):
            return False
        if self.x is not None and other.x is not None:
            return bool(np.array_equal(self.x, other.x))
        return (self.x0, self.dx) == (other.x0, other.dx)

    @property
    def places(self) -> Floats:
        """Where all samples stand."""
        if self.x is not None:
            return self.x
        return self.x0 + np.arange(len(self.y), dtype=np.float64) * self.dx

    @property
    def ends(self) -> tuple[float, float]:
        """The ends of the axis on which the whole part is seen."""
        if self.x is not None:
            return float(self.x[0]), float(self.x[-1])
        last = self.x0 + (len(self.y) - 1) * self.dx
        return self.x0 - self.margin, last + self.margin

    @property
    def least_positive(self) -> float:
        """The least positive place of a sample, as if the samples went on to there."""
        if self.x is not None:
            return float(np.min(self.x[self.x > 0], initial=np.inf))
        return self.x0 if self.x0 > 0 else self.x0 + (floor(-self.x0 / self.dx) + 1) * self.dx
