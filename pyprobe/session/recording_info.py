"""What a recording says of itself: its program, probes, runs and sources, and what is damaged."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.session.recorded_runs import RecordedRun


@dataclass(frozen=True)
class RecordedProbe:
    """A probe as the recording names it. ``occurrence`` is ``None`` where it is not readable."""

    id: int
    anchor: ProbeAnchor
    throttle: str
    occurrence: Occurrence | None = None
    run_code: bool = False


@dataclass(frozen=True)
class RecordedWatch:
    """A condition of the recorded session; snapshots are captures under its id."""

    id: int
    condition: str
    action: str
    label: str


@dataclass(frozen=True)
class RecordedOutput:
    """What the program wrote to a stream; ``t_ns`` is the clock of the captures."""

    t_ns: int
    stream: str
    text: str


@dataclass
class RecordingInfo:
    """What a recording says of itself.

    ``target``, ``ending``, ``probes``, ``sources`` and ``texts`` are those of the run it was asked
    for, or of the last one. ``sources`` has the sha256 of each file, ``texts`` its bytes, where the
    recording holds them. ``whole``: it was finished, and no damage was met so far. ``damaged``
    counts the parts that were left out.
    """

    program: dict[str, str] = field(default_factory=dict)
    runs: tuple[RecordedRun, ...] = (RecordedRun(1, {}, {}),)
    run: int = 1
    target: Mapping[str, str] = field(default_factory=dict)
    ending: Mapping[str, str] = field(default_factory=dict)
    probes: dict[int, RecordedProbe] = field(default_factory=dict)
    watches: dict[int, RecordedWatch] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    was_cut_off: bool = False
    damaged: int = 0

    @property
    def has_several_runs(self) -> bool:
        """Whether the program was started again while it was recorded."""
        return len(self.runs) > 1

    def epoch_ns(self, run: int) -> int:
        """Return the ``perf_counter_ns`` at which a run began, or the recording."""
        began = self.runs[run - 1].epoch_ns if run <= len(self.runs) else None
        if began is not None:
            return began
        text = self.program.get("perf_counter_ns", "")
        return int(text) if text.isdecimal() else 0

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not self.was_cut_off and not self.damaged

    @property
    def trouble(self) -> str:
        """Say in one clause what is wrong with the recording; ``""`` when nothing is."""
        if self.damaged:
            parts = "1 damaged part" if self.damaged == 1 else f"{self.damaged:,} damaged parts"
            cut_off = "the recording was cut off, and " if self.was_cut_off else ""
            return f"{cut_off}{parts} of the recording could not be read; this is all the rest"
        return "the recording was cut off, this is all it holds" if self.was_cut_off else ""
