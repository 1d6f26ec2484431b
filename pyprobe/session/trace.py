"""What a plot needs to know of a trace, whether a probe captures it or it is computed."""

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyprobe.session.history_reader import HistoryReader


class ProbeStatus(Enum):
    """How a trace fares. ARMED waits for its first capture, STALE for its next one."""

    ARMED = "armed"
    LIVE = "live"
    STALE = "stale"
    FINISHED = "finished"
    INVALID = "invalid"


class Trace(Protocol):
    """A series of captures with a name and a state; its ``id`` is unique within its session."""

    @property
    def id(self) -> int:
        """The number views know it by."""

    @property
    def title(self) -> str:
        """The whole name, such as ``x @ script.py:10``."""

    @property
    def short_title(self) -> str:
        """The name where there is little room, such as ``x @ line 10``."""

    @property
    def color_index(self) -> int:
        """Its place in the palette."""

    @property
    def status(self) -> ProbeStatus:
        """How it fares."""

    @property
    def detail(self) -> str:
        """Why it is INVALID, else ``""``."""

    @property
    def mode(self) -> str:
        """How its hits became captures, such as ``every`` or ``1 / 10``."""

    @property
    def dropped(self) -> int:
        """Hits that the budget or a full buffer cost."""

    @property
    def run_code(self) -> bool:
        """Whether reading its values may run code of the program."""

    @property
    def history(self) -> "HistoryReader":
        """The captures of this run."""

    @property
    def earlier(self) -> "Sequence[HistoryReader]":
        """The captures of the runs before, oldest first."""

    @property
    def sample_rate_hz(self) -> float | None:
        """The sample rate of its arrays, where it is known."""

    def waiting_sentence(self) -> str:
        """Return what stands in its plot's place before its first capture."""
