"""numpy values: every dtype, layout and subclass arrives equal, large ones reduced and said so."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from pyprobe.core.values import pack
from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.packed import NO_ROOM, PackedArray, PackedText
from pyprobe.ipc.ring import SMALLEST_RING_BYTES, RingReader, RingWriter
from tests.core.hostile import Ran
from tests.ipc.wire import array_of, packed, scalar_of, send, text_of

MIB = 1 << 20


@pytest.fixture
def ring() -> Iterator[tuple[RingReader, RingWriter]]:
    reader = RingReader(4 * SMALLEST_RING_BYTES)
    writer = RingWriter(reader.path, reader.size)
    yield reader, writer
    writer.close()
    reader.close()


def same(found: Any, expected: Any) -> bool:
    """Equal in shape and in every byte that means something, whatever the byte order."""
    if found.shape != expected.shape:
        return False
    if expected.dtype.names is not None:
        return all(same(found[name], expected[name]) for name in expected.dtype.names)
    native = expected.dtype.newbyteorder("<")
    return bool(found.dtype == native and found.tobytes() == expected.astype(native).tobytes())


DTYPES = st.one_of(
    st_numpy.boolean_dtypes(),
    st_numpy.integer_dtypes(endianness="?"),
    st_numpy.unsigned_integer_dtypes(endianness="?"),
    st_numpy.floating_dtypes(endianness="?"),
    st_numpy.complex_number_dtypes(endianness="?"),
    st_numpy.datetime64_dtypes(endianness="?"),
    st_numpy.timedelta64_dtypes(endianness="?"),
    st_numpy.byte_string_dtypes(min_len=1),
    st_numpy.unicode_string_dtypes(min_len=1, endianness="?"),
)
STRUCTURED = st_numpy.array_dtypes(subtype_strategy=DTYPES, min_size=1, max_size=4)
SHAPES = st_numpy.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)


@settings(max_examples=300, deadline=None)
@given(st.one_of(DTYPES, STRUCTURED), SHAPES, st.data())
def test_every_dtype_and_shape_arrives_equal(dtype: Any, shape: Any, data: Any) -> None:
    array = data.draw(st_numpy.arrays(dtype, shape))
    value = array_of(array)
    assert same(value.array, array)
    assert value.full_shape == array.shape
    assert value.type == "ndarray"
    assert value.reduced == ""


BASE = np.arange(24.0).reshape(2, 3, 4)
READ_ONLY = np.arange(5.0)
READ_ONLY.flags.writeable = False


@pytest.mark.parametrize(
    "array",
    [
        BASE.T,
        BASE[:, ::2, 1:],
        BASE[::-1],
        np.asfortranarray(BASE),
        READ_ONLY,
        np.empty((0, 5)),
        np.array(5.0),
        np.array([np.nan, np.inf, -np.inf]),
        np.broadcast_to(np.arange(3.0), (4, 3)),
        np.arange(3, dtype=">i4"),
        np.lib.stride_tricks.sliding_window_view(np.arange(5), 2),
        np.array([1, 2], "f2"),
        np.array([1, 2], np.longdouble),
        np.array([1 + 2j], np.clongdouble),
        np.array(["NaT", "2020-01-01"], "M8[ns]"),
        np.array(["a", "bc"]),
        np.array([b"a", b"bc"]),
        np.zeros(3, {"names": ["a", "b"], "formats": ["u1", "f8"], "offsets": [0, 8]}),
        np.zeros(3, np.dtype([("a", "u1"), ("b", "f8")], align=True)),
        np.zeros(3, {"names": ["a", "b"], "formats": ["u4", "u2"], "offsets": [0, 2]}),
        np.zeros(2, [("position", "<f4", (3,)), ("inner", [("x", ">i2")])]),
        np.zeros(2, [(("a title", "name"), "f8")]),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_every_layout_arrives_equal(array: Any) -> None:
    assert same(array_of(array).array, array)


class Hooked(np.ndarray):
    """A subclass that raises from every hook once it is armed."""

    armed = False

    def __array_finalize__(self, obj: object) -> None:
        if Hooked.armed:
            raise Ran

    def __array_wrap__(self, *arguments: Any, **options: Any) -> Any:
        raise Ran

    def __array_function__(self, *arguments: Any, **options: Any) -> Any:
        raise Ran

    def __array_ufunc__(self, *arguments: Any, **options: Any) -> Any:
        raise Ran

    @property  # type: ignore[misc]
    def shape(self) -> Any:
        raise Ran


def test_subclasses_are_read_as_arrays_without_their_hooks(tmp_path: Any) -> None:
    hooked = np.arange(4.0).view(Hooked)
    Hooked.armed = True
    try:
        value = array_of(hooked)
    finally:
        Hooked.armed = False
    assert value.type == "Hooked"
    assert value.array.tolist() == [0, 1, 2, 3]
    mapped = np.memmap(tmp_path / "file", "f4", "w+", shape=(3,))
    mapped[:] = [1, 2, 3]
    assert array_of(mapped).array.tolist() == [1, 2, 3]
    assert array_of(np.ma.masked_array([1.0, 2.0], [False, True])).array.tolist() == [1.0, 2.0]
    assert array_of(np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]).view(np.recarray)).array[
        "b"
    ].tolist() == [2.0]


@pytest.mark.parametrize(
    ("value", "expected", "dtype"),
    [
        (np.float64(1.5), 1.5, "float64"),
        (np.float32(1.5), 1.5, "float32"),
        (np.float16(1.5), 1.5, "float16"),
        (np.longdouble(1.5), 1.5, np.dtype(np.longdouble).name),
        (np.int8(-5), -5, "int8"),
        (np.uint64(5), 5, "uint64"),
        (np.longlong(5), 5, "int64"),
        (np.bool_(True), True, "bool"),
        (np.complex64(1 + 2j), 1 + 2j, "complex64"),
        (np.clongdouble(1 + 2j), 1 + 2j, np.dtype(np.clongdouble).name),
    ],
    ids=lambda value: str(type(value)),
)
def test_scalars_of_every_class(value: Any, expected: object, dtype: str) -> None:
    found, name = scalar_of(value)
    assert (found, type(found), name) == (expected, type(expected), dtype)


def test_scalars_that_are_no_plain_numbers_are_text() -> None:
    assert text_of(np.uint64(2**64 - 1))["text"] == str(2**64 - 1)
    assert text_of(np.datetime64("2020-01-01T10:00"))["text"] == "2020-01-01T10:00"
    assert text_of(np.timedelta64(5, "s"))["text"] == "5 seconds"
    assert text_of(np.str_("abc")) == {"kind": "str", "type": "str_", "text": "abc", "cut": False}
    assert text_of(np.bytes_(b"abc"))["text"] == "b'abc'"


def test_a_structured_scalar_is_an_array_without_dimensions() -> None:
    record = np.zeros(1, [("a", "f8"), ("b", "i4")])[0]
    assert array_of(record).array["a"] == 0.0


@pytest.mark.parametrize(
    "array",
    [np.array([1, "x", None], object), np.array([{}]), np.zeros(2, [("a", "O")])],
    ids=lambda array: str(array.dtype),
)
def test_arrays_of_objects_are_text(array: Any) -> None:
    record = text_of(array)
    assert "ndarray" in record["text"]
    assert str(array.shape) in record["text"]


def test_strings_of_variable_width_are_text() -> None:
    string_dtype = getattr(np.dtypes, "StringDType", None)
    if string_dtype is not None:  # numpy 2
        assert "ndarray" in text_of(np.array(["a", "b"], string_dtype()))["text"]


def test_an_object_array_never_asks_its_elements() -> None:
    class Element:
        def __repr__(self) -> str:
            raise Ran

    array = np.empty(1, object)
    array[0] = Element()
    text_of(array)


def test_the_array_is_copied() -> None:
    array = np.arange(4.0)
    result = packed(array)
    array[:] = 9
    assert isinstance(result, PackedArray)
    assert send([result])[0].arrays[0].array.tolist() == [0, 1, 2, 3]


def test_nothing_of_the_array_stays_alive(ring: tuple[RingReader, RingWriter]) -> None:
    class Kept(np.ndarray):
        pass

    for size in (4, MIB // 8):
        array = np.zeros(size).view(Kept)
        reference = weakref.ref(array)
        result = packed(array, ring=ring[1])
        del array
        gc.collect()
        assert reference() is None
        assert isinstance(result, PackedArray)


# The ring


def through(ring: tuple[RingReader, RingWriter], array: Any) -> ArrayValue:
    reader, writer = ring
    result = packed(array, ring=writer)
    assert isinstance(result, PackedArray)
    assert result.record["data"] == b""
    return send([result], ring=reader)[0].arrays[0]


@pytest.mark.parametrize(
    "array",
    [
        np.random.default_rng(1).normal(size=MIB // 8),
        np.arange(MIB // 4, dtype=">i4").reshape(512, 512),
        np.arange(MIB // 8.0).reshape(256, 512).T,
        np.zeros(10_000, [("a", "u1"), ("b", ">f8")]),
        np.arange(20_000.0)[::-2],
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_large_arrays_go_through_the_ring(ring: tuple[RingReader, RingWriter], array: Any) -> None:
    for _ in range(20):  # many times its size in all
        assert same(through(ring, array).array, array)
    assert ring[1].free_bytes() == ring[0].size


def test_small_arrays_ride_in_the_record(ring: tuple[RingReader, RingWriter]) -> None:
    result = packed(np.zeros(100), ring=ring[1])
    assert isinstance(result, PackedArray)
    assert result.record["slot"] == []


def test_a_full_ring_has_no_room(ring: tuple[RingReader, RingWriter]) -> None:
    results = [packed(np.zeros(MIB // 8), ring=ring[1]) for _ in range(5)]
    assert results[-1] is NO_ROOM
    assert results[0] is not NO_ROOM


def test_an_array_larger_than_the_ring_rides_in_the_record(
    ring: tuple[RingReader, RingWriter],
) -> None:
    array = np.arange(MIB)
    assert same(array_of(array, ring=ring[1]).array, array)


def test_lists_use_the_ring_too(ring: tuple[RingReader, RingWriter]) -> None:
    reader, writer = ring
    result = packed([1.5] * 20_000, ring=writer)
    assert isinstance(result, PackedArray)
    assert result.record["slot"]
    assert send([result], ring=reader)[0].arrays[0].array.tolist() == [1.5] * 20_000


# Reduction

LIMIT = 100_000


def reduced(array: Any, limit: int = LIMIT) -> ArrayValue:
    value = array_of(array, reduce_above=limit)
    assert value.reduced
    assert value.array.nbytes <= limit
    assert value.full_shape == array.shape
    return value


@pytest.mark.parametrize("dtype", ["f8", ">f8", "f4", "f2", "i4", "u1", "?"])
@pytest.mark.parametrize("length", [200_001, 1_000_000])
def test_a_long_signal_keeps_its_extremes(dtype: str, length: int) -> None:
    signal = (np.sin(np.arange(length) / 100) * 100).astype(dtype)
    signal[length // 3] = signal.max() if dtype == "?" else 110
    signal[-1] = 0
    value = reduced(signal)
    low, high = value.array[::2], value.array[1::2]
    assert np.all(low <= high)
    assert (low.min(), high.max()) == (signal.min(), signal.max())
    assert value.reduced == f"min/max of {length} points"


def test_the_peak_is_where_it_was() -> None:
    signal = np.zeros(1_000_000)
    signal[765_432] = 5
    value = reduced(signal)
    peak = int(np.argmax(value.array)) / len(value.array)
    assert peak == pytest.approx(0.765432, abs=0.001)


def test_nan_hides_nothing_but_itself() -> None:
    signal = np.arange(1_000_000.0)
    signal[::2] = np.nan
    signal[:500_000] = np.nan
    value = reduced(signal)
    assert np.isnan(value.array[0])
    assert not np.isnan(value.array[-10:]).any()


def test_a_complex_signal_keeps_the_extremes_of_both_parts() -> None:
    signal = np.exp(1j * np.arange(1_000_000) / 1000)
    value = reduced(signal)
    assert value.array.dtype == np.complex128
    assert value.array.imag.max() == pytest.approx(1, abs=1e-6)
    assert value.array.real.min() == pytest.approx(-1, abs=1e-6)


def test_channels_are_reduced_each() -> None:
    signals = np.stack([np.zeros(500_000), np.ones(500_000)])
    value = reduced(signals)
    assert value.array.shape[0] == 2
    assert value.array[1].min() == 1
    columns = reduced(np.ascontiguousarray(signals.T))
    assert columns.array.shape[1] == 2


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((1000, 1000)),
        np.zeros((600, 600, 3), "u1"),
        np.zeros((40, 40, 40, 40)),
        np.zeros(300_000, "S3"),
        np.zeros(300_000, "M8[s]"),
        np.zeros(100_000, [("a", "f8")]),
        np.zeros((1, 4, 4), "S10000"),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_everything_else_is_thinned_out(array: Any) -> None:
    value = reduced(array)
    assert value.array.ndim == array.ndim
    assert value.reduced.startswith("every ")


def test_an_image_keeps_its_colours_and_its_proportions() -> None:
    value = reduced(np.zeros((800, 400, 3), "u1"))
    rows, columns, colours = value.array.shape
    assert colours == 3
    assert rows / columns == pytest.approx(2, abs=0.3)


def test_a_recording_keeps_arrays_whole() -> None:
    array = np.arange(3 * MIB, dtype="u1")
    value = array_of(array, reduce_above=0)
    assert same(value.array, array)
    assert value.reduced == ""


def test_long_lists_are_thinned_out() -> None:
    value = array_of(list(range(100_000)), reduce_above=LIMIT)
    assert value.array.tolist() == list(range(0, 100_000, 8))
    assert value.reduced == "every 8th of 100000 items"
    assert value.full_shape == (100_000,)


# Lists that hold numpy's scalars, and a numpy that is not there


def test_lists_of_numpy_scalars_are_arrays() -> None:
    assert array_of([np.float64(1), 2.0, np.float32(3)]).array.tolist() == [1, 2, 3]
    assert array_of([np.int32(1), 2]).array.dtype.kind == "i"
    assert array_of((np.bool_(True), np.bool_(False))).array.tolist() == [True, False]


def test_lists_of_arrays_are_text() -> None:
    assert text_of([np.zeros(3), np.zeros(2)])["text"] == (
        "[ndarray(float64, (3,)), ndarray(float64, (2,))]"
    )


def test_a_module_that_only_looks_like_numpy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    import types

    class Fake(float):
        def tobytes(self) -> bytes:
            raise Ran

    fake = types.ModuleType("numpy")
    fake.ndarray = fake.generic = Fake  # type: ignore[attr-defined]
    monkeypatch.setitem(__import__("sys").modules, "numpy", fake)
    result = pack(Fake(), reduce_above=0, ring=None)
    assert not isinstance(result, PackedText) or not result.failure
