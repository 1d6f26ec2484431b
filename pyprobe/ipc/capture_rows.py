"""CaptureRows: captures on their way from the target's log to columns."""

from typing import NamedTuple


class CaptureRows(NamedTuple):
    """Captures in order of execution, a list for each item: probe, time, thread, value.

    Values are exact float, int, bool, complex or one of the packed records.
    """

    probe_ids: list[int]
    times_ns: list[int]
    threads: list[int]
    values: list[object]
