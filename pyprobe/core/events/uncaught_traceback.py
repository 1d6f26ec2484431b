"""Takes our frames out of the traceback of an exception that nobody catches."""

import sys
from types import TracebackType

from pyprobe.core.door import cut_ours


def cut_ours_where_uncaught(error: BaseException) -> None:
    """Have it done when the interpreter prints ``error``, which is leaving our hook.

    Nobody is told when it has reached the program, and where that catches it, it sees our frames.
    """
    if sys.excepthook is not sys.__excepthook__:
        return

    def excepthook(
        kind: type[BaseException], uncaught: BaseException, traceback: TracebackType | None
    ) -> None:
        if uncaught is error:
            cut_ours(traceback)
        sys.excepthook = sys.__excepthook__
        sys.__excepthook__(kind, uncaught, traceback)

    sys.excepthook = excepthook
