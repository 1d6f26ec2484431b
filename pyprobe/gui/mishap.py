"""Mishaps: an error of our own is shown and printed; the window and what it holds stay.

One of a lens of another package switches that off.
"""

import sys
from collections.abc import Callable
from types import FrameType, TracebackType

from pyprobe.gui.messages import Level, MessageBar

_KEY = "mishap"


class MishapDoor:
    """Takes the exceptions that would otherwise abort the process inside an event handler."""

    def __init__(self, messages: MessageBar) -> None:
        self._messages = messages
        self._previous: Callable[..., object] = sys.excepthook
        sys.excepthook = self._take

    def close(self) -> None:
        """Give the hook back."""
        sys.excepthook = self._previous

    def _take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        import traceback  # here, for a window to open sooner

        from pyprobe.plots.lens_plugins import plugins
        from pyprobe.plots.plugin_watch import LensStuck, culprit

        found = plugins()
        origin = culprit(_innermost(trace), found.folders)
        if origin and found.is_banned(origin):
            return  # it has been told of
        traceback.print_exception(kind, error, trace)
        if issubclass(kind, LensStuck):  # no mistake of ours, and the watch tells of it
            return
        place = traceback.extract_tb(trace)[-1] if trace is not None else None
        where = f" ({place.filename}:{place.lineno})" if place is not None else ""
        if origin:
            found.ban(origin, f"{kind.__name__}: {error}{where}")
            return
        text = f"PyProbe itself has made a mistake: {kind.__name__}: {error}{where}. All goes on."
        try:
            self._messages.post(text, Level.BAD, key=_KEY)
        except RuntimeError:  # the window is being taken down; the text above is enough
            return


def _innermost(trace: TracebackType | None) -> FrameType | None:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame if trace is not None else None
