"""Exports to HDF5: one group a probe with datasets of what it captured. Needs h5py.

Group ``p1`` has the attributes ``file, line, col, symbol, func, throttle`` and, as far as there are
captures of that sort, the groups ``numbers``, ``arrays`` and ``texts``, each with ``seq``, ``t_ns``
and ``thread``, and ``run`` where the recording holds several. Numbers stand in ``value``, texts in
``text``, arrays in ``value`` (stacked) or, where their shapes differ or are empty, in ``flat`` and
``shape`` (one row each, filled up with -1). Captures that no one dtype holds as they are stand in
groups apart: ``arrays_number`` and ``arrays_text``, ``numbers_int`` and ``numbers_float``. Arrays
that HDF5 has no place for are JSON in ``text``.
"""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column
from pyprobe.session.export_extras import load_extra
from pyprobe.session.export_hdf5_file import FailsafeFile
from pyprobe.session.export_rows import dtype_text, plain_array
from pyprobe.session.export_survey import Group, Survey, sort_of
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.tree_value import texts_of

_CHUNK_BYTES = 1 << 18
_GROUP_NAMES = {"number": "numbers", "array": "arrays", "text": "texts"}


def write_hdf5(reader: RecordingReader, path: str) -> int:
    """Write the file in bounded memory, reading the recording twice; return how many captures.

    Raises:
        RecordingError: h5py is missing, or the recording cannot be read.
    """
    h5py = load_extra("h5py", "hdf5")
    survey = Survey(reader)
    with open(path, "w+b", buffering=0) as raw:
        target = FailsafeFile(raw)
        try:
            with h5py.File(target, "w", libver="v110") as file:
                _write(h5py, file, target, reader, survey)
        except (OSError, RuntimeError):
            target.check()  # what HDF5 then says of its file is not the reason
            raise
        target.check()
    return survey.count


def _write(
    h5py: Any,
    file: Any,
    target: FailsafeFile,
    reader: RecordingReader,
    survey: Survey,
) -> None:
    file.attrs.update({key: _unicode(text) for key, text in reader.info.program.items()})
    for probe in reader.info.probes.values():
        place = {**probe.anchor.to_dict(), "throttle": probe.throttle}
        place["file"] = _unicode(probe.anchor.file)
        file.create_group(f"p{probe.id}").attrs.update(place)
    has_several_runs = reader.info.has_several_runs
    writers: dict[str, _GroupWriter] = {}
    for columns in reader.columns():
        target.check()
        for column in columns:
            for group, part in survey.parts(column):
                name = f"p{part.probe_id}/{_GROUP_NAMES[sort_of(part)]}"
                name = f"{name}_{group.family}" if group.family else name
                if name not in writers:
                    writers[name] = _GroupWriter(h5py, file.require_group(name), group)
                writers[name].add(part, reader.run if has_several_runs else None)
    for writer in writers.values():
        writer.finish()


class _GroupWriter:
    """Appends columns to the datasets of one probe and sort."""

    def __init__(self, h5py: Any, target: Any, group: Group) -> None:
        self._h5py = h5py
        self._target = target
        self._group = group
        self._waiting: dict[str, list[NDArray[Any]]] = {}
        self._waiting_bytes: dict[str, int] = {}

    def add(self, column: Column, run: int | None) -> None:
        """Append the captures of a column; without a ``run`` there is but one."""
        if run is not None:
            self._append("run", np.full(column.count, run, np.int32))
        self._append("seq", column.seq)
        self._append("t_ns", column.t_ns)
        self._append("thread", np.ascontiguousarray(column.thread))
        match sort_of(column):
            case "number":
                self._append("value", column.values.astype(self._group.number_dtype()))
            case "text":
                texts = [_unicode(text.content) for text in texts_of(column)]
                self._append("text", np.array(texts, object), self._h5py.string_dtype())
            case _:
                self._add_arrays(column)

    def _add_arrays(self, column: Column) -> None:
        dtype = self._group.array_dtype()
        shapes = self._group.shapes
        if not self._has_place_for(dtype):
            texts = [_unicode(json.dumps(plain_array(one))) for one in column.arrays]
            self._append("text", np.array(texts, object), self._h5py.string_dtype())
            self._target["text"].attrs["dtype"] = dtype_text(column.arrays[0])
            return
        if len(shapes) == 1 and 0 not in next(iter(shapes)):
            for record in column.arrays:
                self._append_array("value", record.array[np.newaxis].astype(dtype))
            return
        dimensions = max(map(len, shapes))
        for record in column.arrays:
            self._append_array("flat", record.array.reshape(-1).astype(dtype))
            missing = dimensions - record.array.ndim
            self._append("shape", np.array([[*record.array.shape, *[-1] * missing]], np.int64))

    def _has_place_for(self, dtype: np.dtype[Any]) -> bool:
        if dtype.kind in "UmM":
            return True  # in another form
        try:
            self._h5py.h5t.py_create(dtype)
        except TypeError:
            return False
        return True

    def _append_array(self, name: str, rows: NDArray[Any]) -> None:
        """Append elements, in another form where HDF5 has none like them."""
        kind = rows.dtype.kind
        if kind == "U":
            texts = np.array([_unicode(text) for text in rows.reshape(-1).tolist()], object)
            self._append(name, texts.reshape(rows.shape), self._h5py.string_dtype())
        elif kind in "mM":
            self._append(name, rows.view(np.int64))
            self._target[name].attrs["dtype"] = str(rows.dtype)
        else:
            self._append(name, rows)

    def _append(self, name: str, rows: NDArray[Any], dtype: Any = None) -> None:
        """Append rows to a dataset, many at once, as each writing costs more than its data."""
        if name not in self._target:
            self._create(name, rows, dtype or rows.dtype)
        waiting = self._waiting.setdefault(name, [])
        waiting.append(rows)
        self._waiting_bytes[name] = self._waiting_bytes.get(name, 0) + _nbytes(rows)
        if self._waiting_bytes[name] >= _CHUNK_BYTES:
            self._write(name)

    def _write(self, name: str) -> None:
        rows = np.concatenate(self._waiting.pop(name))
        self._waiting_bytes[name] = 0
        dataset = self._target[name]
        before = len(dataset)
        dataset.resize(before + len(rows), axis=0)
        if len(rows):
            dataset[before:] = rows

    def finish(self) -> None:
        """Write what waits."""
        for name in list(self._waiting):
            self._write(name)

    def _create(self, name: str, rows: NDArray[Any], dtype: Any) -> None:
        shape = rows.shape[1:]
        row_bytes = max(1, int(np.prod(shape, dtype=np.int64)) * rows.dtype.itemsize)
        self._target.create_dataset(
            name,
            shape=(0, *shape),
            maxshape=(None, *shape),
            dtype=dtype,
            chunks=_chunk_shape(shape, rows.dtype.itemsize, row_bytes),
            compression="gzip",
            compression_opts=1,
            shuffle=True,
        )


def _nbytes(rows: NDArray[Any]) -> int:
    return rows.nbytes + (sum(map(len, rows.reshape(-1))) if rows.dtype.kind == "O" else 0)


def _chunk_shape(shape: tuple[int, ...], item_bytes: int, row_bytes: int) -> tuple[int, ...]:
    """Return the shape of a chunk of about a quarter of a mebibyte; rows may need several."""
    if row_bytes <= _CHUNK_BYTES:
        return (_CHUNK_BYTES // row_bytes, *shape)
    inner = list(shape)
    for axis, length in enumerate(shape):
        rest = int(np.prod(inner[axis + 1 :], dtype=np.int64)) * item_bytes
        inner[axis] = max(1, min(length, _CHUNK_BYTES // max(1, rest)))
    return (1, *inner)


def _unicode(text: str) -> str:
    """Return text that a string of HDF5 can hold."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
