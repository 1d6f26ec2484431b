"""Traces of a comparison: a probe of the other recording, and the difference of both."""

from collections.abc import Iterator, Sequence

from pyprobe.ipc.column_reader import Column
from pyprobe.session.history import History
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_reading import PastHistory
from pyprobe.session.probe import Probe
from pyprobe.session.trace import ProbeStatus

_OTHER_IDS = 1_000_000_000
_DIFFERENCE_IDS = 2_000_000_000


class OtherTrace:
    """A probe of another recording beside its partner of this one. Fulfils ``trace.Trace``.

    Two runs never keep the same times, so that at a time of this recording it shows as many
    captures as its partner had by then.
    """

    def __init__(self, probe: Probe, partner: Probe, name: str, color_index: int) -> None:
        self.id = _OTHER_IDS + probe.id
        self.probe = probe
        self.partner = partner
        self.color_index = color_index
        self._name = name
        self.detail = ""
        self.earlier: Sequence[HistoryReader] = ()
        self.run_code = False
        self.sample_rate_hz = partner.sample_rate_hz

    @property
    def title(self) -> str:
        """The whole name: the probe's own, and its recording's."""
        return f"{self.probe.title} in {self._name}"

    @property
    def short_title(self) -> str:
        """The name where there is little room."""
        return f"{self.probe.anchor.symbol} in {self._name}"

    @property
    def status(self) -> ProbeStatus:
        """That of the other recording's probe."""
        return self.probe.status

    @property
    def mode(self) -> str:
        """How its hits became captures."""
        return self.probe.mode

    @property
    def dropped(self) -> int:
        """Hits that were lost in the other run."""
        return self.probe.dropped

    @property
    def history(self) -> History:
        """What the other recording holds."""
        return self.probe.history

    def waiting_sentence(self) -> str:
        """Return what stands in its plot's place before its first capture."""
        return f"{self._name} holds no capture of it"

    def as_of(self, t_ns: int) -> HistoryReader:
        """Return the first captures, as many as the partner had at a time."""
        wanted = self.partner.history.as_of(t_ns).count
        ends = self.history.ends
        if wanted >= sum(ends):
            return self.history
        kinds = [place for place, end in enumerate(ends) if end]
        if len(kinds) == 1:
            scalars, arrays, texts = (wanted if place in kinds else 0 for place in range(3))
            return PastHistory(self.history, (scalars, arrays, texts))
        # Of several kinds no count says which came first: the time since the beginning does.
        elapsed_ns = t_ns - self.partner.history.epoch_ns
        return self.history.as_of(self.history.epoch_ns + elapsed_ns)


class DifferenceTrace:
    """A probe's captures less those of the other recording. Fulfils ``trace.Trace``.

    ``columns`` are those of ``difference_columns``; ``load`` takes in the next of them.
    """

    def __init__(
        self, partner: Probe, name: str, history: History, columns: Iterator[Column]
    ) -> None:
        self.id = _DIFFERENCE_IDS + partner.id
        self.partner = partner
        self.color_index = partner.color_index
        self.history = history
        self.status = ProbeStatus.LIVE
        self.detail = ""
        self.earlier: Sequence[HistoryReader] = ()
        self.mode = "difference"
        self.dropped = 0
        self.run_code = False
        self.sample_rate_hz = partner.sample_rate_hz
        self._name = name
        self._columns = columns

    @property
    def title(self) -> str:
        """The whole name: what is taken from what."""
        return f"{self.partner.title} less {self._name}"

    @property
    def short_title(self) -> str:
        """The name where there is little room."""
        return f"{self.partner.anchor.symbol} less {self._name}"

    def waiting_sentence(self) -> str:
        """Return what stands in its plot's place before its first capture."""
        if self.status is ProbeStatus.LIVE:
            return f"the difference from {self._name} is being taken …"
        return "no captures of which there is a difference"

    def load(self) -> bool:
        """Take in the next captures; False when there are no more.

        Raises:
            RecordingError: a recording cannot be read.
        """
        column = next(self._columns, None)
        if column is None:
            self.status = ProbeStatus.FINISHED
            return False
        self.history.append(column)
        return True
