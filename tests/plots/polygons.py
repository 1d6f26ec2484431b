"""What a polygon of Qt holds, as numbers."""

import numpy as np
from PyQt6.QtGui import QPolygonF

from pyprobe.plots.polyline import Floats


def polygon_points(shape: QPolygonF) -> Floats:
    """Return a polygon's points as an array of shape (n, 2)."""
    return np.array(
        [(shape.at(index).x(), shape.at(index).y()) for index in range(shape.size())]
    ).reshape(-1, 2)
