"""Two recordings are compared probe by probe: values, tolerances, moved lines, missing ones."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.errors import PyProbeError
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.messages import Captures
from pyprobe.session import comparison
from pyprobe.session.comparison import (
    ProbeComparison,
    Verdict,
    compare_recordings,
    first_in_time,
)
from pyprobe.session.comparison_pairs import pair_probes
from pyprobe.session.comparison_series import difference_columns
from pyprobe.session.comparison_values import EXACT, Tolerance, equal_elements
from pyprobe.session.recording_reader import RecordingReader
from tests.ipc.wire import packed, rows_of
from tests.session.recordings import SCRIPT, Rows, make_recording, probe_number

X, Y = probe_number("x", 1), probe_number("y", 2)


def readers(
    folder: Path, a: Rows, b: Rows, *, source_b: str = SCRIPT, script_b: str = "script.py"
) -> tuple[RecordingReader, RecordingReader]:
    one = make_recording(folder / "a", a, name="a.mcap")
    two = make_recording(folder / "b", b, name="b.mcap", source=source_b, script=script_b)
    return RecordingReader(str(one)), RecordingReader(str(two))


def compared(
    folder: Path, a: Rows, b: Rows, tolerance: Tolerance = EXACT, **options: Any
) -> dict[int, ProbeComparison]:
    found = compare_recordings(*readers(folder, a, b, **options), tolerance=tolerance)
    return {one.pair.a.id: one for one in found if one.pair.a is not None}


def of_x(values: Sequence[object]) -> Rows:
    return [(X, value) for value in values]


def test_equal_recordings_are_the_same_whatever_their_chunks(tmp_path: Path) -> None:
    rows = [(X + i % 2, float(i)) for i in range(1000)]
    one = make_recording(tmp_path / "a", rows, rows_a_chunk=7)
    two = make_recording(tmp_path / "b", rows, rows_a_chunk=450)
    found = compare_recordings(RecordingReader(str(one)), RecordingReader(str(two)))
    assert {item.verdict for item in found} == {Verdict.SAME}
    assert [item.count_a for item in found][:2] == [500, 500]


def test_the_first_capture_at_which_they_part_is_named(tmp_path: Path) -> None:
    a = [float(i) for i in range(300)]
    b = [value + (0.5 if i >= 123 else 0) for i, value in enumerate(a)]
    one = compared(tmp_path, of_x(a), of_x(b))[X]
    assert one.verdict is Verdict.PARTS
    assert one.first is not None
    assert (one.first.index, one.first.seq_a, one.first.seq_b) == (123, 123, 123)
    assert one.first.sentence == "123.0 against 123.5"
    assert (one.count_a, one.count_b) == (300, 300)


def test_the_earliest_of_several_is_found_in_order_of_execution(tmp_path: Path) -> None:
    a = [(X, 1), (Y, 1), (X, 2), (Y, 2)]
    b = [(X, 1), (Y, 7), (X, 3), (Y, 2)]
    found = compare_recordings(*readers(tmp_path, a, b))
    first = first_in_time(found)
    assert first is not None
    assert first.pair.anchor.symbol == "y"


@pytest.mark.parametrize(
    ("a", "b", "sentence"),
    [
        (1, 1.0, "int 1 against float 1.0"),
        (True, 1, "bool True against int 1"),
        (0.1, 0.1 + 2**-56, "0.1 against 0.10000000000000002"),
        (float("nan"), float("inf"), "nan against inf"),
        (1 + 2j, 1 - 2j, "(1+2j) against (1-2j)"),
        ("text", 3, "str text against int 3"),
        ("same start of a long text, and A", "same start of a long text, and B", None),
        (np.zeros(3), np.zeros(4), "float64 3 against float64 4"),
        (np.zeros(3), np.zeros(3, "f4"), "float64 3 against float32 3"),
        (np.arange(6.0).reshape(2, 3), np.eye(2, 3), None),
        (np.array(["a", "b"]), np.array(["a", "c"]), "element [1] is b against c"),
        (np.array(5), np.array(6), "5 against 6"),
    ],
    ids=repr,
)
def test_what_differs_is_said(tmp_path: Path, a: object, b: object, sentence: str | None) -> None:
    one = compared(tmp_path, of_x([a]), of_x([b]))[X]
    assert one.verdict is Verdict.PARTS
    assert one.first is not None
    if sentence is not None:
        assert one.first.sentence == sentence


def test_texts_and_arrays_are_shown_where_they_part(tmp_path: Path) -> None:
    a, b = "x" * 100 + "A" + "y" * 100, "x" * 100 + "B"
    one = compared(tmp_path / "1", of_x([a]), of_x([b]))[X]
    assert one.first is not None
    assert one.first.sentence == f"…'{'x' * 12}A{'y' * 27}'… against …'{'x' * 12}B'"
    grid, other = np.zeros((3, 4)), np.zeros((3, 4))
    other[1, 2] = other[2, 0] = 1
    one = compared(tmp_path / "2", of_x([grid]), of_x([other]))[X]
    assert one.first is not None
    assert one.first.sentence == "element [1, 2] is 0.0 against 1.0, and 1 more differ"


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        complex(float("nan"), 1),
        2**62,
        False,
        "text",
        np.array([1.0, np.nan]),
        np.array([1 + 1j, complex(np.nan, np.inf)]),
        np.array(["2020-01-01", "NaT"], "M8[s]"),
        np.array([(1, 2.5, [1, np.nan])], [("a", "i4"), ("b", "f8"), ("c", "f4", (2,))]),
        np.array([], "f8"),
        np.array([b"\\x00\\x01"], "V2"),
    ],
    ids=repr,
)
def test_the_same_value_is_the_same_also_where_nothing_equals_itself(
    tmp_path: Path, value: object
) -> None:
    for tolerance in (EXACT, Tolerance(0.1, 0.1)):
        folder = tmp_path / str(tolerance.is_exact)
        assert compared(folder, of_x([value]), of_x([value]), tolerance)[X].verdict is Verdict.SAME


def test_one_goes_on_where_the_other_has_ended(tmp_path: Path) -> None:
    rows = of_x([float(i) for i in range(100)])
    one = compared(tmp_path, rows, rows[:60])[X]
    assert one.verdict is Verdict.COUNTS_DIFFER
    assert (one.count_a, one.count_b) == (100, 60)
    assert one.first is None


def test_captures_in_another_order_among_the_probes_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    xs, ys = of_x([float(i) for i in range(500)]), [(Y, float(i)) for i in range(500)]
    for limit in (1 << 28, 1000):  # the second goes probe by probe
        monkeypatch.setattr(comparison, "_MAX_PENDING_BYTES", limit)
        found = compared(tmp_path / str(limit), [*xs, *ys], [*ys, *xs])
        assert (found[X].verdict, found[X].count_b) == (Verdict.SAME, 500)
        assert (found[Y].verdict, found[Y].count_a) == (Verdict.SAME, 500)


def test_a_probe_is_followed_where_the_program_was_edited(tmp_path: Path) -> None:
    edited = "import os\n\n" + SCRIPT.replace("x = 1", "x = 1  # more")
    moved_x, moved_y = probe_number("x", 3, edited), probe_number("y", 4, edited)
    found = compared(
        tmp_path, [(X, 1), (Y, 2)], [(moved_x, 1), (moved_y, 3)], source_b=edited, script_b="new.py"
    )
    assert found[X].verdict is Verdict.SAME
    assert found[Y].verdict is Verdict.PARTS
    moved = found[X].pair
    assert moved.has_moved
    assert moved.b is not None
    assert moved.b.anchor.line == 3


def test_what_only_one_has_is_named(tmp_path: Path) -> None:
    found = compare_recordings(*readers(tmp_path, [(X, 1)], [(1, 2)], source_b="q = 2\n"))
    assert {one.verdict for one in found} == {Verdict.ONLY_IN_A, Verdict.ONLY_IN_B}
    only = [one for one in found if one.count_a]
    assert [(one.pair.anchor.symbol, one.count_a, one.count_b) for one in only] == [("x", 1, 0)]


def test_what_does_not_parse_stays_where_it_was(tmp_path: Path) -> None:
    a, b = readers(tmp_path, [(X, 1)], [(X, 1)])
    info_a, info_b = a.survey(), b.survey()
    info_b.texts = dict.fromkeys(info_b.texts, b"x = = 1")
    assert all(pair.b is not None for pair in pair_probes(info_a, info_b))


def close(a: object, b: object, absolute: float = 0.0, relative: float = 0.0) -> bool:
    tolerance = Tolerance(absolute, relative)
    return bool(equal_elements(np.array([a]), np.array([b]), tolerance)[0])


def test_tolerances() -> None:
    assert close(1.0, 1.25, absolute=0.25)
    assert not close(1.0, 1.26, absolute=0.25)
    assert close(100.0, 101.0, relative=0.01)
    assert not close(100.0, 102.0, relative=0.01)
    assert close(1 + 1j, 1 + 1.1j, absolute=0.11)
    assert close(2**62, 2**62 + 3, absolute=3)
    assert not close(2**63 - 1, -(2**63), absolute=3)
    assert close(np.uint8(0), np.uint8(2), absolute=2)
    assert not close(np.uint8(0), np.uint8(255), absolute=2)
    assert not close(float("inf"), -float("inf"), absolute=1)
    assert not close(float("nan"), 0.0, absolute=1)
    assert not close(float("inf"), 5.0, relative=0.5)
    for wrong in (-1.0, float("nan"), float("inf")):
        with pytest.raises(PyProbeError, match="a tolerance is a number from 0"):
            Tolerance(wrong)


@given(
    a=st.floats(allow_nan=False, allow_infinity=False),
    b=st.floats(allow_nan=False, allow_infinity=False),
    absolute=st.floats(0, 1e300),
)
def test_tolerance_means_what_it_says(a: float, b: float, absolute: float) -> None:
    assert close(a, b, absolute=absolute) == (abs(a - b) <= absolute)


def test_the_difference_is_a_trace_of_its_own(tmp_path: Path) -> None:
    a = [(X, 3.0), (Y, 1), (X, 5), (X, "text"), (X, np.array([9, 1], "u1")), (X, 2j), (X, 1)]
    b = [(X, 1.0), (X, 2), (X, "text"), (X, np.array([1, 9], "u1")), (X, 1), (X, np.zeros(2))]
    one, two = readers(tmp_path, a, b)
    pair = next(
        pair for pair in pair_probes(one.survey(), two.survey()) if pair.anchor.symbol == "x"
    )
    columns = list(difference_columns(one, two, pair))
    values = [value for column in columns for value in column.values.tolist() if not column.arrays]
    assert values == [2.0, 3.0, 2j - 1]
    (array,) = [record.array for column in columns for record in column.arrays]
    assert array.tolist() == [8.0, -8.0]
    assert [int(seq) for column in columns for seq in column.seq] == [0, 2, 4, 5]


def trees(folder: Path, a: object, b: object, tolerance: Tolerance = EXACT) -> ProbeComparison:
    """Compare two values with parts, as the target sends them."""
    found = []
    for name, value in (("a", a), ("b", b)):
        log: list[object] = [X, 1000, 7, packed(value)]
        captured = Captures(list(build_columns(rows_of(log), 0)))
        path = make_recording(folder / name, [], others=[captured])
        found.append(RecordingReader(str(path)))
    return next(one for one in compare_recordings(*found, tolerance=tolerance) if one.count_a)


def test_values_with_parts_are_compared_part_by_part(tmp_path: Path) -> None:
    value: dict[str, object] = {
        "gains": [1.0, 2.5],
        "name": "pid",
        "limits": {"low": float("nan"), "on": True},
    }
    assert trees(tmp_path / "0", value, dict(value)).verdict is Verdict.SAME
    changes: list[tuple[dict[str, object], str]] = [
        ({"name": "p"}, "['name'] is 'pid' against 'p'"),
        ({"limits": {"low": 3.5, "on": True}}, "['limits']['low'] is nan against 3.5"),
        ({"gains": [1.0, 2.0]}, "['gains'] is an array of 2 against one of 2, with other val"),
        ({"more": 1}, "it is of 3 parts against 4"),
        ({"name": 1.5}, "['name'] is str against float"),
    ]
    for number, (changed, sentence) in enumerate(changes, 1):
        one = trees(tmp_path / str(number), value, value | changed)
        assert one.first is not None
        assert one.first.sentence.startswith(sentence)
    near = value | {"limits": {"low": float("nan"), "on": True}, "gains": [1.0, 2.6]}
    assert trees(tmp_path / "9", value, near, Tolerance(0.2)).verdict is Verdict.SAME
