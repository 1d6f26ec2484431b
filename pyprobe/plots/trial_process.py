"""The process in which a lens of another package draws its first picture: it may hang or crash."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import EntryPoint
from typing import Any

from PyQt6.QtWidgets import QApplication

from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.lens_plugins import GROUP
from pyprobe.plots.theme import plot_theme
from pyprobe.plots.trial_captures import history_of
from pyprobe.session.reading_process import read_frame

READY = b"ready\n"


def main() -> None:
    """Draw what stands on stdin; say ``READY`` before code of the lens' picture runs.

    What it raises is no news here: it is shown in the plot's place, as it raises there again.
    """
    offer: Any = read_frame(sys.stdin.buffer)
    application = QApplication(["pyprobe"])
    entry = EntryPoint("lens", offer["lens"], GROUP).load()
    traces = [_trace(one) for one in offer["traces"]]
    os.write(1, READY)
    with suppress(BaseException):
        lens = entry.build(plot_theme(dark=offer["dark"]), traces[0].color)
        lens.resize(*offer["size"])
        lens.show_traces(traces)
        lens.show()
        lens.grab()
        application.processEvents()
    os._exit(0)  # nothing of the package may keep it here


def _trace(plain: Mapping[str, Any]) -> DrawnTrace:
    history = history_of(plain["captures"])
    rate_hz = plain["sample_rate_hz"]
    return DrawnTrace(plain["title"], plain["color"], history, sample_rate_hz=rate_hz)
