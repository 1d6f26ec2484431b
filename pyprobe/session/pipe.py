"""The thread at the pipe: waits for the target to connect and queues its frames within bounds."""

import os
import secrets
import threading
from collections import deque
from collections.abc import Callable

import msgpack

import pyprobe
from pyprobe.ipc.channel import Channel, ChannelClosed, Listener
from pyprobe.ipc.connect_text import write_connect
from pyprobe.ipc.messages import Message

_MAX_QUEUED_BYTES = 16 << 20
_ACCEPT_S = 7 * 24 * 3600.0  # as long as its process lives
_QUIET_S = 1.0


class Pipe(threading.Thread):
    """Accepts one target and reads from it until it is gone.

    When the queue is full, reading stops: a target that records losslessly then waits, a live one
    drops and counts. ``wakeup`` is called from this thread when there is something new.
    """

    def __init__(self, wakeup: Callable[[], None], *, ends_with_us: bool = False) -> None:
        super().__init__(name="pyprobe-pipe", daemon=True)
        self._ends_with_us = ends_with_us
        self._wakeup = wakeup
        self._listener = Listener()
        self._channel: Channel | None = None
        self._frames: deque[bytes] = deque()
        self._queued_bytes = 0
        self._space = threading.Condition()
        self._process_lives = True
        self._closing = False
        self.failure = ""
        self.finished = False

    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        """Return the environment that makes a Python started with it connect here."""
        package = os.path.dirname(os.path.abspath(pyprobe.__file__))
        bootstrap = os.path.join(package, "core", "bootstrap")
        original = environment.get("PYTHONPATH")
        connect = {
            "family": self._listener.family,
            "address": self._listener.address,
            "key": self._listener.key.hex(),
            "msgpack": os.path.dirname(os.path.abspath(msgpack.__file__)),
            "pythonpath": original,
            "probe": secrets.token_hex(8),
            "orphan": "end" if self._ends_with_us else None,
        }
        return environment | {
            "PYPROBE_CONNECT": write_connect(connect),
            "PYTHONPATH": bootstrap + (os.pathsep + original if original else ""),
        }

    @property
    def socket_path(self) -> str:
        """Where the target is to connect, ``""`` where that has no name."""
        address = self._listener.address
        return address if isinstance(address, str) else ""

    @property
    def connected(self) -> bool:
        """Whether the target has connected, ever."""
        return self._channel is not None

    def run(self) -> None:
        try:
            channel = self._listener.accept(_ACCEPT_S, self._may_connect)
            self._channel = channel
            self._listener.close()
            while (frame := self._receive(channel)) is not None:
                self._put(frame)
            channel.close()
        except ChannelClosed:
            # How the program ended is told by its exit status, not by how its pipe broke.
            pass
        except OSError as error:  # of ours: too many open files, no memory
            self.failure = error.strerror or str(error)
        finally:
            self._listener.close()
            self.finished = True
            self._wakeup()

    def _may_connect(self) -> bool:
        return self._process_lives and not self._closing

    def _receive(self, channel: Channel) -> bytes | None:
        """Return the next frame; None once the process has ended and nothing came for a second."""
        while not self._closing:
            process_lived = self._process_lives  # before the look: what it sent is then seen
            frame = channel.receive_frame(_QUIET_S)
            if frame is not None:
                return frame
            if not process_lived:
                break
        return None

    def _put(self, frame: bytes) -> None:
        with self._space:
            while self.is_full and not self._closing:
                self._space.wait()
            was_empty = not self._frames
            self._frames.append(frame)
            self._queued_bytes += len(frame)
        if was_empty:
            self._wakeup()

    def add_rest(self, data: bytes) -> None:
        """Go on with what the pipe could not take any more: the program has closed its end.

        Called once the pipe is drained, by who takes the frames.
        """
        if self._channel is None:
            return
        try:
            frames = self._channel.frames_of_rest(data)
        except ChannelClosed as error:
            self.failure = str(error)
            return
        with self._space:
            self._frames.extend(frames)
            self._queued_bytes += sum(map(len, frames))
        self._wakeup()

    @property
    def is_full(self) -> bool:
        """Whether so much waits to be taken that nothing more is read."""
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
        if self._channel is None:
            return False
        try:
            self._channel.send(message)
        except ChannelClosed:
            return False
        return True

    def finish(self) -> None:
        """The process has ended: return when everything it sent has been read.

        A child of the program may have kept the other end open, so the end of the data is when
        nothing has come for a second.
        """
        self._process_lives = False
        self.join()

    def close(self) -> None:
        """Let go of everything, whatever state it is in. Frames not taken are lost."""
        with self._space:
            self._closing = True
            self._space.notify_all()
        if self._channel is not None:
            self._channel.close()
        if self.is_alive():
            self.join()
        self._listener.close()
        if self._channel is not None:  # it connected while we were closing
            self._channel.close()
