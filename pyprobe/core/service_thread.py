"""The service thread: the one thread of ours in the target.

Started with ``_thread``, so that ``threading`` does not count it. It sleeps in ``select`` until a
command comes, a hit wakes it or something is due.
"""

import os
import select
import socket
import sys
import time
from _thread import allocate_lock, get_ident, start_new_thread
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from pyprobe.core.rhythm import Rhythm
from pyprobe.ipc.target_connection import ConnectionLost

if TYPE_CHECKING:
    from pyprobe.core.runner import ScriptRunner

_TASKS = "/proc/self/task"
_THREAD_END_LIMIT_S = 0.05


class ServiceThread:
    """Can be stopped and started again (around a fork); ``stop`` returns when it is gone."""

    def __init__(self, runner: "ScriptRunner") -> None:
        self._runner = runner
        self._rhythm = Rhythm(runner.engine, runner.log, runner.gate)
        self._wake_read, self._wake_write = _wake_pair()
        self._done = allocate_lock()
        self._running = False
        self.ident = 0
        runner.gate.connect(self.wake)

    def start(self) -> None:
        self._running = True
        self._done.acquire()
        self._drain_wakes()
        start_new_thread(self._run, ())

    def stop(self) -> None:
        """Return when the thread has ended; harmless when it is not running."""
        if not self._running or get_ident() == self.ident:
            return
        before = _thread_count()
        self._running = False
        self.wake()
        with self._done:
            pass
        self.ident = 0
        self._runner.gate.sleeping(False)
        # The lock is released a moment before the operating system's thread is gone, and from
        # 3.12 on a fork warns about every thread there is.
        limit = time.monotonic() + _THREAD_END_LIMIT_S
        while before and _thread_count() >= before and time.monotonic() < limit:
            time.sleep(0.0001)

    def abandon(self) -> None:
        """Close what a forked child has inherited."""
        self._running = False
        self._wake_read.close()
        self._wake_write.close()

    def wake(self) -> None:
        """Have the thread look around; called from any thread."""
        try:
            self._wake_write.send(b"\0")
        except (BlockingIOError, OSError):
            # Full: it will wake anyway. Closed: there is nobody left to wake.
            return

    def _run(self) -> None:
        self.ident = get_ident()
        try:
            self._runner.source.exempt_this_thread()
            self._runner.sender.begin_thread()
            while self._running:
                self._turn()
        except ConnectionLost:
            self._runner.front_end_is_gone()
        except Exception as error:  # noqa: BLE001  the last door: the program must go on
            sys.stderr.write(f"pyprobe: the runner failed: {type(error).__name__}: {error}\n")
            self._runner.leave_plain()
        finally:
            self._done.release()

    def _turn(self) -> None:
        runner, rhythm = self._runner, self._rhythm
        rhythm.before_sleep()
        readable = self._sleep()
        rhythm.after_sleep()
        if self._wake_read in readable:
            self._drain_wakes()
        if runner.connection in readable:
            runner.connection.feed()
            runner.commands.obey_received()
        if rhythm.flush_is_due():
            runner.sender.flush_captures()
            rhythm.flushed()
        runner.sender.turn()
        runner.sender.charge_thread()

    def _sleep(self) -> list[Any]:
        runner = self._runner
        timeout_s = self._rhythm.sleep_s()
        stats_due_ns = runner.sender.stats_due_ns()
        if stats_due_ns is not None:
            stats_s = max(stats_due_ns - perf_counter_ns(), 0) / 1e9
            timeout_s = stats_s if timeout_s is None else min(timeout_s, stats_s)
        writers = [runner.connection] if runner.sender.has_waiting() else []
        readers: list[Any] = [runner.connection, self._wake_read]
        try:
            readable, _writable, _broken = select.select(readers, writers, [], timeout_s)
        except (OSError, ValueError) as error:
            # The program has closed descriptors that are not its own (a daemon does so).
            raise ConnectionLost("the pipe to the front end was closed") from error
        return readable

    def _drain_wakes(self) -> None:
        try:
            while self._wake_read.recv(4096):
                pass
        except BlockingIOError:
            return


def _wake_pair() -> tuple[socket.socket, socket.socket]:
    read, write = socket.socketpair()
    read.setblocking(False)
    write.setblocking(False)
    return read, write


def _thread_count() -> int:
    """Return the number of the process's threads where Python itself counts them (Linux)."""
    try:
        return len(os.listdir(_TASKS))
    except OSError:
        return 0
