"""ComparisonTask: compares two recordings on a thread of its own, which can be ended any time."""

import threading
from collections.abc import Callable, Generator

from pyprobe.errors import RecordingError
from pyprobe.session.comparison import ProbeComparison, compare_recordings
from pyprobe.session.recording_reader import Batch, RecordingReader


class _Reader(RecordingReader):
    """A reader that gives up, between two chunks, when it is no longer wanted."""

    def __init__(self, like: RecordingReader, is_over: threading.Event) -> None:
        super().__init__(like.path, run=like.wanted_run)
        self._is_over = is_over

    def batches(self) -> Generator[Batch, None, None]:
        for batch in super().batches():
            if self._is_over.is_set():
                raise RecordingError("the comparison was ended")
            yield batch


class ComparisonTask(threading.Thread):
    """``found`` is there once ``is_done``, else ``problem``; ``wakeup`` is called on its thread."""

    def __init__(self, a: RecordingReader, b: RecordingReader, wakeup: Callable[[], None]) -> None:
        super().__init__(name="pyprobe-comparison", daemon=True)
        self._like = a, b
        self._wakeup = wakeup
        self._is_over = threading.Event()
        self.found: list[ProbeComparison] = []
        self.problem = ""
        self.is_done = False

    def run(self) -> None:
        a, b = (_Reader(one, self._is_over) for one in self._like)
        try:
            self.found = compare_recordings(a, b)
        except RecordingError as error:
            self.problem = str(error)
        self.is_done = True
        if not self._is_over.is_set():
            self._wakeup()

    def close(self) -> None:
        """Leave no thread behind."""
        self._is_over.set()
        if self.is_alive():
            self.join()
