"""LabelHistory: which snapshots a program has taken of itself, found by their labels."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class TakenSnapshot:
    """``number``: its place among all captures; ``timestamp``: in seconds of ``perf_counter``.

    ``place`` is ``FILE:LINE FUNCTION`` of the frame that was hit.
    """

    label: str
    number: int
    timestamp: float
    place: str


@dataclass(frozen=True, slots=True)
class LocalSnapshot(TakenSnapshot):
    """A snapshot whose values are in this process, as copies.

    ``variables``: the locals of the frame that was hit; ``values``: the newest of every probe, by
    the names of their watches.
    """

    variables: Mapping[str, object] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)


SnapshotT = TypeVar("SnapshotT", bound=TakenSnapshot)


class LabelHistory(Generic[SnapshotT]):
    """The newest ``MOST_KEPT`` snapshots."""

    def __init__(self) -> None:
        self._kept: deque[SnapshotT] = deque(maxlen=MOST_KEPT)

    def add(self, snapshot: SnapshotT) -> None:
        """Keep one more."""
        self._kept.append(snapshot)

    def find(self, label: str) -> SnapshotT | None:
        """Return the latest snapshot of a label."""
        return next((one for one in reversed(list(self._kept)) if one.label == label), None)

    def find_all(self, label: str | None = None) -> list[SnapshotT]:
        """Return the snapshots of a label, or all, oldest first."""
        return [one for one in list(self._kept) if label is None or one.label == label]
