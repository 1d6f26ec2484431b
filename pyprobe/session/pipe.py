"""The pipe to the target: wait for it to connect, queue its frames within bounds, send to it."""

import json
import os
import secrets
import shutil
import socket
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener

import msgpack

import pyprobe
from pyprobe.ipc.codec import encode
from pyprobe.ipc.messages import Message

_MAX_QUEUED_BYTES = 16 << 20
_MAX_SOCKET_PATH = 100  # Linux allows 107 bytes, macOS 103


class Pipe(threading.Thread):
    """Accepts one target and reads from it until it is gone.

    When the queue is full, reading stops: a target that records losslessly then waits, a live one
    drops and counts. ``wakeup`` is called from this thread when there is something new.
    """

    def __init__(self, wakeup: Callable[[], None]) -> None:
        super().__init__(name="pyprobe-pipe", daemon=True)
        self._wakeup = wakeup
        self._key = secrets.token_bytes(32)
        self._folder = ""
        self._listener = self._listen()
        self._connection: Connection | None = None
        self._frames: deque[bytes] = deque()
        self._queued_bytes = 0
        self._space = threading.Condition()
        self._closing = False
        self.frames_read = 0
        self.connected = False
        self.finished = False

    def _listen(self) -> Listener:
        if os.name == "posix":
            self._folder = tempfile.mkdtemp(prefix="pyprobe-")
            address = os.path.join(self._folder, "pipe")
            if len(os.fsencode(address)) <= _MAX_SOCKET_PATH:
                return Listener(address, "AF_UNIX", authkey=self._key)
        return Listener(("127.0.0.1", 0), "AF_INET", authkey=self._key)

    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        """Return the environment that makes a Python started with it connect here."""
        package = os.path.dirname(os.path.abspath(pyprobe.__file__))
        bootstrap = os.path.join(package, "core", "bootstrap")
        original = environment.get("PYTHONPATH")
        address = self._listener.address
        connect = {
            "family": "AF_UNIX" if isinstance(address, str) else "AF_INET",
            "address": address,
            "key": self._key.hex(),
            "package": package,
            "msgpack": os.path.dirname(os.path.abspath(msgpack.__file__)),
            "pythonpath": original,
            "probe": secrets.token_hex(8),
        }
        return environment | {
            "PYPROBE_CONNECT": json.dumps(connect),
            "PYTHONPATH": bootstrap + (os.pathsep + original if original else ""),
        }

    def run(self) -> None:
        try:
            self._accept()
            connection = self._connection
            while connection is not None and not self._closing:
                self._put(connection.recv_bytes())
        except (EOFError, OSError):
            # How the program ended is told by its exit status, not by how its pipe broke.
            pass
        finally:
            self.finished = True
            self._stop_listening()
            self._wakeup()

    def _accept(self) -> None:
        while not self._closing:
            try:
                self._connection = self._listener.accept()
            except (AuthenticationError, EOFError, ConnectionError):
                continue  # a stranger, or give_up() on its way
            self.connected = True
            self._stop_listening()
            return

    def _stop_listening(self) -> None:
        self._listener.close()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _put(self, frame: bytes) -> None:
        with self._space:
            while self._is_full() and not self._closing:
                self._space.wait()
            was_empty = not self._frames
            self._frames.append(frame)
            self._queued_bytes += len(frame)
            self.frames_read += 1
        if was_empty:
            self._wakeup()

    def _is_full(self) -> bool:
        return self._queued_bytes > _MAX_QUEUED_BYTES

    def take(self) -> bytes | None:
        """Take the oldest frame; ``None`` when there is none now."""
        with self._space:
            if not self._frames:
                return None
            frame = self._frames.popleft()
            self._queued_bytes -= len(frame)
            self._space.notify()
            return frame

    @property
    def is_drained(self) -> bool:
        """Whether the target is gone and every frame of it has been taken."""
        return self.finished and not self._frames

    def send(self, message: Message) -> bool:
        """Send a message; False when the target is gone."""
        if self._connection is None:
            return False
        try:
            self._connection.send_bytes(encode(message))
        except (OSError, ValueError):  # broken, or closed by us
            return False
        return True

    def finish(self) -> None:
        """The process has ended: return when everything it sent has been read.

        A child of the program may have kept the other end open, so the end of the data is when
        nothing has come for a second.
        """
        if not self.connected:
            self._give_up()
        while self.is_alive():
            before = self.frames_read
            self.join(1.0)
            if self.frames_read == before and not self._is_full():
                self._shut_down()

    def _give_up(self) -> None:
        """Make ``accept`` return, as nobody will connect any more."""
        self._closing = True
        address = self._listener.address
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        with socket.socket(family) as poke:
            try:
                poke.connect(address)
            except OSError:  # it has stopped listening by itself
                return

    def _shut_down(self) -> None:
        if self._connection is None:
            return
        try:
            with socket.socket(fileno=os.dup(self._connection.fileno())) as end:
                end.shutdown(socket.SHUT_RDWR)
        except OSError:  # already gone
            return

    def close(self) -> None:
        """Let go of everything, whatever state it is in. Frames not taken are lost."""
        with self._space:
            self._closing = True
            self._space.notify_all()
        if self.is_alive():
            self._shut_down() if self.connected else self._give_up()
            self.join()
        elif not self.finished:
            self._stop_listening()
        if self._connection is not None:
            self._connection.close()
