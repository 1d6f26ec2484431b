"""One run of the target: its process, pipe and streams, and the threads that watch them."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from pyprobe.session.environment import user_environment
from pyprobe.session.launch import Program, Stdio, spawn
from pyprobe.session.orphan_guard import OrphanGuard
from pyprobe.session.output import InputWriter, OutputBuffer, Pump
from pyprobe.session.pipe import Pipe

if TYPE_CHECKING:
    from pyprobe.session.evaluation_guard import EvaluationGuard

STOP_GRACE_S = 3.0
_TICK_S = 0.5
_OUTPUT_GRACE_S = 0.5
_CONNECT_S = 1.0  # a program that has not connected by then is guarded


class Target:
    """The program's process from its start to its end.

    ``wakeup`` is called from other threads: when something has come, and twice a second while the
    process lives (rates and staleness need a clock). With ``ends_with_us`` the program does not
    outlive this process, however that ends.
    """

    def __init__(
        self,
        program: Program,
        stdio: Stdio,
        wakeup: Callable[[], None],
        *,
        ends_with_us: bool = False,
    ) -> None:
        self._wakeup = wakeup
        self._ends_with_us = ends_with_us and os.name == "posix"
        self._guard: OrphanGuard | None = None
        self._evaluation_guard: EvaluationGuard | None = None
        self._is_cut_off = False
        self._owns_group = stdio is Stdio.PIPES and os.name == "posix"
        self._stop_deadline_s: float | None = None
        self._stdin: InputWriter | None = None
        self._pumps: list[Pump] = []
        self.output = OutputBuffer()
        self.started_s = monotonic()
        self.exit_status: int | None = None
        self._exited = threading.Event()
        self._reaping = threading.Lock()
        self._ended = threading.Event()
        self.pipe = Pipe(wakeup, ends_with_us=ends_with_us)
        try:
            self._process = spawn(program, stdio, self.pipe.environment(user_environment()))
        except BaseException:
            self.pipe.close()
            raise
        self.pipe.start()
        self._open_streams()
        self._waiter = threading.Thread(target=self._wait, name="pyprobe-wait", daemon=True)
        self._ticker = threading.Thread(target=self._tick, name="pyprobe-tick", daemon=True)
        self._waiter.start()
        self._ticker.start()

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended and everything it sent and wrote has been received."""
        return self._ended.is_set()

    @property
    def stop_was_asked(self) -> bool:
        """Whether the end was asked for by ``stop``."""
        return self._stop_deadline_s is not None

    def last_error_line(self) -> str:
        """The last line the program wrote to stderr, ``""`` when that was not seen."""
        return self._pumps[1].last_line() if self._pumps else ""

    def _open_streams(self) -> None:
        process = self._process
        if process.stdin is None or process.stdout is None or process.stderr is None:
            return
        self._stdin = InputWriter(process.stdin)
        self._pumps = [
            Pump(process.stdout, "stdout", self.output, self._wakeup),
            Pump(process.stderr, "stderr", self.output, self._wakeup),
        ]
        for thread in (self._stdin, *self._pumps):
            thread.start()

    def send_input(self, text: str) -> None:
        """Queue text for the program's standard input."""
        if self._stdin is not None:
            self._stdin.send(text)

    def close_input(self) -> None:
        """Let the program see the end of its standard input."""
        if self._stdin is not None:
            self._stdin.finish()

    def _wait(self) -> None:
        self._wait_for_exit()
        if self._owns_group and self.stop_was_asked:
            # The leader is not reaped yet, so the group's number cannot be anybody else's.
            self._signal_group(signal.SIGKILL)
        with self._reaping:
            self.exit_status = self._process.wait()
            self._exited.set()
        self.pipe.finish()
        for pump in self._pumps:
            pump.finish()
        for pump in self._pumps:
            # However late its thread is: what is not read now is lost.
            pump.join(None if os.name == "posix" else _OUTPUT_GRACE_S)
        self.close_input()
        self._ended.set()
        self._wakeup()

    def _wait_for_exit(self) -> None:
        if sys.platform == "win32" or not hasattr(os, "waitid"):
            self._process.wait()
            return
        with suppress(ChildProcessError):  # somebody else in this process has reaped it
            os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)

    def _tick(self) -> None:
        while not self._exited.wait(_TICK_S):
            deadline_s = self._stop_deadline_s
            if deadline_s is not None and monotonic() >= deadline_s:
                self.kill()
            self._look_after_connection()
            self._wakeup()
        if self._guard is not None:
            self._guard.dismiss()
        if self._evaluation_guard is not None:
            self._evaluation_guard.dismiss()

    def _look_after_connection(self) -> None:
        """Guard a program that cannot notice by itself that we are gone."""
        is_late = monotonic() - self.started_s > _CONNECT_S
        is_connected = self.pipe.connected and not self._is_cut_off
        if self._guard is not None and is_connected:
            self._guard.dismiss()
        elif self._guard is None and is_late and not is_connected and self._ends_with_us:
            with suppress(OSError):  # no process more can be started; the next look tries again
                self._guard = OrphanGuard(
                    self.pid,
                    is_group=self._owns_group,
                    grace_s=STOP_GRACE_S,
                    socket_path=self.pipe.socket_path,
                )

    def guard_cut_off(self) -> None:
        """From now on have the program ended if we are killed: it has closed its connection."""
        if self._guard is not None:
            self._guard.dismiss()  # one from before it had connected
            self._guard = None
        self._is_cut_off = True

    def guard_evaluations(self, ring_descriptor: int) -> None:
        """From now on have the program ended if we are killed while it computes for us, for good.

        Raises:
            OSError: no process more can be started.
        """
        if self._evaluation_guard is not None:
            return
        from pyprobe.session.evaluation_guard import EvaluationGuard  # few programs need one

        with self._reaping:  # who waits for the end dismisses it
            if not self._exited.is_set():
                self._evaluation_guard = EvaluationGuard(
                    self.pid, ring_descriptor, is_group=self._owns_group
                )

    def stop(self) -> None:
        """Ask the program to end; it is killed when it has not after three seconds."""
        if self._stop_deadline_s is None:
            self._stop_deadline_s = monotonic() + STOP_GRACE_S
        if sys.platform == "win32":
            self.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the program, and its process group if that is ours, at once."""
        # On Windows SIGTERM ends a process as SIGKILL does elsewhere.
        self.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """Send a signal to the program, and to its process group if that is ours."""
        with self._reaping:  # the process id is ours until it is reaped
            if self._exited.is_set():
                return
            if self._owns_group:
                self._signal_group(number)
            else:
                with suppress(ProcessLookupError, PermissionError):  # it has just ended
                    os.kill(self.pid, number)

    def signal_alone(self, number: int) -> None:
        """Send a signal to the program, and not to its process group."""
        with self._reaping:
            if not self._exited.is_set():
                with suppress(ProcessLookupError, PermissionError):  # it has just ended
                    os.kill(self.pid, number)

    def _signal_group(self, number: int) -> None:
        if sys.platform != "win32":
            with suppress(ProcessLookupError, PermissionError):  # all have ended by themselves
                os.killpg(self.pid, number)

    def close(self) -> None:
        """End the program if it still runs and let go of threads, pipe and streams."""
        if not self._exited.is_set():
            if self._stop_deadline_s is None:
                self._stop_deadline_s = monotonic()
            self.kill()
        self.pipe.close()
        for pump in self._pumps:  # first, as the waiter waits for them
            pump.close()
        self._waiter.join()
        self._ticker.join()
        if self._stdin is not None:
            self._stdin.join(_OUTPUT_GRACE_S)
        for pump in self._pumps:
            pump.join(2 * _OUTPUT_GRACE_S)
        _close_streams(self._process)


def _close_streams(process: "subprocess.Popen[bytes]") -> None:
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            try:
                stream.close()
            except OSError:  # nothing is buffered that could be lost
                continue
