"""The target's end of the pipe: authenticated, non-blocking, safe in forked children.

Made of C modules only (``_socket``, ``select``), so that it costs the program's start next to
nothing and leaves nothing of multiprocessing or socket behind in ``sys.modules``.
"""

import os
import select
import sys
from collections.abc import Callable
from errno import EBADF, ENOTSOCK
from time import monotonic
from typing import Any

try:
    import _socket
except ImportError:  # an interpreter with another layout of its library
    import socket as _socket  # type: ignore[no-redef]

from pyprobe.errors import ProtocolError, PyProbeError
from pyprobe.ipc.codec import decode
from pyprobe.ipc.frames import FrameReader, FrameWriter, frame_header
from pyprobe.ipc.gil_socket import GilSocket
from pyprobe.ipc.handshake import authenticate
from pyprobe.ipc.messages import Message

_READ_BYTES = 1 << 16
_SO_COOKIE, _COOKIE_BYTES = 57, 8  # Linux's asm-generic/socket.h; Python has no name for it
_FIRST_FREE_DESCRIPTOR = 200  # above what programs count on, below what select() can take
_LONGEST_HANDSHAKE_FRAME = 256
_NOT_OURS = (EBADF, ENOTSOCK)


class ConnectionLost(PyProbeError):
    """The other side is gone, or ``by_program``: that has closed our descriptor."""

    def __init__(self, sentence: str, *, by_program: bool = False) -> None:
        super().__init__(sentence)
        self.by_program = by_program


def _remove_socket(path: str) -> None:
    """Remove what a front end that was killed before we came has left: a socket in its folder."""
    try:
        os.unlink(path)
        os.rmdir(os.path.dirname(path))
    except OSError:
        return  # not ours to remove, or gone already


class TargetConnection:
    """Frames to and from the front end; never blocks except in ``wait``.

    Not thread-safe: the service thread alone uses it after the start.
    """

    def __init__(self, sock: Any) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._quick = GilSocket(sock)
        self._reader = FrameReader()
        self._writer = FrameWriter()
        self._rest = b""  # what was not sent when the program closed the descriptor
        self._identity = self._identify()
        self._open = True

    @classmethod
    def connect(
        cls, address: object, family: str, key: bytes, *, timeout_s: float = 10.0
    ) -> "TargetConnection":
        """Connect and authenticate.

        Raises:
            ConnectionLost: nobody listens there, or no answer within ``timeout_s``.
            ProtocolError: the other side does not know the key.
        """
        if family not in ("AF_UNIX", "AF_INET"):
            raise ProtocolError(f"unknown address family {family!r}")
        sock = _out_of_the_way(_socket.socket(getattr(_socket, family), _socket.SOCK_STREAM))
        try:
            sock.settimeout(timeout_s)
            sock.connect(tuple(address) if isinstance(address, list) else address)
            exchange = _Exchange(sock, monotonic() + timeout_s)
            authenticate(key, exchange.send, exchange.receive)
        except OSError as error:
            sock.close()
            if isinstance(error, ConnectionRefusedError) and isinstance(address, str):
                _remove_socket(address)
            raise ConnectionLost(f"no front end at {address}: {error}") from error
        except PyProbeError:
            sock.close()
            raise
        return cls(sock)

    @property
    def pending_bytes(self) -> int:
        """Bytes queued and not yet taken by the socket."""
        return self._writer.pending_bytes

    def fileno(self) -> int:
        """Return the descriptor to wait on; -1 when closed."""
        return int(self._socket.fileno()) if self._open else -1

    def wait(self, timeout_s: float | None = None, *, for_write: bool = False) -> bool:
        """Block until there is something to read (or room to write); False on timeout.

        Raises:
            ConnectionLost: the descriptor is no longer ours.
        """
        self._check_ours()
        writers = [self._socket] if for_write else []
        try:
            ready = select.select([self._socket], writers, [], timeout_s)
        except (OSError, ValueError) as error:
            sentence = f"the program closed the connection: {error}"
            raise self._lost(sentence, by_program=True) from error
        return bool(ready[0] or ready[1])

    def feed(self) -> None:
        """Take in what has arrived.

        Raises:
            ConnectionLost: the front end is gone; frames before that can still be received.
        """
        self._check_ours()
        more = True
        while more:
            try:
                data, more = self._quick.receive()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                raise self._lost(f"the front end is gone: {error}") from error
            if not data:
                raise self._lost("the front end is gone")
            self._reader.feed(data)

    def receive(self) -> Message | None:
        """Return the next complete message; None until more has been fed.

        Raises:
            ProtocolError: that frame is malformed; the next can be received.
            ConnectionLost: the framing itself is broken.
        """
        try:
            frame = self._reader.next_frame()
        except ProtocolError as error:
            raise self._lost(f"the front end sends nonsense: {error}") from error
        return None if frame is None else decode(frame)

    def queue(self, data: bytes) -> None:
        """Add a frame to what ``flush`` sends."""
        self._writer.queue(data)

    def sending(self, frame: bytes) -> tuple[bytes, Callable[[], int]] | None:
        """Return a frame as it is sent, and what sends it in one call into C, from any thread.

        That returns how many bytes the socket has taken, -1 for none. Whoever calls it sees to it
        that nobody else is sending, and queues with ``queue_rest`` what was not taken. None where
        it cannot be done, or something waits to be sent.
        """
        if not self._open or self.pending_bytes or self._identity != self._identify():
            return None
        data = frame_header(len(frame)) + frame
        send = self._quick.sending(data)
        return None if send is None else (data, send)

    def queue_rest(self, data: bytes) -> None:
        """Add the rest of a frame whose beginning was sent, before anything else is queued."""
        self._writer.queue_rest(data)

    def flush(self) -> bool:
        """Send what the socket takes without blocking; True when nothing is left.

        Raises:
            ConnectionLost: the front end is gone.
        """
        self._check_ours()
        try:
            return self._writer.flush(self._quick.send)
        except InterruptedError:
            return False
        except OSError as error:
            by_program = error.errno in _NOT_OURS
            raise self._lost(f"the front end is gone: {error}", by_program=by_program) from error

    def take_rest(self) -> bytes:
        """Close, and return what was queued and never sent, from the very byte on."""
        self._rest += self._writer.take()
        self.close()
        rest, self._rest = self._rest, b""
        return rest

    def close(self) -> None:
        """Close; harmless when done already."""
        if self._open and self._identity == self._identify():
            self._drain()
        self.abandon()

    def abandon(self) -> None:
        """Close at once; in a forked child the parent's connection goes on."""
        if self._open:
            self._open = False
            self._writer.clear()
            if self._identity == self._identify():
                self._socket.close()
            else:
                self._socket.detach()  # the number is somebody else's now

    def _drain(self) -> None:
        """Read what is left: closing before would make TCP throw away what is on its way."""
        try:
            while self._socket.recv(_READ_BYTES):
                pass
        except OSError:  # nothing more, or the front end is gone
            return

    def _check_ours(self) -> None:
        """Programs that close all descriptors get the same number for a file of theirs."""
        if not self._open:
            raise ConnectionLost("the connection is closed")
        if self._identity != self._identify():
            raise self._lost("the program closed the connection", by_program=True)

    def _identify(self) -> object:
        """Return what tells one open socket from another under the same number."""
        if sys.platform == "linux":
            # Unlike other system calls this one keeps the GIL: the program, which waits for it,
            # is not woken in the middle of a turn of ours.
            try:
                return self._socket.getsockopt(_socket.SOL_SOCKET, _SO_COOKIE, _COOKIE_BYTES)
            except OSError:  # no socket, or a kernel before 4.12
                pass
        return _identity_of(self._socket.fileno())

    def _lost(self, sentence: str, *, by_program: bool = False) -> ConnectionLost:
        if by_program:
            self._rest += self._writer.take()
        self.close()
        return ConnectionLost(sentence, by_program=by_program)


class _Exchange:
    """Blocking frames for the handshake, all within one deadline."""

    def __init__(self, sock: Any, deadline_s: float) -> None:
        self._socket = sock
        self._deadline_s = deadline_s

    def send(self, data: bytes) -> None:
        self._limit()
        self._socket.sendall(frame_header(len(data)) + data)

    def receive(self) -> bytes:
        nbytes = int.from_bytes(self._exactly(4), "big")
        if nbytes > _LONGEST_HANDSHAKE_FRAME:
            raise ProtocolError(f"a frame of {nbytes} bytes in the handshake")
        return self._exactly(nbytes)

    def _exactly(self, nbytes: int) -> bytes:
        data = b""
        while len(data) < nbytes:
            self._limit()
            more = self._socket.recv(nbytes - len(data))
            if not more:
                raise ConnectionLost("the front end hung up in the handshake")
            data += more
        return data

    def _limit(self) -> None:
        self._socket.settimeout(max(self._deadline_s - monotonic(), 0.001))


def _identity_of(descriptor: int) -> tuple[int, int] | None:
    if sys.platform == "win32":
        return None
    try:
        status = os.fstat(descriptor)
    except OSError:
        return (-1, descriptor)
    return status.st_dev, status.st_ino


def _out_of_the_way(sock: Any) -> Any:
    """Move a socket to a high descriptor, so that the program's first file is 3, as without us."""
    if sys.platform == "win32":
        return sock
    import fcntl

    try:
        moved = fcntl.fcntl(sock.fileno(), fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE_DESCRIPTOR)
    except OSError:
        return sock  # the limit of open files is lower
    if moved >= 1000:
        os.close(moved)
        return sock
    family, kind = sock.family, sock.type
    sock.close()
    return _socket.socket(family, kind, 0, moved)
