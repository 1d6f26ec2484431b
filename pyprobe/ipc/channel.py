"""The front end's end of the pipe: listen for one target, then send and receive messages.

The target's end is ``target_connection.TargetConnection``.
"""

import contextlib
import os
import select
import shutil
import socket
import tempfile
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from multiprocessing.connection import Listener as PipeListener
from threading import Lock
from time import monotonic
from typing import Any

from pyprobe.errors import ProtocolError, PyProbeError
from pyprobe.ipc.codec import decode, encode
from pyprobe.ipc.frames import FrameReader, FrameWriter
from pyprobe.ipc.messages import Message

KEY_BYTES = 32

_LONGEST_SOCKET_PATH = 100  # Linux takes 107 bytes, macOS 103
_LOOK_INTERVAL_S = 0.05
_HANDSHAKE_S = 10.0
_READ_BYTES = 1 << 20
_MOST_UNSENT_BYTES = 16 << 20


class ChannelClosed(PyProbeError):
    """The other side is gone; ``truncated`` tells that it was cut off within a frame."""

    def __init__(self, sentence: str, *, truncated: bool = False) -> None:
        super().__init__(sentence)
        self.truncated = truncated


class Listener:
    """Waits for the one target that knows ``key``.

    ``family`` and ``address`` are what the target needs to connect.
    """

    def __init__(self) -> None:
        self.key = os.urandom(KEY_BYTES)
        self._folder = tempfile.mkdtemp(prefix="pyprobe-") if os.name == "posix" else ""
        path = os.path.join(self._folder, "pipe")
        by_path = bool(self._folder) and len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH
        self.family = "AF_UNIX" if by_path else "AF_INET"
        place = path if by_path else ("127.0.0.1", 0)
        self._listener: PipeListener | None = PipeListener(place, self.family, backlog=4)
        self.address: object = self._listener.address

    def accept(self, timeout_s: float, is_alive: Callable[[], bool] | None = None) -> "Channel":
        """Wait for the target; strangers without the key are turned away.

        ``is_alive`` is asked a few times a second whether the target can still come.

        Raises:
            ChannelClosed: it did not come in time, or is not alive.
        """
        deadline_s = monotonic() + timeout_s
        while (left_s := deadline_s - monotonic()) > 0:
            if self._listener is None:
                raise ChannelClosed("the listener is closed")
            connection = self._accept_one(min(left_s, _LOOK_INTERVAL_S))
            if connection is not None:
                channel = self._authenticated(connection, deadline_s)
                if channel is not None:
                    return channel
            elif is_alive is not None and not is_alive():
                raise ChannelClosed("the program ended before it connected")
        raise ChannelClosed(f"the program did not connect within {timeout_s:g} s")

    def _accept_one(self, timeout_s: float) -> Connection | None:
        assert self._listener is not None
        listening: socket.socket = self._listener._listener._socket  # type: ignore[attr-defined]
        if not select.select([listening], [], [], timeout_s)[0]:
            return None
        try:
            return self._listener.accept()
        except OSError:  # it went away again
            return None

    def _authenticated(self, connection: Connection, deadline_s: float) -> "Channel | None":
        limited: Any = _Limited(connection, min(deadline_s, monotonic() + _HANDSHAKE_S))
        try:
            deliver_challenge(limited, self.key)
            answer_challenge(limited, self.key)
        except (AuthenticationError, AssertionError, EOFError, OSError):
            connection.close()
            return None
        return Channel(_socket_of(connection, self.family))

    def close(self) -> None:
        """Stop listening and remove the socket's folder; harmless when done already."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""


class _Limited:
    """A connection whose every wait ends at a deadline: what the handshake needs of it."""

    def __init__(self, connection: Connection, deadline_s: float) -> None:
        self._connection = connection
        self._deadline_s = deadline_s

    def send_bytes(self, data: bytes) -> None:
        self._connection.send_bytes(data)

    def recv_bytes(self, longest: int) -> bytes:
        if not self._connection.poll(max(self._deadline_s - monotonic(), 0.0)):
            raise EOFError
        return self._connection.recv_bytes(longest)


def _socket_of(connection: Connection, family: str) -> socket.socket:
    """Take the descriptor over from a connection of multiprocessing."""
    handle = connection.fileno()
    connection._handle = None  # type: ignore[attr-defined]
    return socket.socket(getattr(socket, family), socket.SOCK_STREAM, 0, handle)


class Channel:
    """Messages to and from one target.

    ``send`` may be called from any thread and never waits for the target; what the target does not
    take at once is sent while ``receive`` waits. One thread receives.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._socket = sock
        self._reader = FrameReader()
        self._writer = FrameWriter()
        self._sending = Lock()
        self._receiving = Lock()
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._open = True

    def send(self, message: Message) -> None:
        """Send, or keep to send later where the target is busy.

        Raises:
            ChannelClosed: the target is gone, or has taken nothing for too long.
            ProtocolError: the message cannot be encoded.
        """
        data = encode(message)
        with self._sending:
            if not self._open:
                raise ChannelClosed("the channel is closed")
            if self._writer.pending_bytes + len(data) > _MOST_UNSENT_BYTES:
                raise ChannelClosed("the target takes no messages any more")
            self._writer.queue(data)
            if not self._flush():
                self._wake_receiver()

    def receive(self, timeout_s: float | None = None) -> Message | None:
        """Wait for the next message; None when the time is over or ``close`` was called.

        Raises:
            ChannelClosed: the target is gone and everything it sent has been received.
            ProtocolError: that message is malformed; the next can be received.
        """
        frame = self.receive_frame(timeout_s)
        return None if frame is None else decode(frame)

    def receive_frame(self, timeout_s: float | None = None) -> bytes | None:
        """Like ``receive``, undecoded. What has arrived in time is never left behind.

        Raises:
            ChannelClosed: the target is gone and everything it sent has been received.
        """
        deadline_s = None if timeout_s is None else monotonic() + timeout_s
        while self._open:
            try:
                frame = self._reader.next_frame()
            except ProtocolError as error:
                raise ChannelClosed(f"the target sends nonsense: {error}") from error
            if frame is not None:
                return frame
            left_s = None if deadline_s is None else max(deadline_s - monotonic(), 0.0)
            with self._receiving:
                if not self._wait(left_s) and left_s == 0.0:
                    return None
        return None

    def frames_of_rest(self, data: bytes) -> list[bytes]:
        """Return the frames in what the pipe could not take any more; the first may be begun."""
        self._reader.feed(data)
        frames = []
        try:
            while (frame := self._reader.next_frame()) is not None:
                frames.append(frame)
        except ProtocolError as error:
            raise ChannelClosed(f"the target has left nonsense: {error}") from error
        return frames

    def _wait(self, timeout_s: float | None) -> bool:
        """Wait until the target or ``send`` has something to do, and do it; True if data came."""
        with self._sending:
            if not self._open:
                return False
            writers = [self._socket] if self._writer.pending_bytes else []
        readers = [self._socket, self._woken]
        readable, writable, _ = select.select(readers, writers, [], timeout_s)
        if self._woken in readable:
            self._woken.recv(4096)
        if writable:
            with self._sending:
                self._flush_while_receiving()
        if self._socket in readable:
            self._feed()
        return self._socket in readable

    def _flush_while_receiving(self) -> None:
        """Send; that the target is gone is told by reading, after all that it sent."""
        try:
            self._flush()
        except ChannelClosed:
            self._writer.clear()

    def _feed(self) -> None:
        try:
            data = self._socket.recv(_READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            raise self._end() from error
        if not data:
            raise self._end()
        self._reader.feed(data)

    def _end(self) -> ChannelClosed:
        if len(self._reader):
            return ChannelClosed("the target ended within a message", truncated=True)
        return ChannelClosed("the target is gone")

    def _flush(self) -> bool:
        try:
            return self._writer.flush(self._socket.send)
        except InterruptedError:
            return False
        except OSError as error:
            raise ChannelClosed(f"the target is gone: {error}") from error

    def _wake_receiver(self) -> None:
        try:
            self._wake.send(b"\0")
        except BlockingIOError:
            return  # it has been woken often enough

    def close(self) -> None:
        """Close; ends a waiting ``receive``. Harmless when done already."""
        with self._sending:
            if not self._open:
                return
            self._open = False
            self._wake_receiver()
            with contextlib.suppress(OSError):  # the target was first
                self._socket.shutdown(socket.SHUT_RDWR)
        with self._receiving:
            for sock in (self._socket, self._wake, self._woken):
                sock.close()
