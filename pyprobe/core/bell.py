"""The bell: wakes a thread that sleeps in ``select``, from any thread, without ever blocking."""

import os
import sys

from pyprobe.ipc.gil_calls import library_function

_FIRST_FREE_DESCRIPTOR = 200  # above what programs count on, below what select() can take


class Bell:
    """A pipe to oneself (on Windows, where ``select`` takes only sockets, a pair of those)."""

    def __init__(self) -> None:
        if sys.platform == "win32":
            import socket

            read, write = socket.socketpair()
            self._read, self._write = read.detach(), write.detach()
        else:
            self._read, self._write = map(_out_of_the_way, os.pipe())
            os.set_blocking(self._read, False)
            os.set_blocking(self._write, False)
        self._write_now = library_function("write")
        self._open = True

    def fileno(self) -> int:
        """Return the descriptor to wait on."""
        return self._read

    @property
    def descriptors(self) -> tuple[int, int]:
        """Both ends."""
        return self._read, self._write

    def ring(self) -> None:
        """Wake the sleeper, while no other thread of Python gets a turn if that can be."""
        if not self._open:
            return
        if self._write_now is not None:
            # Whether it fails is the same. Full: it will wake anyway. Closed by the program: nobody
            # is left to wake.
            self._write_now(self._write, b"\0", 1)
        else:
            try:
                os.write(self._write, b"\0")
            except OSError as error:
                traceback = error.__traceback__
                if traceback is not None and traceback.tb_next is not None:
                    raise  # by a signal handler of the program, such as a TimeoutError
                return

    def hush(self) -> None:
        """Take back every ring so far."""
        try:
            while len(os.read(self._read, 4096)) == 4096:
                pass
        except OSError:
            return

    def close(self) -> None:
        """Give back the descriptors; harmless when done already."""
        if self._open:
            self._open = False
            for descriptor in (self._read, self._write):
                try:
                    os.close(descriptor)
                except OSError:
                    continue  # the program has closed everything


def _out_of_the_way(descriptor: int) -> int:
    """Move a descriptor up, so that the program's first file is 3, as without us."""
    import fcntl

    try:
        moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _FIRST_FREE_DESCRIPTOR)
    except OSError:
        return descriptor  # the limit of open files is lower
    os.close(descriptor)
    return moved
