"""MathRuns: what math traces give of the runs before this one, each a generation of its own."""

from collections.abc import Hashable, Iterator, Sequence

from pyprobe.session.history import History
from pyprobe.session.math_trace import NUMBER_KINDS, MathTrace
from pyprobe.session.probe import MAX_EARLIER_BYTES


class MathRuns:
    """Knows what each run of each math trace was computed from; the results stand in the trace.

    A run that has no such key was taken over as it came, and is not computed.
    """

    def __init__(self) -> None:
        self._keys: dict[tuple[int, int], Hashable] = {}

    def forget(self, trace: MathTrace) -> None:
        """Compute all runs of a trace anew."""
        for known in [one for one in self._keys if one[0] == trace.id]:
            del self._keys[known]

    def match(self, trace: MathTrace, epochs: Sequence[int]) -> bool:
        """Let go of runs that the sources have no more; True where there were any."""
        gone = trace.runs.keys() - set(epochs)
        for epoch_ns in gone:
            del trace.runs[epoch_ns]
            self._keys.pop((trace.id, epoch_ns), None)
        return bool(gone)

    def computed(self, trace: MathTrace, epochs: Sequence[int]) -> Iterator[int]:
        """Yield the runs that are computed, the newest first, as far as memory allows."""
        used_bytes = 0
        for epoch_ns in epochs:
            if used_bytes > MAX_EARLIER_BYTES:
                return
            known = trace.runs.get(epoch_ns)
            used_bytes += known.nbytes if known is not None else 0
            if known is None or (trace.id, epoch_ns) in self._keys:
                yield epoch_ns

    def has(self, trace: MathTrace, epoch_ns: int, key: Hashable) -> bool:
        """Whether a run has been computed from this."""
        return self._keys.get((trace.id, epoch_ns)) == key

    def keep(
        self,
        trace: MathTrace,
        epoch_ns: int,
        key: Hashable,
        history: History | None,
        *,
        is_series: bool = False,
    ) -> None:
        """Take a result, of sources that are series or not; None where there is none."""
        self._keys[trace.id, epoch_ns] = key
        if history is not None and not is_series and history.kind in NUMBER_KINDS:
            del self._keys[trace.id, epoch_ns]  # the others of the run are made up for
        if history is not None:
            trace.runs[epoch_ns] = history
        else:
            trace.runs.pop(epoch_ns, None)
