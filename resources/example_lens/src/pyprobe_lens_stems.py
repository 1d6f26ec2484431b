"""A lens for PyProbe: short arrays as stems, one a sample, each with its value on top."""

import numpy as np
from PyQt6.QtCore import QLineF, QPointF
from PyQt6.QtGui import QColor, QPainter

from pyprobe.plots.lens_registry import GOOD, LensEntry
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.value_traits import ValueForm, ValueTraits
from pyprobe.plots.waveform import WaveformLens


class StemsLens(WaveformLens):
    def paint_data(self, painter: QPainter, frame: PlotFrame) -> None:
        zero = float(frame.y_pixels(np.zeros(1))[0])
        for curve in self.curves:
            painter.setPen(QColor(curve.color))
            x, y = frame.x_pixels(curve.x).tolist(), frame.y_pixels(curve.y).tolist()
            for across, up, value in zip(x, y, curve.y.tolist(), strict=True):
                painter.drawLine(QLineF(across, zero, across, up))
                painter.drawEllipse(QPointF(across, up), 3.0, 3.0)
                painter.drawText(QPointF(across + 5.0, up), f"{value:.3g}")


def fit(traits: ValueTraits) -> int:
    is_short = traits.form is ValueForm.SERIES and traits.shape[0] <= 64
    return GOOD if is_short and not traits.is_complex else 0


STEMS = LensEntry("stems", fit, StemsLens)
