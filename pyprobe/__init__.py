"""PyProbe: an oscilloscope for running Python programs.

A program may import it, and say of itself when a snapshot is to be taken:

>>> import pyprobe
>>> pyprobe.when("error > 0.5").snapshot("bad")

That does something while the program runs under PyProbe, and nothing at all otherwise.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:  # as type checkers read it; importing pyprobe costs a program nothing
    from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "history", "monitor", "when"]


def when(condition: str) -> "Any":
    """Return what acts when a condition holds at the hit of any probe.

    ``.snapshot(label)`` keeps the values of all probes and the locals of the frame that was hit;
    ``.pause()`` stops the program there, as the window can; ``.start()`` begins capturing and
    ``.stop()`` ends it. Each returns a handle with ``id``, ``enable()``, ``disable()`` and
    ``remove()``.

    Raises:
        ConditionSyntaxError: the text is no condition; also without PyProbe.
    """
    from pyprobe import inside  # only where it is used

    return inside.when(condition)


def monitor(tag: str, callback: "Any") -> "Any":
    """Call ``callback(capture)`` with each capture of the probes of a name; returns a handle.

    The capture has ``name``, ``value`` (the program's own object), ``timestamp``, ``source_file``,
    ``line_number`` and ``function_name``. The callback runs in the thread and at the hit; what it
    raises is reported once and never reaches the program.
    """
    from pyprobe import inside

    return inside.monitor(tag, callback)


class _History:
    """Finds the snapshots that the program has taken of itself, by label.

    Each has ``label``, ``number`` (its place among all captures), ``timestamp`` (in seconds of
    ``time.perf_counter``) and ``place``.
    """

    def find(self, label: str) -> "Any":
        """Return the latest snapshot of a label, or None."""
        from pyprobe import inside

        return inside.find(label)

    def find_all(self, label: str | None = None) -> "list[Any]":
        """Return the snapshots of a label, or all, oldest first."""
        from pyprobe import inside

        return inside.find_all(label)


history = _History()
