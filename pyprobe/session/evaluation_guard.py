"""EvaluationGuard: ends a program that computes for nobody, once its front end was killed.

A Python expression that a person has evaluated may be one call into C that never ends and holds
the whole interpreter: the program cannot notice then that its front end is gone, nor go on. So a
process of a few lines waits beside it for the front end to say that all is well, or to vanish.
"""

import subprocess
import sys
from contextlib import suppress

from pyprobe.core.evaluations import END_AFTER_S, ENDED_TEXT, KILL_AFTER_S
from pyprobe.ipc.ring_file import BUSY_AT, LEFT_AT, SIGNAL_AT

PATIENCE_S = END_AFTER_S + 2.0  # the program does it by itself where it can

# It reads until the front end writes (all is well) or is no more; then it looks at the header of
# the ring, where the program shows whether an expression runs, which signal interrupts that (0
# only asks whether the process is there), and whether it knows.
_GUARD = """\
import os, signal, sys, time
pid, is_group = int(sys.argv[1]), sys.argv[2] == "group"
ring, busy_at, signal_at, left_at = map(int, sys.argv[3:7])
patience_s, grace_s = map(float, sys.argv[7:9])
send = os.killpg if is_group else os.kill
word = lambda at: int.from_bytes(os.pread(ring, 8, 8 * at), sys.byteorder)
if not os.read(0, 1):
    try:
        end_s = time.monotonic() + patience_s
        while time.monotonic() < end_s and not word(left_at):
            time.sleep(0.05)
            os.kill(pid, word(signal_at))
        if word(busy_at) and not word(left_at):
            os.write(2, sys.argv[9].encode())
            send(pid, signal.SIGTERM)
            end_s = time.monotonic() + grace_s
            while time.monotonic() < end_s:
                time.sleep(0.05)
                send(pid, 0)
            send(pid, signal.SIGKILL)
    except OSError:
        pass
"""


class EvaluationGuard:
    """Guards one process, or the group that it leads, until ``dismiss``.

    ``ring_descriptor``: of the ring between the program and us. Not for Windows.
    """

    def __init__(self, pid: int, ring_descriptor: int, *, is_group: bool) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-I", "-S", "-c", _GUARD),
                *(str(pid), "group" if is_group else "process", str(ring_descriptor)),
                *(str(BUSY_AT), str(SIGNAL_AT), str(LEFT_AT)),
                *(str(PATIENCE_S), str(KILL_AFTER_S), ENDED_TEXT),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=(ring_descriptor,),
            bufsize=0,
            start_new_session=True,  # what ends the front end must not end it
        )

    def dismiss(self) -> None:
        """Let the program be: it has ended, or is to go on. Harmless when done already."""
        stream = self._process.stdin
        if stream is None or stream.closed:
            return
        with suppress(BrokenPipeError):  # somebody has killed it
            stream.write(b".")
        stream.close()
        self._process.wait()
