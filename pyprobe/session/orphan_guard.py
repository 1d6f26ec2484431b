"""OrphanGuard: ends a program that has not connected, should its front end be killed meanwhile.

A program that is connected notices by itself that its front end is gone. One whose interpreter
hangs while it starts, or never lets PyProbe in, cannot; a process of three lines waits beside it,
without the program knowing, for the front end to say that all is well or to vanish.
"""

import subprocess
import sys
from contextlib import suppress

# It reads until the front end writes (all is well) or is no more; then it asks the program to
# end, and kills it when it has not done so in time. Before that it removes the socket that nobody
# came to.
_GUARD = """\
import os, signal, sys, time
pid, is_group, grace_s = int(sys.argv[1]), sys.argv[2] == "group", float(sys.argv[3])
socket_path = sys.argv[4]
send = os.killpg if is_group else os.kill
if not os.read(0, 1):
    try:
        os.unlink(socket_path)
        os.rmdir(os.path.dirname(socket_path))
    except OSError:
        pass
    try:
        send(pid, signal.SIGTERM)
        end_s = time.monotonic() + grace_s
        while time.monotonic() < end_s:
            time.sleep(0.05)
            send(pid, 0)
        send(pid, signal.SIGKILL)
    except OSError:
        pass
"""


class OrphanGuard:
    """Guards one process, or the group that it leads, until ``dismiss``.

    ``socket_path``: where the program should have connected, ``""`` for no socket with a name.
    """

    def __init__(self, pid: int, *, is_group: bool, grace_s: float, socket_path: str = "") -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", "-c", _GUARD),
                *(str(pid), "group" if is_group else "process", str(grace_s), socket_path),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # what ends the front end must not end it
        )

    def dismiss(self) -> None:
        """Let the program be: it is connected, or has ended. Harmless when done already."""
        stream = self._process.stdin
        if stream is None or stream.closed:
            return
        with suppress(BrokenPipeError):  # somebody has killed it
            stream.write(b".")
        stream.close()
        self._process.wait()
