"""CaptureRows: captures on their way from the target's log to columns."""

from collections.abc import Iterator
from typing import NamedTuple


class CaptureRows(NamedTuple):
    """Captures in order of execution, a list for each item: probe, time, thread, value.

    Values are exact float, int, bool, complex or one of the packed records.
    """

    probe_ids: list[int]
    times_ns: list[int]
    threads: list[int]
    values: list[object]

    def portions(self, most: int) -> Iterator[tuple[int, "CaptureRows"]]:
        """Yield them in portions of at most so many, each behind the number that lie before it."""
        count = len(self.values)
        if 0 < count <= most:
            yield 0, self
            return
        for start in range(0, count, most):
            rows = slice(start, start + most)
            yield (
                start,
                CaptureRows(
                    self.probe_ids[rows], self.times_ns[rows], self.threads[rows], self.values[rows]
                ),
            )
