"""Lets the service thread have its turn quickly in a program that computes without pause.

A thread that wants the GIL waits one switch interval (5 ms by default) for it, several times in
one answer. With a single thread in the program a shorter interval changes nothing but that wait,
and what the program interrupts while the service thread works for long.
"""

import sys
from _thread import _count

# As long as a turn of the service thread takes with cold caches, which is then not interrupted. And
# a number that the interpreter gives back as it was set: a program that keeps the interval and sets
# it again finds the same one.
_SHORT_S = 0.0003


class SwitchInterval:
    """Shortens the interval while the program has one thread; the program's own choice wins."""

    def __init__(self) -> None:
        self._original_s = sys.getswitchinterval()
        sys.setswitchinterval(_SHORT_S)
        self._short_s = sys.getswitchinterval()
        sys.setswitchinterval(self._original_s)

    def adapt(self) -> None:
        """Choose by the number of threads there are now; called by the service thread."""
        current_s = sys.getswitchinterval()
        if _count() > 1:
            if current_s == self._short_s:
                sys.setswitchinterval(self._original_s)
        elif current_s == self._original_s:
            sys.setswitchinterval(self._short_s)

    def work_for_long(self) -> None:
        """Have the program interrupt what comes now no more often than any thread; see ``adapt``.

        Each change of the GIL's holder takes a tenth of a millisecond in which nobody works.
        """
        self.restore()

    def restore(self) -> None:
        """Put back what the program started with."""
        if sys.getswitchinterval() == self._short_s:
            sys.setswitchinterval(self._original_s)
