"""``pyprobe diff``: where the captures of two recordings part."""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict

from pyprobe.analysis.spec import parse_spec
from pyprobe.commands.output import captures_text, complain, say
from pyprobe.errors import RecordingError
from pyprobe.session.comparison import (
    ProbeComparison,
    Verdict,
    compare_recordings,
    first_in_time,
)
from pyprobe.session.comparison_pairs import ProbePair, pair_probes
from pyprobe.session.comparison_values import Tolerance
from pyprobe.session.recording_info import RecordedProbe
from pyprobe.session.recording_reader import LAST_RUN, RecordingReader

EXIT_SAME = 0
EXIT_DIFFERENT = 1


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of ``diff``."""
    parser = argparse.ArgumentParser(
        prog="pyprobe diff",
        description="Compare what two recordings of a program captured, probe by probe. The exit "
        "code is 0 where all is the same, 1 where it is not, 2 where it cannot be compared.",
    )
    parser.add_argument("a", metavar="A.mcap")
    parser.add_argument("b", metavar="B.mcap")
    parser.add_argument(
        "--tolerance",
        metavar="ABS",
        type=float,
        default=0.0,
        help="numbers this far apart are the same (0)",
    )
    parser.add_argument(
        "--relative",
        metavar="REL",
        type=float,
        default=0.0,
        help="as --tolerance, as a fraction of the larger of the two numbers (0)",
    )
    parser.add_argument(
        "--probe",
        metavar="SPEC",
        action="append",
        default=[],
        help="compare this probe only; repeatable",
    )
    for side in "ab":
        parser.add_argument(
            f"--run-{side}",
            metavar="N",
            type=int,
            default=LAST_RUN,
            help=f"which run of {side.upper()}, counted from 1, where it holds several (the last)",
        )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def run(arguments: Sequence[str]) -> int:
    """Compare two recordings."""
    options = build_parser().parse_args(arguments)
    tolerance = Tolerance(options.tolerance, options.relative)
    a = RecordingReader(options.a, run=options.run_a)
    b = RecordingReader(options.b, run=options.run_b)
    pairs = _wanted(pair_probes(a.survey(), b.survey()), options.probe)
    if not pairs:
        raise RecordingError("neither recording has a probe, so that there is nothing to compare")
    found = compare_recordings(a, b, tolerance=tolerance, pairs=pairs)
    if options.json:
        say(json.dumps(_as_json(a, b, found), indent=2))
    else:
        names = _names(a, b)
        for one in found:
            say(_line(one, names))
        say(_summary(found))
    for reader in (a, b):
        if reader.info.has_several_runs:
            info = reader.info
            complain(f"{reader.path}: run {info.run} of {len(info.runs)} was compared")
        if reader.info.trouble:
            complain(f"{reader.path}: {reader.info.trouble}")
    return EXIT_SAME if _is_same(found) else EXIT_DIFFERENT


def _is_same(found: Sequence[ProbeComparison]) -> bool:
    return all(one.verdict is Verdict.SAME for one in found)


def _wanted(pairs: list[ProbePair], specs: Sequence[str]) -> list[ProbePair]:
    """Return the pairs that the SPECs name, all if there are none.

    Raises:
        PyProbeError: one is no SPEC, or names no recorded probe.
    """
    if not specs:
        return pairs
    wanted: list[ProbePair] = []
    for text in specs:
        spec = parse_spec(text)
        named = [pair for pair in pairs if pair.is_named_by(spec)]
        if not named:
            there = ", ".join(_spec_of(pair) for pair in pairs) or "none at all"
            raise RecordingError(f"neither recording has a probe {text}; there are {there}")
        wanted += [pair for pair in named if pair not in wanted]
    return wanted


def _spec_of(pair: ProbePair) -> str:
    anchor = pair.anchor
    return f"{os.path.basename(anchor.file)}:{anchor.line}:{anchor.symbol}@{anchor.col}"


def _names(a: RecordingReader, b: RecordingReader) -> tuple[str, str]:
    """Return how to call the two: by their files' names and runs, where these differ."""
    short, whole = (
        [f"{path}{_run_text(reader)}" for path, reader in zip(paths, (a, b), strict=True)]
        for paths in (map(os.path.basename, (a.path, b.path)), (a.path, b.path))
    )
    return (short[0], short[1]) if short[0] != short[1] else (whole[0], whole[1])


def _run_text(reader: RecordingReader) -> str:
    return f" (run {reader.info.run})" if reader.info.has_several_runs else ""


def _line(one: ProbeComparison, names: tuple[str, str]) -> str:
    label = one.pair.anchor.identity_label()
    if one.pair.has_moved and one.pair.b is not None:
        label += f" (line {one.pair.b.anchor.line} in {names[1]})"
    return f"{label}: {_finding(one, names)}"


def _finding(one: ProbeComparison, names: tuple[str, str]) -> str:
    counts = f"{captures_text(one.count_a)} in {names[0]}, {one.count_b:,} in {names[1]}"
    if one.verdict is Verdict.ONLY_IN_A:
        return f"only in {names[0]}, {captures_text(one.count_a)}"
    if one.verdict is Verdict.ONLY_IN_B:
        return f"only in {names[1]}, {captures_text(one.count_b)}"
    if one.verdict is Verdict.COUNTS_DIFFER:
        return f"the same as far as both go; {counts}"
    if one.first is None:
        return f"the same, {captures_text(one.count_a)}"
    also = f"; {counts}" if one.count_a != one.count_b else ""
    return f"parts at capture {one.first.index:,}: {one.first.sentence}{also}"


def _summary(found: Sequence[ProbeComparison]) -> str:
    first = first_in_time(found)
    if first is not None and first.first is not None:
        label = first.pair.anchor.identity_label()
        return f"They part first at capture {first.first.index:,} of {label}."
    return "All the same." if _is_same(found) else "They do not part where both have captures."


def _as_json(
    a: RecordingReader, b: RecordingReader, found: Sequence[ProbeComparison]
) -> dict[str, object]:
    return {
        "a": a.path,
        "b": b.path,
        "run_a": a.info.run,
        "run_b": b.info.run,
        "same": _is_same(found),
        "probes": [_probe_json(one) for one in found],
    }


def _probe_json(one: ProbeComparison) -> dict[str, object]:
    first = one.first
    return {
        "a": _place_json(one.pair.a),
        "b": _place_json(one.pair.b),
        "verdict": one.verdict.value,
        "count_a": one.count_a,
        "count_b": one.count_b,
        "first": None
        if first is None
        else {
            "index": first.index,
            "seq": [first.seq_a, first.seq_b],
            "t_ns": [first.t_ns_a, first.t_ns_b],
            "values": [first.a.text, first.b.text],
            "difference": first.sentence,
        },
    }


def _place_json(probe: RecordedProbe | None) -> dict[str, object] | None:
    return None if probe is None else {"probe": probe.id, **asdict(probe.anchor)}
