"""Sends and receives a little on a non-blocking socket without letting go of the GIL.

``socket.send`` lets go of it, and a program that waits for the GIL goes on at once: the service
thread then waits a whole switch interval to have it back, for a call of a few microseconds. Each
such change costs the program a tenth of a millisecond. Where ``ipc.gil_calls`` has no such calls,
and where there is much, the socket does it.
"""

import os
import sys
from _functools import partial  # type: ignore[import-not-found]
from collections.abc import Callable
from typing import Any, NamedTuple

from pyprobe.ipc.gil_calls import character_array, errno_reader, library_function

_SEND_BYTES = 1 << 14  # copied in less time than the GIL takes to change hands
_RECEIVE_BYTES = 1 << 12
_NO_SIGNAL = 0x4000 if sys.platform == "linux" else 0  # MSG_NOSIGNAL of bits/socket.h


class _Calls(NamedTuple):
    send: Callable[[int, bytes, int, int], int]
    recv: Callable[[int, Any, int, int], int]
    room: Any  # what ``recv`` writes into
    last_errno: Callable[[], int]


class GilSocket:
    """``send`` and ``recv`` of a non-blocking socket; used by one thread at a time."""

    def __init__(self, sock: Any) -> None:
        self._socket = sock
        self._calls = _load_calls()

    def send(self, data: memoryview) -> int:
        """Send what the socket takes at once, and return how many bytes that is.

        Raises:
            BlockingIOError: it takes none now.
            OSError: the other side is gone.
        """
        calls = self._calls
        if calls is None or len(data) > _SEND_BYTES:
            sent: int = self._socket.send(data)
            return sent
        count = calls.send(self._socket.fileno(), bytes(data), len(data), _NO_SIGNAL)
        return count if count >= 0 else self._fail(calls)

    def sending(self, data: bytes) -> Callable[[], int] | None:
        """Return what sends all of it in one call into C; None where that would let go of the GIL.

        It returns how many bytes the socket has taken, -1 for none, and raises nothing. None also
        where a signal would come of it when the other side is gone: in the program's own thread it
        may end the program.
        """
        calls = self._calls
        if calls is None or not _NO_SIGNAL or len(data) > _SEND_BYTES:
            return None
        send: Callable[[], int] = partial(
            calls.send, self._socket.fileno(), data, len(data), _NO_SIGNAL
        )
        return send

    def receive(self) -> tuple[bytes, bool]:
        """Return what has arrived, empty at the end, and whether there may be more.

        Raises:
            BlockingIOError: nothing has.
            OSError: the other side is gone.
        """
        calls = self._calls
        if calls is None:
            data = self._socket.recv(_RECEIVE_BYTES)
            return data, len(data) == _RECEIVE_BYTES
        count = calls.recv(self._socket.fileno(), calls.room, _RECEIVE_BYTES, 0)
        if count < 0:
            self._fail(calls)
        return calls.room.raw[:count], count == _RECEIVE_BYTES

    @staticmethod
    def _fail(calls: _Calls) -> int:
        number = calls.last_errno()
        raise OSError(number, os.strerror(number))  # of the class that fits the number


def _load_calls() -> _Calls | None:
    """Return the C library's calls, or None where they cannot be had."""
    send = library_function("send", with_errno=True)
    recv = library_function("recv", with_errno=True)
    if send is None or recv is None:
        return None
    return _Calls(send, recv, character_array(_RECEIVE_BYTES), errno_reader())
