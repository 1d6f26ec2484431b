"""Exports to npz: per probe arrays of sequence numbers, times, threads and values.

Members of probe 1 are ``p1_seq``, ``p1_t_ns``, ``p1_thread`` and ``p1_value``; of its array
captures ``p1_array_seq`` … and ``p1_array`` (stacked), or, where their shapes differ,
``p1_array_flat`` and ``p1_array_shape`` (one row each, filled up with -1); of its texts
``p1_text_seq`` … and ``p1_text``. Captures that no one dtype holds as they are stand apart, by what
they are: ``p1_array_number_seq`` … and ``p1_array_text``, ``p1_int_value`` and ``p1_float_value``.
Of a recording of several runs ``p1_run`` (``p1_array_run`` …) says which run each is of. ``probes``
is a JSON text that says what each probe is. Nothing in the file needs pickle.
"""

import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy_format

from pyprobe.ipc.column_reader import Column
from pyprobe.session.export_survey import Group, Survey, probes_text, sort_of
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.tree_value import texts_of

_PIECE_BYTES = 1 << 16
_COPY_BYTES = 1 << 20
_TEXTS_AT_ONCE = 1024


def write_npz(reader: RecordingReader, path: str) -> int:
    """Write the file in bounded memory, reading the recording twice; return how many captures."""
    survey = Survey(reader)
    has_several_runs = reader.info.has_several_runs
    file = _SpoolFile(os.path.dirname(path))
    spools: dict[str, _Spool] = {}
    try:
        for columns in reader.columns():
            for column in columns:
                run = reader.run if has_several_runs else None
                for group, part in survey.parts(column):
                    _spool_column(part, group, spools, file, run)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            _write_member(archive, "probes", np.array(probes_text(reader)))
            for done, (name, spool) in enumerate(spools.items()):
                reader.watch(done / len(spools))
                spool.copy_to(archive, name)
    finally:
        file.close()
    return survey.count


class _SpoolFile:
    """Pieces of all members on their way into the archive, in one nameless file beside it.

    A file for each member would be too many where there are some hundred probes.
    """

    def __init__(self, folder: str) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - see close()
        self._end = 0

    def append(self, data: bytes) -> tuple[int, int]:
        """Keep a piece; return where it begins and ends."""
        begin, self._end = self._end, self._end + len(data)
        self._file.seek(begin)
        self._file.write(data)
        return begin, self._end

    def read(self, begin: int, end: int) -> bytes:
        """Return a piece."""
        self._file.seek(begin)
        return self._file.read(end - begin)

    def close(self) -> None:
        """Let go of the disk space."""
        with suppress(OSError):  # of what was not written yet, and is not wanted any more
            self._file.close()


class _Spool:
    """One member's data on its way into the archive."""

    def __init__(
        self, file: _SpoolFile, dtype: np.dtype[Any], row_shape: tuple[int, ...] = ()
    ) -> None:
        self._file = file
        self._pieces: list[tuple[int, int]] = []
        self._waiting = bytearray()
        self._dtype = dtype
        self._row_shape = row_shape
        self.rows = 0

    def add(self, values: Any) -> None:
        """Append rows."""
        array = np.ascontiguousarray(values, self._dtype)
        self._waiting += array.tobytes()
        if len(self._waiting) >= _PIECE_BYTES:
            self._pieces.append(self._file.append(bytes(self._waiting)))
            self._waiting.clear()
        row_size = int(np.prod(self._row_shape, dtype=np.int64))
        self.rows += array.size // row_size if row_size else len(array)

    def copy_to(self, archive: zipfile.ZipFile, name: str) -> None:
        """Write the member."""
        with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
            header = {
                "descr": npy_format.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": (self.rows, *self._row_shape),
            }
            npy_format.write_array_header_1_0(member, header)
            for begin, end in self._pieces:
                for start in range(begin, end, _COPY_BYTES):
                    member.write(self._file.read(start, min(start + _COPY_BYTES, end)))
            member.write(self._waiting)


def _spool_column(
    column: Column, group: Group, spools: dict[str, _Spool], file: _SpoolFile, run: int | None
) -> None:
    sort = sort_of(column)
    probe = f"p{column.probe_id}"
    prefix = probe if sort == "number" else f"{probe}_{sort}"
    if group.family:
        prefix = f"{prefix}_{group.family}"

    def spool(name: str, dtype: Any, row_shape: tuple[int, ...] = ()) -> _Spool:
        if name not in spools:
            spools[name] = _Spool(file, np.dtype(dtype), row_shape)
        return spools[name]

    if run is not None:
        spool(f"{prefix}_run", "<i4").add(np.full(column.count, run))
    spool(f"{prefix}_seq", "<i8").add(column.seq)
    spool(f"{prefix}_t_ns", "<i8").add(column.t_ns)
    spool(f"{prefix}_thread", "<u8").add(column.thread)
    if sort == "number":
        spool(f"{prefix}_value", group.number_dtype()).add(column.values)
    elif sort == "text":
        texts = spool(prefix, f"<U{max(group.longest_text, 1)}")
        for part in _parts([text.content for text in texts_of(column)]):
            texts.add(part)
    elif len(group.shapes) == 1:
        (shape,) = group.shapes
        stacked = spool(prefix, group.array_dtype(), shape)
        for record in column.arrays:
            stacked.add(record.array[np.newaxis])
    else:
        dimensions = max(map(len, group.shapes))
        flat = spool(f"{prefix}_flat", group.array_dtype())
        shapes = spool(f"{prefix}_shape", "<i8", (dimensions,))
        for record in column.arrays:
            flat.add(record.array.reshape(-1))
            missing = dimensions - record.array.ndim
            shapes.add([[*record.array.shape, *[-1] * missing]])


def _parts(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        yield texts[start : start + _TEXTS_AT_ONCE]


def _write_member(archive: zipfile.ZipFile, name: str, array: np.ndarray[Any, Any]) -> None:
    with archive.open(f"{name}.npy", "w") as member:
        npy_format.write_array(member, array, allow_pickle=False)
