"""Snapshots: the values of all probes and the locals of a frame at one moment, under a label."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pyprobe.core.snapshot import LOCALS, PLACE
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.tree_reader import Tree
from pyprobe.session.history_records import Capture
from pyprobe.session.probe import Probe
from pyprobe.session.tree_text import tree_text
from pyprobe.session.values import ArrayValue, ScalarValue, Value

MAX_SNAPSHOTS = 1000
MAX_NBYTES = 256 << 20
MAX_ARRAY_BYTES = 1 << 20


@dataclass(frozen=True)
class ProbeMoment:
    """A probe's newest capture at a moment. ``text``: its value in short.

    ``value`` is None for what is too large to keep twice; the probe's history has it at ``t_ns``.
    """

    title: str
    seq: int
    t_ns: int
    text: str
    value: Value | None


@dataclass(frozen=True)
class Snapshot:
    """``number`` counts a session's snapshots from 1; ``seq`` is its place among the captures.

    ``t_ns`` is the target's ``perf_counter_ns``. ``place`` is ``FILE:LINE FUNCTION`` of the hit,
    ``variables`` the locals of its frame as text, bounded; ``tree`` holds them in full under
    ``locals``. ``probes`` is keyed by probe id.
    """

    label: str
    number: int
    seq: int
    t_ns: int
    thread: int
    place: str
    variables: Mapping[str, str]
    probes: Mapping[int, ProbeMoment]
    tree: Tree


class SnapshotStore:
    """The newest snapshots of a session: at most ``MAX_SNAPSHOTS``, in about ``MAX_NBYTES``.

    ``forgotten`` counts the older ones.
    """

    def __init__(self) -> None:
        self._kept: deque[Snapshot] = deque()
        self._taken = 0
        self._nbytes = 0

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._kept)

    @property
    def forgotten(self) -> int:
        """How many were taken that are kept no more."""
        return self._taken - len(self._kept)

    @property
    def labels(self) -> list[str]:
        """The labels there are, each once, in the order of their first snapshot kept."""
        return list(dict.fromkeys(one.label for one in self._kept))

    def find(self, label: str) -> Snapshot | None:
        """Return the latest snapshot of a label."""
        return next((one for one in reversed(self._kept) if one.label == label), None)

    def find_all(self, label: str | None = None) -> list[Snapshot]:
        """Return the snapshots of a label, or all, oldest first."""
        return [one for one in self._kept if label is None or one.label == label]

    def add_column(self, label: str, column: Column, probes: Iterable[Probe]) -> None:
        """Keep what a watch has captured, beside what the probes have captured up to then."""
        known = list(probes)
        for index, tree in enumerate(column.trees):
            self._taken += 1
            t_ns = int(column.t_ns[index])
            place, variables = frame_of(tree)
            snapshot = Snapshot(
                label,
                self._taken,
                int(column.seq[index]),
                t_ns,
                int(column.thread[index]),
                place,
                variables,
                {probe.id: moment for probe in known if (moment := _moment(probe, t_ns))},
                tree,
            )
            self._kept.append(snapshot)
            self._nbytes += _nbytes(snapshot)
            while len(self._kept) > MAX_SNAPSHOTS or self._nbytes > MAX_NBYTES:
                self._nbytes -= _nbytes(self._kept.popleft())


def _nbytes(snapshot: Snapshot) -> int:
    moments = snapshot.probes.values()
    arrays = [one.value.array.nbytes for one in moments if isinstance(one.value, ArrayValue)]
    return snapshot.tree.nbytes + sum(arrays)


def frame_of(tree: Tree) -> tuple[str, Mapping[str, str]]:
    """Return where the frame of a snapshot was, and its locals as text."""
    place, variables = "", {}
    for part in tree.form.children(tree.form.root):
        if part.label == PLACE and part.code in "st":
            place = tree.text(part)
        elif part.label == LOCALS:
            names = tree.form.children(part)
            variables = {node.label: tree_text(tree, node) for node in names}
    return place, variables


def _moment(probe: Probe, t_ns: int) -> ProbeMoment | None:
    capture = probe.history.capture_at(t_ns)
    if capture is None:
        return None
    return ProbeMoment(
        probe.title, capture.seq, capture.t_ns, capture.value.text, _own_value(capture)
    )


def _own_value(capture: Capture[Value]) -> Value | None:
    """Return a value that holds neither shared memory nor much of our own."""
    value = capture.value
    if isinstance(value, ScalarValue):
        return value
    if isinstance(value, ArrayValue) and value.array.nbytes <= MAX_ARRAY_BYTES:
        array = value.array.copy()
        array.flags.writeable = False
        return replace(value, array=array)
    return None
