"""Which probe of one recording is which of another, also where the program was edited between."""

import os
from collections import defaultdict
from dataclasses import dataclass

from pyprobe.analysis.anchor_mover import move_occurrences
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.analysis.source_file import decode_source
from pyprobe.analysis.spec import ProbeSpec
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.session.recording_info import RecordedProbe, RecordingInfo

_Place = tuple[int, int, str]  # line, column, symbol
_THE_SCRIPT = ""


@dataclass(frozen=True)
class ProbePair:
    """One probe in two recordings; ``None`` in the one that lacks it, never in both."""

    a: RecordedProbe | None
    b: RecordedProbe | None

    @property
    def anchor(self) -> ProbeAnchor:
        """Where it stands in the first recording that has it."""
        probe = self.a or self.b
        assert probe is not None
        return probe.anchor

    @property
    def has_moved(self) -> bool:
        """Whether it stands elsewhere in the second recording."""
        if self.a is None or self.b is None:
            return False
        return _place(self.a.anchor) != _place(self.b.anchor)

    def is_named_by(self, spec: ProbeSpec) -> bool:
        """Whether a SPEC means it, where it stands in either recording."""
        return any(
            probe is not None and _is_named(probe.anchor, spec) for probe in (self.a, self.b)
        )


def pair_probes(a: RecordingInfo, b: RecordingInfo) -> list[ProbePair]:
    """Return the pairs in the order of ``a``'s probes, then those that only ``b`` has.

    Files are the same when they lie alike beside the script; both scripts are the same, however
    they are called. Where the texts of then differ, a probe is followed as when a file is edited.
    """
    files_a, files_b = _by_file(a), _by_file(b)
    partner: dict[int, RecordedProbe] = {}
    for key, probes in files_a.items():
        others = {_place(probe.anchor): probe for probe in files_b.get(key, [])}
        if not others:
            continue
        text_a = a.texts.get(probes[0].anchor.file)
        text_b = b.texts.get(next(iter(others.values())).anchor.file)
        moved = _moved(text_a, text_b, probes)
        for probe in probes:
            other = others.pop(moved.get(probe.id, _place(probe.anchor)), None)
            if other is not None:
                partner[probe.id] = other
    pairs = [ProbePair(probe, partner.get(probe.id)) for probe in a.probes.values()]
    paired = {probe.id for probe in partner.values()}
    return pairs + [ProbePair(None, one) for one in b.probes.values() if one.id not in paired]


def _by_file(info: RecordingInfo) -> dict[str, list[RecordedProbe]]:
    found: dict[str, list[RecordedProbe]] = defaultdict(list)
    for probe in info.probes.values():
        found[_file_key(info, probe.anchor.file)].append(probe)
    return found


def _file_key(info: RecordingInfo, file: str) -> str:
    cwd, script = info.program.get("cwd", ""), info.program.get("script", "")
    root = cwd
    if script:
        path = os.path.normpath(os.path.join(cwd, script))
        if path == file:
            return _THE_SCRIPT
        root = os.path.dirname(path)
    return os.path.relpath(file, root) if root and file.startswith(root + os.sep) else file


def _moved(
    text_a: bytes | None, text_b: bytes | None, probes: list[RecordedProbe]
) -> dict[int, _Place]:
    """Return where probes stand in the second text; ``(0, 0, "")`` for those it has not."""
    if text_a is None or text_b is None or text_a == text_b:
        return {}
    known = [(probe, probe.occurrence) for probe in probes if probe.occurrence is not None]
    before, after = decode_source(text_a, "a").text, decode_source(text_b, "b").text
    try:
        moves = move_occurrences(before, after, [occurrence for _probe, occurrence in known])
    except SyntaxProblem:
        return {}  # what does not parse cannot be compared, so all stays where it was
    return {
        probe.id: (0, 0, "") if move.new is None else (move.new.line, move.new.col, move.new.symbol)
        for (probe, _occurrence), move in zip(known, moves, strict=True)
    }


def _place(anchor: ProbeAnchor) -> _Place:
    return anchor.line, anchor.col, anchor.symbol


def _is_named(anchor: ProbeAnchor, spec: ProbeSpec) -> bool:
    if (anchor.line, anchor.symbol) != (spec.line, spec.symbol):
        return False
    if spec.col is not None and anchor.col != spec.col:
        return False
    wanted = os.path.normpath(spec.file)
    return anchor.file == os.path.abspath(wanted) or anchor.file.endswith(os.sep + wanted)
