"""Exports to Parquet, HDF5 and MCAP with JSON hold what the recording holds, in bounded memory."""

import json
import resource
import sys
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow.parquet as parquet
import pytest
from mcap.reader import make_reader

from pyprobe.errors import RecordingError
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.messages import Captures
from pyprobe.session import export_parquet
from pyprobe.session.export import FORMATS, export
from pyprobe.session.export_mcap import topics
from pyprobe.session.recording_reader import RecordingReader
from tests.ipc.wire import packed, rows_of
from tests.session.recordings import Rows, make_recording, probe_number

X, Y, BUF = probe_number("x", 1), probe_number("y", 2), probe_number("buf[0]", 4)
NAN, INF = float("nan"), float("inf")
ROWS: Rows = [
    (X, 1.5),
    (Y, 2),
    (X, NAN),
    (Y, 2**62 + 1),
    (X, True),
    (X, 1 - 2j),
    (X, complex(NAN, INF)),
    (BUF, np.array([1.0, NAN, INF])),
    (BUF, np.arange(6, dtype="i2").reshape(2, 3)),
    (BUF, np.array([1 + 2j])),
    (BUF, np.array(["a", "b"])),
    (BUF, np.empty((0, 3))),
    (X, "text with é and \0"),
    (Y, -INF),
]
# Of one form each, as HDF5 keeps one dtype for the arrays of a probe.
EVEN: Rows = [
    *[(X, i * 0.5) for i in range(200)],
    *[(Y, i) for i in range(100)],
    (Y, "text with é and \0"),
    *[(BUF, np.full((2, 3), i, "f4")) for i in range(50)],
]


def exported(folder: Path, rows: Rows, name: str, **options: Any) -> Path:
    path = make_recording(folder, rows, **options)
    output = folder / f"out.{name}"
    assert export(RecordingReader(str(path)), name, str(output)) == len(rows)
    assert [one.name for one in folder.iterdir() if one.suffix == ".part"] == []
    return output


def sent(probe: int, *values: object) -> Captures:
    """Return values as the target itself sends them."""
    log: list[object] = []
    for value in values:
        log += [probe, 1000, 7, packed(value)]
    return Captures(list(build_columns(rows_of(log), 0)))


def test_parquet_holds_every_capture_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_parquet, "_ROW_GROUP_ROWS", 5)
    path = exported(tmp_path, ROWS, "parquet", rows_a_chunk=3)
    table = parquet.read_table(path).to_pylist()
    assert parquet.ParquetFile(path).metadata.num_row_groups > 1
    assert [row["seq"] for row in table] == list(range(len(ROWS)))
    assert [row["probe"] for row in table] == [number for number, _value in ROWS]
    assert table[0]["symbol"] == "x"
    assert (table[0]["line"], table[0]["col"]) == (1, 0)
    assert table[0]["file"] == str(tmp_path / "script.py")
    assert table[0]["value"] == 1.5
    assert np.isnan(table[2]["value"])
    assert table[3]["whole"] == 2**62 + 1
    assert (table[4]["kind"], table[4]["whole"], table[4]["dtype"]) == ("bool", 1, "bool")
    assert (table[5]["value"], table[5]["imag"]) == (1.0, -2.0)
    np.testing.assert_equal(table[7]["array"], [1.0, NAN, INF])
    assert table[8]["array"] == [0, 1, 2, 3, 4, 5]
    assert (table[8]["shape"], table[8]["dtype"]) == ([2, 3], "int16")
    assert (table[9]["array"], table[9]["array_imag"]) == ([1.0], [2.0])
    assert (table[10]["array"], table[10]["text"]) == (None, '["a", "b"]')
    assert (table[11]["array"], table[11]["shape"]) == ([], [0, 3])
    assert table[12]["text"] == "text with é and \0"
    assert table[12]["value"] is None
    assert table[13]["value"] == -INF


def test_hdf5_holds_every_capture_by_probe(tmp_path: Path) -> None:
    with h5py.File(exported(tmp_path, EVEN, "hdf5", rows_a_chunk=33)) as file:
        x = file[f"p{X}"]
        assert (x.attrs["symbol"], x.attrs["line"]) == ("x", 1)
        assert x["numbers/value"][:].tolist() == [i * 0.5 for i in range(200)]
        assert x["numbers/seq"][:].tolist() == list(range(200))
        y = file[f"p{Y}"]
        assert y["numbers/value"].dtype == np.int64
        assert y["numbers/value"][:].tolist() == list(range(100))
        assert y["texts/text"].asstr()[:].tolist() == ["text with é and \\x00"]
        arrays = file[f"p{BUF}/arrays/value"]
        assert (arrays.shape, arrays.dtype) == ((50, 2, 3), np.float32)
        assert arrays[49].tolist() == np.full((2, 3), 49.0).tolist()
        assert file.attrs["script"] == "script.py"


@pytest.mark.parametrize(
    "arrays",
    [
        [np.arange(3.0), np.empty(0), np.arange(4.0).reshape(2, 2)],
        [np.empty((0, 3)), np.empty((0, 3))],
        [np.array(["a", "bc"]), np.array(["", "d"])],
        [np.array(5), np.array(6)],
        [np.array(["2020-01-01", "NaT"], "M8[s]")] * 2,
        [np.array([(1, 2.5)], [("a", "i4"), ("b", "f8")])] * 2,
        [np.array([True, False])],
        [np.zeros((300, 400), "c16")],
    ],
    ids=lambda arrays: f"{arrays[0].dtype}-{len({one.shape for one in arrays})}",
)
def test_hdf5_keeps_arrays_of_any_form(
    tmp_path: Path, arrays: list["np.ndarray[Any, Any]"]
) -> None:
    path = make_recording(tmp_path, [], others=[sent(BUF, *arrays)])
    output = tmp_path / "out.h5"
    assert export(RecordingReader(str(path)), "hdf5", str(output)) == len(arrays)
    with h5py.File(output) as file:
        group = file[f"p{BUF}/arrays"]
        if "flat" in group:
            sizes = group["shape"][:]
            flat = np.concatenate([array.reshape(-1) for array in arrays])
            assert group["flat"][:].tolist() == flat.tolist()
            assert [[n for n in size if n >= 0] for size in sizes.tolist()] == [
                list(array.shape) for array in arrays
            ]
            return
        found = group["value"]
        if "dtype" in found.attrs:
            found = found[:].view(found.attrs["dtype"])
        elif h5py.check_string_dtype(found.dtype):
            found = found.asstr()[:]
        else:
            found = found[:]
        for left, right in zip(found, arrays, strict=True):
            np.testing.assert_array_equal(left, right)


def test_arrays_hdf5_cannot_hold_are_json(tmp_path: Path) -> None:
    odd = np.array([(1, "a")], [("a", "i4"), ("b", "U3")])
    dated = np.array([(1, "2020-01-01")], [("a", "i4"), ("b", "M8[s]")])
    path = make_recording(tmp_path, [(X, 0.5)], others=[sent(BUF, odd, odd), sent(Y, dated)])
    output = tmp_path / "out.h5"
    assert export(RecordingReader(str(path)), "hdf5", str(output)) == 4
    with h5py.File(output) as file:
        texts = file[f"p{BUF}/arrays/text"]
        assert texts.asstr()[:].tolist() == ['[[1, "a"]]'] * 2
        assert texts.attrs["dtype"] == "[('a', '<i4'), ('b', '<U3')]"
        assert json.loads(file[f"p{Y}/arrays/text"].asstr()[0]) == [[1, "2020-01-01 00:00:00"]]
        assert file[f"p{X}/numbers/value"][:].tolist() == [0.5]


MIXED = [
    np.array([1.5, 2.5]),
    np.array(["a", "bc"]),
    np.array([7, 8], np.int16),
    np.array([b"\xff"]),
    np.array(["2020-01-01"], "M8[s]"),
    np.array([3], "m8[ns]"),
    np.array([(1, 2.5)], [("a", "i4"), ("b", "f8")]),
    np.array([(4,)], [("c", "u1")]),
    np.array([True, False]),
]


def test_arrays_that_fit_into_no_one_dtype_are_exported_by_what_they_are(tmp_path: Path) -> None:
    path = make_recording(tmp_path, [(X, 0.5)], others=[sent(BUF, *MIXED)])
    for name in ("npz", "hdf5"):
        assert export(RecordingReader(str(path)), name, str(tmp_path / f"out.{name}")) == 10
    with np.load(tmp_path / "out.npz") as file:
        numbers = file[f"p{BUF}_array_number"]
        assert numbers.tolist() == [[1.5, 2.5], [7.0, 8.0], [1.0, 0.0]]
        seq = file[f"p{BUF}_array_number_seq"]
        assert (seq - seq[0]).tolist() == [0, 2, 8]
        assert file[f"p{BUF}_array_text"].tolist() == [["a", "bc"]]
        assert file[f"p{BUF}_array_bytes"].tolist() == [[b"\xff"]]
        assert file[f"p{BUF}_array_date"].dtype == "M8[s]"
        assert file[f"p{BUF}_array_duration"].tolist() == [[3]]
        assert file[f"p{BUF}_array_record"].tolist() == [[(1, 2.5)]]
        assert file[f"p{BUF}_array_record2"].tolist() == [[(4,)]]
        assert file[f"p{X}_value"].tolist() == [0.5]
    with h5py.File(tmp_path / "out.hdf5") as file:
        groups = file[f"p{BUF}"]
        assert set(groups) == {
            f"arrays_{name}"
            for name in ("number", "text", "bytes", "date", "duration", "record", "record2")
        }
        assert groups["arrays_number/value"][:].tolist() == numbers.tolist()
        assert groups["arrays_text/value"].asstr()[:].tolist() == [["a", "bc"]]
        assert groups["arrays_record2/seq"][0] - groups["arrays_number/seq"][0] == 7


def test_large_ints_are_not_rounded_to_floats_by_those_beside_them(tmp_path: Path) -> None:
    large = (1 << 60) + 1
    arrays = [np.array([large]), np.array([0.5]), np.array([(1 << 63) + 1], np.uint64)]
    rows = [(X, large), (X, 0.5), (X, large + 2), (Y, 3), (Y, 0.5)]
    path = make_recording(tmp_path, rows, others=[sent(BUF, *arrays)])
    for name in ("npz", "hdf5"):
        assert export(RecordingReader(str(path)), name, str(tmp_path / f"out.{name}")) == 8
    with np.load(tmp_path / "out.npz") as file:
        assert file[f"p{X}_int_value"].tolist() == [large, large + 2]
        assert file[f"p{X}_float_value"].tolist() == [0.5]
        assert file[f"p{Y}_value"].tolist() == [3.0, 0.5]
        assert file[f"p{BUF}_array_int"].tolist() == [[large]]
        assert file[f"p{BUF}_array_uint"].tolist() == [[(1 << 63) + 1]]
        assert file[f"p{BUF}_array_float"].tolist() == [[0.5]]
    with h5py.File(tmp_path / "out.hdf5") as file:
        assert file[f"p{X}/numbers_int/value"][:].tolist() == [large, large + 2]
        assert file[f"p{X}/numbers_float/seq"][:].tolist() == [1]
        assert file[f"p{BUF}/arrays_uint/value"][0].tolist() == [(1 << 63) + 1]


def messages_of(path: Path) -> list[tuple[str, dict[str, Any], dict[str, Any], int, int]]:
    """Return topic, schema, message, time and sequence number of all messages."""
    found = []
    with path.open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        for schema, channel, message in reader.iter_messages():
            assert schema is not None
            assert (schema.encoding, channel.message_encoding) == ("jsonschema", "json")
            assert schema.name.startswith("pyprobe.")
            plain = json.loads(message.data, parse_constant=lambda text: pytest.fail(text))
            found.append(
                (channel.topic, json.loads(schema.data), plain, message.log_time, message.sequence)
            )
    return found


def fits(value: object, schema: dict[str, Any]) -> bool:
    """Whether a value is as a schema of the few kinds that Foxglove knows says."""
    match schema["type"]:
        case "object":
            known = schema["properties"]
            return isinstance(value, dict) and all(
                key in known and fits(item, known[key]) for key, item in value.items()
            )
        case "array":
            items = schema["items"]
            assert items["type"] in ("number", "string", "boolean")
            return isinstance(value, list) and all(
                item is None or fits(item, items) for item in value
            )
        case "number":
            return type(value) in (int, float)
        case "boolean":
            return type(value) is bool
        case "string":
            return isinstance(value, str)
    return False


def test_mcap_json_is_what_its_schemas_say(tmp_path: Path) -> None:
    found = messages_of(exported(tmp_path, ROWS, "mcap-json", rows_a_chunk=4))
    assert [sequence for *_rest, sequence in found] == list(range(len(ROWS)))
    for _topic, schema, message, _time_ns, _sequence in found:
        assert fits(message, schema), (message, schema)
    for topic in {topic for topic, *_rest in found}:
        schemas = {json.dumps(schema) for name, schema, *_rest in found if name == topic}
        assert len(schemas) == 1, topic
    assert [(topic, message) for topic, _schema, message, *_rest in found][:8] == [
        ("/script.py/1/x", {"value": 1.5}),
        ("/script.py/2/y", {"value": 2}),
        ("/script.py/1/x", {"text": "NaN"}),
        ("/script.py/2/y", {"value": 2**62 + 1}),
        ("/script.py/1/x/bool", {"value": True}),
        ("/script.py/1/x/complex", {"re": 1.0, "im": -2.0}),
        ("/script.py/1/x/complex", {"text": "NaN Infinity"}),
        (
            "/script.py/4/buf_0/values",
            {"values": [1.0, None, None], "shape": [3], "dtype": "float64"},
        ),
    ]


def test_mcap_json_has_dates_and_finds_its_topics_by_the_index(tmp_path: Path) -> None:
    path = make_recording(tmp_path, EVEN)
    reader = RecordingReader(str(path))
    output = tmp_path / "out.mcap"
    export(reader, "mcap-json", str(output))
    program = reader.info.program
    shift_ns = int(program["time_ns"]) - int(program["perf_counter_ns"])
    (first, second, *_rest) = [time_ns for _t, _s, _m, time_ns, _n in messages_of(output)]
    assert (first, second - first) == (10**9 + shift_ns, 1000)
    with output.open("rb") as file:
        summary = make_reader(file).get_summary()
        assert summary is not None
        assert summary.statistics is not None
        assert summary.statistics.message_count == len(EVEN)
        named = {channel.topic: channel.metadata for channel in summary.channels.values()}
    assert named["/script.py/1/x"]["symbol"] == "x"
    with pytest.raises(RecordingError, match="not a recording of PyProbe"):
        RecordingReader(str(output)).survey()


def test_topics_are_told_apart(tmp_path: Path) -> None:
    source = "x = 1\nx = x + x\n"
    path = make_recording(tmp_path, [], source=source, script="deep/er/a b.py")
    found = topics(RecordingReader(str(path)).survey())
    assert sorted(found.values()) == [
        "/a_b.py/1/x",
        "/a_b.py/2/x@0",
        "/a_b.py/2/x@4",
        "/a_b.py/2/x@8",
    ]


@pytest.mark.parametrize("name", ["parquet", "hdf5", "mcap-json"])
def test_values_with_parts_are_exported_as_text(tmp_path: Path, name: str) -> None:
    path = make_recording(tmp_path, [], others=[sent(X, {"a": 1, "b": "c"})])
    output = tmp_path / f"out.{name}"
    assert export(RecordingReader(str(path)), name, str(output)) == 1
    if name == "parquet":
        (row,) = parquet.read_table(output).to_pylist()
        assert row["text"] == "{'a': 1, 'b': 'c'}"
    elif name == "hdf5":
        with h5py.File(output) as file:
            assert file[f"p{X}/texts/text"].asstr()[0] == "{'a': 1, 'b': 'c'}"
    else:
        ((_topic, _schema, message, *_rest),) = messages_of(output)
        assert message == {"text": "{'a': 1, 'b': 'c'}"}


@pytest.mark.parametrize(
    ("name", "package", "extra"), [("parquet", "pyarrow", "parquet"), ("hdf5", "h5py", "hdf5")]
)
def test_a_missing_package_is_one_line_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, package: str, extra: str
) -> None:
    path = make_recording(tmp_path, EVEN)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(RecordingError) as raised:
        export(RecordingReader(str(path)), name, None)
    assert str(raised.value) == (
        f"the format {extra} needs the package {package}: pip install 'pyprobe-scope[{extra}]'"
    )
    assert sorted(one.name for one in tmp_path.iterdir()) == ["run.mcap", "script.py"]


@pytest.mark.parametrize(
    ("name", "ending"), [("parquet", "parquet"), ("hdf5", "h5"), ("mcap-json", "json.mcap")]
)
def test_without_a_name_it_lies_beside_the_recording(
    tmp_path: Path, name: str, ending: str
) -> None:
    path = make_recording(tmp_path, EVEN)
    export(RecordingReader(str(path)), name, None)
    assert (tmp_path / f"run.{ending}").stat().st_size > 1000
    with pytest.raises(RecordingError, match="is the recording itself"):
        export(RecordingReader(str(path)), name, str(path))
    with pytest.raises(RecordingError, match="cannot be written: Is a directory"):
        export(RecordingReader(str(path)), name, str(tmp_path))
    with pytest.raises(RecordingError, match="cannot be written: "):
        export(RecordingReader(str(path)), name, str(tmp_path / "gone" / "out"))


@pytest.mark.parametrize("name", ["parquet", "hdf5", "mcap-json"])
def test_an_empty_recording_exports_to_an_empty_file(tmp_path: Path, name: str) -> None:
    assert exported(tmp_path, [], name).stat().st_size > 0


ODD_TEXTS = [
    np.array(["\ud800", "a"]),  # as the names of files that are no UTF-8 have them
    np.array([0x110000, 65], "<u4").view("U1"),  # which no Python text can hold
    np.array(0x110000, "<u4").view("U1"),
    np.array([("\udcff", 1)], [("t", "U2"), ("n", "i4")])["t"],
]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("array", ODD_TEXTS, ids=["half", "beyond", "0-d", "field"])
def test_text_that_is_no_unicode_is_exported(
    tmp_path: Path, name: str, array: "np.ndarray[Any, Any]"
) -> None:
    path = make_recording(tmp_path, [], others=[sent(X, array, {"part": array})])
    output = tmp_path / "out"
    assert export(RecordingReader(str(path)), name, str(output)) == 2
    if name == "jsonl":
        first, _tree = [json.loads(line) for line in output.read_text().splitlines()]
        assert first["value"] in (["\ud800", "a"], ["\ufffd", "A"], "\ufffd", ["\udcff"])


@pytest.mark.parametrize("name", FORMATS)
def test_hundreds_of_probes_need_no_more_files_than_one(tmp_path: Path, name: str) -> None:
    """A process may usually have 1024 files open; here some forty more than it has."""
    rows = [(1 + number % 100, number / 7) for number in range(1000)]
    recording, output = make_recording(tmp_path, rows), tmp_path / "out"
    export(RecordingReader(str(recording)), name, str(output))  # loads what the format needs
    most, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = max(int(one.name) for one in Path("/proc/self/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 40, hard))
    try:
        assert export(RecordingReader(str(recording)), name, str(output)) == len(rows)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
