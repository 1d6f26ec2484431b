"""The service thread: the one thread of ours in the target.

Started with ``_thread``, so that ``threading`` does not count it. It sleeps in ``select`` until a
command comes, a hit wakes it or something is due.
"""

import _signal  # type: ignore[import-not-found]
import select
import time
from _thread import allocate_lock, get_ident, get_native_id, start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os.path import exists
from time import perf_counter_ns
from typing import Any, Protocol

from pyprobe.core.bell import Bell
from pyprobe.core.commands import Commands
from pyprobe.core.processor_choice import ProcessorChoice
from pyprobe.core.rhythm import Rhythm
from pyprobe.core.sender import Sender
from pyprobe.core.switch_interval import SwitchInterval
from pyprobe.core.target_parts import TargetParts
from pyprobe.ipc.target_connection import ConnectionLost

_THREAD_END_LIMIT_S = 1.0
_MANY_ENTRIES = 4_000  # of the log, which take about a millisecond to pack


class Owner(Protocol):
    """Who is told how the thread's work has ended."""

    def connection_is_lost(self, loss: ConnectionLost) -> None: ...

    def has_failed(self, error: Exception) -> None: ...


class ServiceThread:
    """Can be stopped and started again (around a fork); ``stop`` returns when it is gone."""

    def __init__(
        self, parts: TargetParts, sender: Sender, commands: Commands, owner: Owner
    ) -> None:
        self._parts = parts
        self._sender = sender
        self._commands = commands
        self._owner = owner
        self._rhythm = Rhythm(parts.engine, parts.log, parts.gate)
        self._bell = Bell()
        self._switch_interval = SwitchInterval()
        self._processors = ProcessorChoice()
        self._done = allocate_lock()
        self._running = False
        self._native_id = 0
        self.ident = 0
        # Called at each turn, and answers in how many seconds it is to be called again.
        self.look_after: Callable[[], float] | None = None
        self._look_after_s = 0.0
        parts.gate.connect(self._bell.ring)

    def start(self) -> None:
        """Start the thread; harmless when it runs."""
        if self._running:
            return
        self._running = True
        self._done.acquire()
        self._bell.hush()
        with _signals_blocked():
            start_new_thread(self._run, ())

    def stop(self) -> None:
        """Return when the thread has ended; harmless when it is not running."""
        if not self._running or get_ident() == self.ident:
            return
        self._running = False
        self.wake()
        with self._done:
            pass
        self.ident = 0
        self._parts.gate.sleeping(False)
        # The lock is released a moment before the operating system's thread is gone, and from
        # 3.12 on a fork warns about every thread there is.
        deadline_s = time.monotonic() + _THREAD_END_LIMIT_S
        while exists(f"/proc/self/task/{self._native_id}") and time.monotonic() < deadline_s:
            time.sleep(0.0001)

    def close(self) -> None:
        """Give back the descriptors; also right in a forked child, where no thread is left."""
        self._running = False
        self._bell.close()

    @property
    def descriptors(self) -> tuple[int, int]:
        """Those that are open while the thread runs."""
        return self._bell.descriptors

    def wake(self) -> None:
        """Have the thread look around; called from any thread."""
        self._bell.ring()

    def _run(self) -> None:
        self.ident = get_ident()
        self._native_id = get_native_id()
        try:
            self._parts.engine.source.exempt_this_thread()
            self._sender.begin_thread()
            self._commands.obey_received()  # what came right behind Start
            self._switch_interval.adapt()
            self._processors.begin_thread()
            while self._running:
                self._turn()
        except ConnectionLost as loss:
            self._owner.connection_is_lost(loss)
        except Exception as error:  # noqa: BLE001  the last door: the program must go on
            self._owner.has_failed(error)
        finally:
            try:
                self._switch_interval.restore()
            finally:
                self._done.release()  # whatever fails: the program's end waits for this

    def _turn(self) -> None:
        self._rhythm.before_sleep()
        readable = self._sleep()
        began_ns = perf_counter_ns()
        self._processors.look()
        if self._rhythm.after_sleep(was_woken=bool(readable)):
            self._work(readable)
        if not self._commands.program_stands:  # while it does, it waits for a person and not for us
            self._sender.charge_turn(began_ns)

    def _work(self, readable: list[Any]) -> None:
        connection, rhythm = self._parts.connection, self._rhythm
        if self.look_after is not None:
            self._look_after_s = self.look_after()
        if self._bell in readable:
            self._bell.hush()
        if connection in readable:
            connection.feed()
            self._commands.obey_received()
        self._commands.look_at_debugger()
        if rhythm.flush_is_due():
            rhythm.flushes()
            if len(self._parts.log) > _MANY_ENTRIES:
                self._switch_interval.work_for_long()
            self._sender.flush_captures()
        self._sender.turn()
        self._switch_interval.adapt()  # now, as a full pipe lets go of the GIL
        self._sender.fill_pipe()

    def _sleep(self) -> list[Any]:
        connection = self._parts.connection
        timeout_s = self._rhythm.sleep_s()
        stats_due_ns = self._sender.stats_due_ns()
        if stats_due_ns is not None and not self._rhythm.has_beat:
            stats_s = max(stats_due_ns - perf_counter_ns(), 0) / 1e9
            timeout_s = min(timeout_s, stats_s)
        if self.look_after is not None:
            timeout_s = min(timeout_s, self._look_after_s)
        is_waiting = self._sender.has_waiting()
        writers = [connection] if is_waiting else []
        debug_s = self._commands.debug_sleep_s()
        if debug_s is not None:
            timeout_s = min(timeout_s, debug_s)
        readers: list[Any] = [connection, self._bell]
        if not is_waiting:
            self._sender.leave_to_hits()
        try:
            readable, _writable, _broken = select.select(readers, writers, [], timeout_s)
        except (OSError, ValueError) as error:
            # The program has closed descriptors that are not its own (a daemon does so).
            sentence = "the pipe to the front end was closed"
            raise ConnectionLost(sentence, by_program=True) from error
        finally:
            self._sender.take_back()
        return readable


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """A thread started in here inherits the mask: no signal meant for the program ends in it."""
    if not hasattr(_signal, "pthread_sigmask"):
        yield
        return
    before = _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
    try:
        yield
    finally:
        _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
