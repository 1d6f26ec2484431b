"""What the command line asks of a front end, and a front end of a run."""

from dataclasses import dataclass

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.session.launch import Program, Stdio


@dataclass(frozen=True)
class WantedProbe:
    """A probe named on the command line, already found in the source.

    ``throttle`` is its text, ``None`` where the front end is to choose.
    """

    occurrence: Occurrence
    file: str
    throttle: str | None


@dataclass(frozen=True)
class WindowOptions:
    """How to open the window.

    ``compare_with`` is the recording that another one is compared with. ``screenshot`` is the file
    to write just before quitting, ``quit_after_s`` when to quit.
    """

    program: Program
    probes: tuple[WantedProbe, ...] = ()
    run_at_once: bool = False
    budget_percent: float = 5.0
    screenshot: str | None = None
    quit_after_s: float | None = None
    compare_with: str | None = None


@dataclass(frozen=True)
class RunOptions:
    """How the target treats the program: see Configure."""

    stdio: Stdio
    lossless: bool
    budget_percent: float
    reduce_above: int
    orphan: str
    keep_histories: bool
