"""PlotFrame: where data lie on the screen; maps between data units and pixels without overflow."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FARTHEST_PX = 1e7  # beyond it Qt's rasteriser loses precision; nothing there can be seen anyway


@dataclass(frozen=True, slots=True)
class PlotFrame:
    """The data area in logical pixels and the ranges it shows; ``y_down`` for images."""

    left: float
    top: float
    width: float
    height: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    y_down: bool = False

    @property
    def right(self) -> float:
        """The pixel just right of the area."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The pixel just below the area."""
        return self.top + self.height

    def x_pixels(self, x: Floats) -> Floats:
        """Map data to pixels; NaN stays NaN, what is far outside is held near."""
        return self._pixels(x, self.x_low, self.x_high, self.left, self.width)

    def y_pixels(self, y: Floats) -> Floats:
        """Map data to pixels; NaN stays NaN, what is far outside is held near."""
        if self.y_down:
            return self._pixels(y, self.y_low, self.y_high, self.top, self.height)
        return self._pixels(y, self.y_low, self.y_high, self.bottom, -self.height)

    def x_at(self, pixel: float) -> float:
        """Return the data position under a pixel column."""
        share = (pixel - self.left) / max(self.width, 1e-9)
        return self.x_low * (1 - share) + self.x_high * share

    def y_at(self, pixel: float) -> float:
        """Return the data position under a pixel row."""
        share = (pixel - self.top) / max(self.height, 1e-9)
        share = share if self.y_down else 1 - share
        return self.y_low * (1 - share) + self.y_high * share

    def holds(self, x: float, y: float) -> bool:
        """Whether a pixel position lies in the data area."""
        return self.left <= x < self.right and self.top <= y < self.bottom

    @staticmethod
    def _pixels(values: Floats, low: float, high: float, start: float, length: float) -> Floats:
        half_span = high / 2 - low / 2
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            share = (values / 2 - low / 2) / half_span
            return np.clip(share * length + start, -FARTHEST_PX, FARTHEST_PX)
