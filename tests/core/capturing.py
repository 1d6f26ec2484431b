"""Runs a program text under the engine and returns what its marked occurrences captured.

A line is marked by a comment: ``x = 1  # probe: x``. ``# probe: x/load`` asks for a kind,
``x/load#1`` for the second of that kind on the line; several are separated by ``;``.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.door import Door
from pyprobe.core.engine import Engine
from pyprobe.core.events.choose import choose_event_source
from pyprobe.core.gate import Gate
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from pyprobe.core.value_copy import CopiedValue, copy_value

_MARK = re.compile(r"#\s*probe:\s*(.*)$")
_BINDINGS = (OccurrenceKind.STORE, OccurrenceKind.PARAMETER, OccurrenceKind.MEMBER_STORE)


@dataclass
class Captured:
    """``entries`` are ``(symbol, value)`` in sequence order; ``threads`` their threads."""

    entries: list[tuple[str, object]] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    times_ns: list[int] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def values(self) -> list[object]:
        return [value for _symbol, value in self.entries]


def marked_occurrences(source: str) -> list[Occurrence]:
    """Return the occurrences the ``# probe:`` comments ask for, in that order."""
    everything = find_occurrences(source)
    found = []
    for number, text in enumerate(source.splitlines(), 1):
        mark = _MARK.search(text)
        if mark is not None:
            on_line = [one for one in everything if one.line == number]
            found += [_choose(on_line, wish.strip()) for wish in mark[1].split(";")]
    assert found, "no line is marked"
    return found


def _choose(on_line: list[Occurrence], wish: str) -> Occurrence:
    wish, _, place = wish.partition("#")
    symbol, _, kind = wish.partition("/")
    fitting = [one for one in on_line if one.symbol == symbol]
    if kind:
        fitting = [one for one in fitting if one.kind.value == kind]
    else:
        fitting.sort(key=lambda one: one.kind not in _BINDINGS)
    assert fitting, f"no {wish!r} among {[(one.symbol, one.kind.value) for one in on_line]}"
    return fitting[int(place or 0)]


class Capturer:
    """An engine over a capture log, in this process."""

    def __init__(self, *, looks: bool = False) -> None:
        self.log = CaptureLog()
        self.faults: list[str] = []
        self.gate = Gate()
        self.source, _reason = choose_event_source(Door(self.faults.append))
        self.engine = Engine(
            self.source,
            extend=self.log.extend,
            pack=copy_value,
            gate=self.gate,
            budget=Budget(5.0),
            looks=looks,
        )
        self._symbols: dict[int, str] = {}

    def add(self, path: Path, occurrence: Occurrence, config: WatchConfig | None = None) -> int:
        probe_id = len(self._symbols)
        anchor = ProbeAnchor(
            str(path), occurrence.line, occurrence.col, occurrence.symbol, occurrence.func
        )
        config = config or WatchConfig(occurrence.symbol, ThrottleStrategy.NONE)
        self._symbols[probe_id] = occurrence.symbol
        self.engine.add(probe_id, anchor, occurrence, config)
        return probe_id

    def drain(self) -> Captured:
        _first_seq, rows = self.log.drain()
        captured = Captured(faults=self.faults)
        for probe_id, t_ns, thread, value in zip(*rows, strict=True):
            probe = self.engine.probes.get(probe_id)
            assert type(value) is float or probe is None or probe.has_others
            value = value.value if isinstance(value, CopiedValue) else value
            captured.entries.append((self._symbols[probe_id], value))
            captured.times_ns.append(t_ns)
            captured.threads.append(thread)
        captured.details = [p.detail for p in self.engine.probes.values() if p.detail]
        return captured


def capture(
    source: str,
    folder: Path,
    *,
    config: WatchConfig | None = None,
    namespace: dict[str, object] | None = None,
    occurrences: list[Occurrence] | None = None,
) -> Captured:
    """Run ``source`` as a module with its marked occurrences probed from the start."""
    path = folder / "program.py"
    path.write_text(source, encoding="utf-8")
    capturer = Capturer()
    capturer.engine.start()
    try:
        for occurrence in occurrences or marked_occurrences(source):
            capturer.add(path, occurrence, config)
        code = compile(source, str(path), "exec")
        exec(code, {"__name__": "program"} if namespace is None else namespace)
        return capturer.drain()
    finally:
        capturer.engine.stop()
