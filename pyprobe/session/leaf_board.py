"""LeafBoard: all leaf traces of a session, kept up to date a little at a time."""

import hashlib
from collections.abc import Callable, Iterable, Mapping

from pyprobe.ipc.tree_form import Path
from pyprobe.session.leaf_trace import LeafTrace
from pyprobe.session.probe import Probe
from pyprobe.session.trace import Trace

_FIRST_ID = 1 << 40  # no probe has come so far
_STEP_MS = 4.0


class LeafBoard:
    """``sources`` gives the probes there are. A leaf whose probe is gone is not shown, and comes
    back with it.
    """

    def __init__(self, sources: Callable[[], Iterable[Trace]]) -> None:
        self._sources = sources
        self._leaves: dict[int, LeafTrace] = {}
        self._waiting: dict[int, None] = {}
        self._next_id = _FIRST_ID

    @property
    def traces(self) -> dict[int, LeafTrace]:
        """The leaf traces by their id, in the order they were added."""
        there = {source.id for source in self._sources()}
        found: dict[int, LeafTrace] = {}
        for leaf in self._leaves.values():
            if leaf.source.id in there or leaf.source.id in found:
                found[leaf.id] = leaf
        return found

    def find(self, source: Trace, path: Path) -> LeafTrace | None:
        """Return the trace of a leaf, if there is one."""
        return next(
            (leaf for leaf in self.of(source) if leaf.path == path),
            None,
        )

    def of(self, source: Trace) -> list[LeafTrace]:
        """Return the leaf traces of one trace."""
        return [leaf for leaf in self._leaves.values() if leaf.source.id == source.id]

    def add(self, source: Trace, path: Path, *, color_index: int = 0) -> LeafTrace:
        """Follow a leaf of a trace's values; one that is followed already is returned."""
        known = self.find(source, path)
        if known is not None:
            return known
        make = source.similar_history if isinstance(source, Probe) else None
        leaf = LeafTrace(self._next_id, source, path, color_index=color_index, make_history=make)
        self._next_id += 1
        self.restore(leaf)
        return leaf

    def remove(self, leaf: LeafTrace) -> None:
        """Follow a leaf no more."""
        self._leaves.pop(leaf.id, None)
        self._waiting.pop(leaf.id, None)

    def restore(self, leaf: LeafTrace) -> None:
        """Bring a removed trace back, and what it has missed."""
        self._leaves[leaf.id] = leaf
        self._take(leaf)

    def update(self, trace_ids: set[int]) -> set[int]:
        """Take the news of these traces; return the ids of the leaf traces that have news, too."""
        changed: set[int] = set()
        for leaf in self._leaves.values():
            if leaf.source.id in trace_ids or leaf.source.id in changed:
                changed |= self._take(leaf)
        return changed

    def go_on(self) -> set[int]:
        """Take more of what still waits; return the ids of the leaf traces that have news."""
        waiting = next(iter(self._waiting), None)
        return self._take(self._leaves[waiting]) if waiting is not None else set()

    def _take(self, leaf: LeafTrace) -> set[int]:
        news, more = leaf.update(_STEP_MS)
        self._waiting.pop(leaf.id, None)
        if more:
            self._waiting[leaf.id] = None  # behind the others
        return {leaf.id} if news else set()

    @property
    def is_idle(self) -> bool:
        """Whether all has been taken."""
        return not self._waiting

    def close(self) -> None:
        """Let go of everything."""
        for leaf in self._leaves.values():
            leaf.close()
        self._waiting.clear()

    # Memory.

    def to_list(self, key_of: Callable[[Trace], str]) -> list[dict[str, object]]:
        """Return the leaf traces as JSON takes them; ``key_of`` gives lasting names of traces."""
        return [
            {"source": key_of(leaf.source), "path": list(leaf.path), "color": leaf.color_index}
            for leaf in self.traces.values()
        ]

    def restore_list(self, data: object, key_of: Callable[[Trace], str]) -> None:
        """Add the leaf traces of ``to_list``; what is not understood is passed over."""
        for entry in data if isinstance(data, list) else ():
            if not isinstance(entry, Mapping):
                continue
            by_key = {key_of(trace): trace for trace in (*self._sources(), *self.traces.values())}
            source, path, color = (entry.get(name) for name in ("source", "path", "color"))
            is_path = isinstance(path, list) and path and all(isinstance(one, str) for one in path)
            if is_path and isinstance(source, str) and source in by_key:
                index = color if isinstance(color, int) else 0
                self.add(by_key[source], tuple(map(str, path or ())), color_index=index)


def leaf_key(source_key: str, path: Path) -> str:
    """Return the lasting name of a leaf trace."""
    digest = hashlib.sha256("\0".join(path).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{source_key}-{digest[:8]}"
