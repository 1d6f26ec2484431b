"""DrawnTrace: one trace as a lens gets it: its captures, its name and its looks."""

from dataclasses import dataclass
from enum import Enum

from pyprobe.session.history_reader import HistoryReader


class LineStyle(Enum):
    """How a curve's line is drawn; the value is its name in remembered layouts."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"
    DOTS = "dots"  # points without a line


class Side(Enum):
    """The vertical axis a trace belongs to."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class DrawnTrace:
    """``color`` is ``#rrggbb``. ``earlier`` are the histories of runs before, oldest first.

    ``history`` is what is drawn: the probe's own, or a view of it as it was at the time cursor.
    ``sample_rate_hz`` is that of its arrays, ``None`` where nobody has told.
    """

    title: str
    color: str
    history: HistoryReader
    earlier: tuple[HistoryReader, ...] = ()
    style: LineStyle = LineStyle.SOLID
    side: Side = Side.LEFT
    is_hidden: bool = False
    sample_rate_hz: float | None = None
