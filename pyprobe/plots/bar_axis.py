"""Bar axis: fits the vertical axis of a histogram, whose bars stand on the edge of the plot."""

import numpy as np

from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.drawn_trace import Side

_HEADROOM = 0.06  # above the highest bar, whose top would else be the frame's
_BELOW_ONE = -0.3  # on a logarithmic axis bars of a single count are to be seen


def stand_bars_on_edge(canvas: CurveCanvas) -> None:
    """Show all counts, from none up, on each vertical axis where the data decide about it."""
    low = 0.0 if canvas.y_scale is AxisScale.LINEAR else _BELOW_ONE
    for side, fitted in ((Side.LEFT, canvas.y_range), (Side.RIGHT, canvas.right_range)):
        heights = [one.y[np.isfinite(one.y)] for one in canvas.curves if one.side is side]
        highest = max((float(np.max(one)) for one in heights if len(one)), default=None)
        if highest is not None:
            fitted.fit(low, max(highest + _HEADROOM * (highest - low), low + 0.1))
