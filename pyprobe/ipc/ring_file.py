"""The file behind a ring: its layout, its creation (nameless where possible) and its mapping."""

import contextlib
import mmap as mmap_module
import os
import sys
from errno import ENOTSUP
from mmap import PAGESIZE, mmap

from pyprobe.errors import PyProbeError

SMALLEST_RING_BYTES = 1 << 20
HEADER_BYTES = 4096
ALIGNMENT = 64

MAGIC = 0x474E_4952_5052_5950  # "PYPRRING"
VERSION = 1
# Indices of the header's words.
MAGIC_AT, VERSION_AT, SIZE_AT, WRITTEN_AT = 0, 1, 2, 8
BUSY_AT, LEFT_AT = 16, 17  # in a cache line of their own
REST_AT, REST_BYTES_AT, CAPTURED_AT = 18, 19, 20
SIGNAL_AT = 21
STAMP_BYTES = ALIGNMENT

_SHARED_MEMORY = "/dev/shm"
_NAMELESS = "/proc/"
_MAPPED_AT_ONCE = 64 << 10  # what a fault maps of a file around the page that is read (Linux)
_ZEROS_BYTES = 1 << 20
_FIRST_FREE_DESCRIPTOR = 200  # above what programs count on


class RingError(PyProbeError):
    """A ring cannot be created or opened."""


def aligned(nbytes: int) -> int:
    """Round up to whole cache lines."""
    return (nbytes + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT


class RingMapping:
    """The mapped file with its header words."""

    def __init__(self, descriptor: int, size: int) -> None:
        self.size = size
        self._mmap = _map(descriptor, HEADER_BYTES + size)
        self._whole = memoryview(self._mmap)
        self.words = self._whole[:HEADER_BYTES].cast("Q")
        self.data = self._whole[HEADER_BYTES:]
        self.stamps = self.data.cast("Q")

    def stamp_at(self, position: int) -> int:
        """Return the index in ``stamps`` of the slot whose data is at ``position``."""
        return (position - STAMP_BYTES) % self.size // 8

    def map_pages(self, start: int, stop: int) -> None:
        """Have the pages of these slots' bytes mapped: by reading, sixteen in one page fault.

        By writing it would be a fault for each page, which takes ten times as long as the copy.
        """
        self.data[start:stop:_MAPPED_AT_ONCE].tobytes()

    def discard_all_but(self, held: list[tuple[int, int]]) -> None:
        """Give back the memory around the pieces ``(offset, size)`` that stay in use."""
        if not hasattr(mmap_module, "MADV_REMOVE"):
            return
        begin = HEADER_BYTES
        for offset, size in [*sorted(held), (self.size, 0)]:
            end = (HEADER_BYTES + offset) // PAGESIZE * PAGESIZE
            if end > begin:
                with contextlib.suppress(OSError):  # a file system that cannot do it
                    self._mmap.madvise(mmap_module.MADV_REMOVE, begin, end - begin)
            begin = -(-(HEADER_BYTES + offset + size) // PAGESIZE) * PAGESIZE

    def close(self) -> bool:
        """Unmap; False while somebody still looks at a slot (then it goes with the last view)."""
        for view in (self.words, self.stamps, self.data, self._whole):
            view.release()
        try:
            self._mmap.close()
        except BufferError:
            return False
        return True


def _map(descriptor: int, nbytes: int) -> mmap:
    """Map the file without taking a descriptor that the program would notice.

    Before Python 3.13 a mapping keeps a descriptor of its own: the lowest that is free, so for a
    moment the low ones, which programs count on, are taken.
    """
    if sys.platform == "win32":
        return mmap(descriptor, nbytes)
    if sys.version_info >= (3, 13):
        return mmap(descriptor, nbytes, trackfd=False)
    taken = [os.dup(descriptor)]
    try:
        while taken[-1] < _FIRST_FREE_DESCRIPTOR:
            taken.append(os.dup(descriptor))
    except OSError:  # the limit of open files is lower
        os.close(taken.pop())
    try:
        return mmap(descriptor, nbytes)
    finally:
        for number in taken:
            os.close(number)


def create_ring_file(size: int, folder: str | None) -> tuple[str, int, int]:
    """Create the file, with its room taken; return path, descriptor and size.

    The room is taken at once: a write to a mapped page that the file system has no room for would
    end the program with SIGBUS.
    """
    problem = ""
    while size >= SMALLEST_RING_BYTES:
        for place in [folder] if folder else _folders():
            for create in (_create_nameless, _create_named):
                try:
                    path, descriptor = create(place, HEADER_BYTES + size)
                except OSError as error:
                    problem = f"{place}: {error.strerror}"
                else:
                    return path, descriptor, size
        size = aligned(size // 2)
    raise RingError(f"no room for a shared-memory ring ({problem})")


def _folders() -> list[str]:
    from tempfile import gettempdir  # front end only: too much to load into a target

    shared = [_SHARED_MEMORY] if os.access(_SHARED_MEMORY, os.W_OK) else []
    return [*shared, gettempdir()]


def _create_nameless(place: str, nbytes: int) -> tuple[str, int]:
    """Create a file that no folder lists; its path leads through this process."""
    if not hasattr(os, "O_TMPFILE"):
        raise OSError(ENOTSUP, "files without a name are not known here")
    descriptor = os.open(place, os.O_RDWR | os.O_TMPFILE | os.O_CLOEXEC, 0o600)
    path = f"{_NAMELESS}{os.getpid()}/fd/{descriptor}"
    try:
        _take_room(place, descriptor, nbytes)
        os.close(os.open(path, os.O_RDWR | os.O_CLOEXEC))  # the target's way in
    except OSError:
        os.close(descriptor)
        raise
    return path, descriptor


def _create_named(place: str, nbytes: int) -> tuple[str, int]:
    path = os.path.join(place, f"pyprobe-ring-{os.getpid()}-{os.urandom(8).hex()}")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        _take_room(place, descriptor, nbytes)
    except OSError:
        os.close(descriptor)
        os.unlink(path)
        raise
    return path, descriptor


def _take_room(place: str, descriptor: int, nbytes: int) -> None:
    os.ftruncate(descriptor, nbytes)
    if place == _SHARED_MEMORY:
        _write_zeros(descriptor, nbytes)
    elif hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, nbytes)


def _write_zeros(descriptor: int, nbytes: int) -> None:
    """Take room in memory by writing: as fast as reserving it, and the pages are ready for use."""
    zeros = bytes(_ZEROS_BYTES)
    written = 0
    while written < nbytes:
        with memoryview(zeros)[: nbytes - written] as piece:
            written += os.pwrite(descriptor, piece, written)


def remove_ring_file(path: str) -> None:
    """Unlink the file, if it has a name and the system lets it; harmless when done already."""
    if path.startswith(_NAMELESS):
        return
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except PermissionError:
        if os.name != "nt":  # Windows keeps the name of a mapped file
            raise
