"""The framing of ``multiprocessing.connection``: a length, then that many bytes. Both sides.

The length is 4 bytes, big-endian and signed; above 2 GiB it is -1 and 8 bytes follow.
"""

from collections import deque
from collections.abc import Callable

from pyprobe.errors import ProtocolError

MAX_FRAME_BYTES = 1 << 31

_SHORT, _LONG = 4, 12
_LONGEST_SHORT = 0x7FFF_FFFF
_JOIN_BELOW_BYTES = 1 << 14


def frame_header(nbytes: int) -> bytes:
    """Return what stands before a frame of ``nbytes``."""
    if nbytes <= _LONGEST_SHORT:
        return nbytes.to_bytes(_SHORT, "big")
    return b"\xff\xff\xff\xff" + nbytes.to_bytes(8, "big")


class FrameReader:
    """Takes bytes as they arrive and gives complete frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._start = 0

    def __len__(self) -> int:
        """Return the bytes that are waiting, complete or not."""
        return len(self._buffer) - self._start

    def feed(self, data: bytes) -> None:
        """Add bytes that have arrived."""
        if self._start:
            del self._buffer[: self._start]
            self._start = 0
        self._buffer += data

    def next_frame(self) -> bytes | None:
        """Return the next complete frame, or None until more has arrived.

        Raises:
            ProtocolError: the length is impossible; nothing after it can be read.
        """
        buffer, start = self._buffer, self._start
        header = _SHORT
        if len(buffer) - start < header:
            return None
        nbytes = int.from_bytes(buffer[start : start + _SHORT], "big", signed=True)
        if nbytes == -1:
            header = _LONG
            if len(buffer) - start < header:
                return None
            nbytes = int.from_bytes(buffer[start + _SHORT : start + _LONG], "big")
        if not 0 <= nbytes <= MAX_FRAME_BYTES:
            raise ProtocolError(f"a frame of {nbytes} bytes")
        end = start + header + nbytes
        if len(buffer) < end:
            return None
        with memoryview(buffer) as view:
            frame = bytes(view[start + header : end])
        self._start = end
        return frame


class FrameWriter:
    """Keeps frames until a non-blocking socket has taken them."""

    def __init__(self) -> None:
        self._chunks: deque[memoryview] = deque()
        self.pending_bytes = 0

    def queue(self, data: bytes) -> None:
        """Add a frame."""
        header = frame_header(len(data))
        if len(data) < _JOIN_BELOW_BYTES:
            self._chunks.append(memoryview(header + data))
        else:
            self._chunks.append(memoryview(header))
            self._chunks.append(memoryview(data))
        self.pending_bytes += len(header) + len(data)

    def queue_rest(self, data: bytes) -> None:
        """Add the rest of a frame whose beginning was sent by somebody else."""
        self._chunks.append(memoryview(data))
        self.pending_bytes += len(data)

    def flush(self, send: Callable[[memoryview], int]) -> bool:
        """Send what ``send`` takes without blocking; True when everything is sent.

        ``send`` returns how many bytes it has taken and raises BlockingIOError when it can take
        none; what it has not taken is kept.
        """
        while self._chunks:
            chunk = self._chunks[0]
            try:
                sent = send(chunk)
            except BlockingIOError:
                return False
            self.pending_bytes -= sent
            if sent == len(chunk):
                self._chunks.popleft()
            else:
                self._chunks[0] = chunk[sent:]
        return True

    def take(self) -> bytes:
        """Return everything not yet sent, from the very byte on, and forget it."""
        rest = b"".join(self._chunks)
        self.clear()
        return rest

    def clear(self) -> None:
        """Forget everything not yet sent."""
        self._chunks.clear()
        self.pending_bytes = 0
