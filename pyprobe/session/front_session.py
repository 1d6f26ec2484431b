"""FrontSession: what the window asks of a session, whether a program runs in it or none."""

from typing import Protocol

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.session.probe import Probe
from pyprobe.session.readable_session import ReadableSession


class FrontSession(ReadableSession, Protocol):
    """See ``Session``. In a recording what needs a program raises NoProgramError."""

    def restore_probe(self, probe: Probe) -> bool:
        """Watch a removed probe again."""

    def set_color(self, probe: Probe, color_index: int) -> None:
        """Give a probe another colour of the palette."""

    def set_sample_rate(self, probe: Probe, rate_hz: float | None) -> None:
        """Say how many samples a second the probe's arrays have."""

    def set_throttle(self, probe: Probe, throttle: str, *, run_code: bool | None = None) -> None:
        """Change which hits become captures."""

    def move_probe(self, probe: Probe, occurrence: Occurrence, file: str | None = None) -> None:
        """Place a probe where the edited text has its occurrence now."""

    def lose_probe(self, probe: Probe, why: str) -> None:
        """Keep a probe whose place the edited text no longer has."""

    def forget_earlier(self) -> bool:
        """Let the histories of earlier runs go; False if there are none."""

    def start(self) -> None:
        """Start the program."""

    def restart(self, *, clear_histories: bool = True) -> None:
        """Stop the program if it runs, then start it again."""

    def stop(self) -> None:
        """Ask the program to end."""

    def pause(self) -> None:
        """Halt the program."""

    def resume(self) -> None:
        """Let it go on."""

    def send_input(self, text: str) -> None:
        """Write text to the program's standard input."""

    def close_input(self) -> None:
        """Let the program see the end of its standard input."""
