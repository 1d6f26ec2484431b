"""A program, its probes and its runs, as every front end sees them."""

import os
import threading
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.errors import LaunchError
from pyprobe.session.ending import Ending
from pyprobe.session.launch import Program, Stdio
from pyprobe.session.listener import ProgramState
from pyprobe.session.options import RunOptions
from pyprobe.session.probe import Probe, ProbeStatus, mode_label
from pyprobe.session.session_boards import SessionBoards

if TYPE_CHECKING:
    from pyprobe.core.trigger import Trigger
    from pyprobe.session.recording import Recorder
    from pyprobe.session.run import Run

DEFAULT_REDUCE_ABOVE = 16 << 20
# A program whose console has gone with us ends, as in a terminal that is closed; one that has its
# own terminal goes on.
_ORPHANS = {Stdio.PIPES: "end", Stdio.INHERIT: "continue"}


def _nothing() -> None:
    """The wake-up of a front end that waits or polls."""


class Session(SessionBoards):
    """One program and its probes over any number of runs, one at a time.

    Needs no toolkit, and no locks of its front end: everything changes inside ``process_events``
    and the other methods, on the caller's thread. ``wakeup`` is called from other threads and must
    only arrange that ``process_events`` is called soon.

    ``lossless``: the program waits for a slow front end instead of dropping. ``reduce_above``: size
    in bytes above which the target reduces an array, 0 for never. ``orphan``: what the program
    does when this process is killed, ``"end"`` or ``"continue"``. Without ``keep_histories``
    captures are only counted and recorded. The ``recorder`` stays the caller's to finish; as long
    as there is one, runs are lossless and arrays are never reduced.
    """

    def __init__(
        self,
        program: Program,
        *,
        stdio: Stdio = Stdio.PIPES,
        lossless: bool = False,
        budget_percent: float = 5.0,
        reduce_above: int = DEFAULT_REDUCE_ABOVE,
        orphan: str | None = None,
        keep_histories: bool = True,
        recorder: "Recorder | None" = None,
    ) -> None:
        super().__init__(program)
        self.recorder = recorder
        self.wakeup: Callable[[], None] = _nothing
        self._options = RunOptions(
            stdio=stdio,
            lossless=lossless,
            budget_percent=budget_percent,
            reduce_above=reduce_above,
            orphan=orphan or _ORPHANS[stdio],
            keep_histories=keep_histories,
        )
        self._restart_clears: bool | None = None
        self._something = threading.Event()

    # What a front end reads

    @property
    def pid(self) -> int | None:
        """The program's process id while it runs."""
        return self._run.target.pid if self._run is not None else None

    @property
    def has_process(self) -> bool:
        """Whether a run has been started whose end has not been processed."""
        return self._run is not None

    @property
    def is_answered(self) -> bool:
        """Whether the program that runs has obeyed all it was asked to, or has said why not."""
        return self._run is not None and self._run.is_answered

    @property
    def starts_again(self) -> bool:
        """Whether the program is started again as soon as the run has ended."""
        return self._restart_clears is not None

    # Probes

    def add_probe(
        self, occurrence: Occurrence, file: str, *, throttle: str = "auto", run_code: bool = False
    ) -> Probe:
        """Watch an occurrence of a file from now on, or from the start of the next run.

        An occurrence that is watched already gives its probe.

        Raises:
            PyProbeError: the throttle is none.
        """
        anchor = _anchor(occurrence, file)
        for probe in self._model.probes.values():
            if probe.anchor == anchor:
                return probe
        mode_label(throttle)  # refuses what is no throttle before anything is changed
        probe = Probe(
            self._new_id(),
            anchor,
            occurrence,
            throttle=throttle,
            run_code=run_code,
            color_index=self._free_color(),
            epoch_ns=self._model.epoch_ns,
            make_history=self._model.histories.new,
        )
        self._model.probes[probe.id] = probe
        if self._run is not None:
            self._run.add_probe(probe)
        self._model.tell_probe(probe)
        return probe

    def _free_color(self) -> int:
        taken = {probe.color_index for probe in self._model.probes.values()}
        return next(index for index in range(len(taken) + 1) if index not in taken)

    def remove_probe(self, probe: Probe) -> None:
        """Stop watching; harmless when the probe is removed already."""
        if self._model.probes.pop(probe.id, None) is None:
            return
        if self._run is not None:
            self._run.remove_probe(probe)
        self._model.tell_probe(probe)

    def restore_probe(self, probe: Probe) -> bool:
        """Watch a removed probe again: with its id, colour, throttle and history.

        False, and nothing changes, where its occurrence is watched already.
        """
        probes = self._model.probes
        if any(other.anchor == probe.anchor for other in probes.values()):
            return False
        later = [probes.pop(known) for known in sorted(probes) if known > probe.id]
        for one in (probe, *later):  # in the order in which they were added
            probes[one.id] = one
        if probe.lost:
            probe.status, probe.detail = ProbeStatus.INVALID, probe.lost
        elif self._run is not None:
            probe.status, probe.detail = ProbeStatus.ARMED, ""
            self._run.add_probe(probe)
        elif self.state is ProgramState.ENDED:
            probe.status, probe.detail = ProbeStatus.FINISHED, ""
        self._model.tell_probe(probe)
        return True

    def set_color(self, probe: Probe, color_index: int) -> None:
        """Give a probe another colour of the palette."""
        probe.color_index = color_index
        self._model.tell_probe(probe)

    def set_throttle(self, probe: Probe, throttle: str, *, run_code: bool | None = None) -> None:
        """Change which hits become captures.

        Raises:
            PyProbeError: the throttle is none.
        """
        probe.mode = mode_label(throttle)
        probe.throttle = throttle
        if run_code is not None:
            probe.run_code = run_code
        if self._run is not None:
            self._run.set_throttle(probe)
        self._model.tell_probe(probe)

    def set_trigger(self, probe: Probe, trigger: "Trigger | None") -> None:
        """Have a probe capture around what a condition tells of; it begins anew. None: every hit.

        Raises:
            ConditionSyntaxError: the condition's text is none.
        """
        if trigger is not None:
            from pyprobe.conditions import parse  # here, so that a window opens without it

            parse(trigger.condition)
        probe.trigger, probe.trigger_reading = trigger, None
        if self._run is not None:
            self._run.set_trigger(probe)
        self._model.tell_probe(probe)

    def set_sample_rate(self, probe: Probe, rate_hz: float | None) -> None:
        """Say how many samples a second the probe's arrays have, where that is known."""
        probe.sample_rate_hz = rate_hz

    def move_probe(self, probe: Probe, occurrence: Occurrence, file: str | None = None) -> None:
        """Place a probe where the edited text has its occurrence now.

        A program that runs keeps running the text it was started with, so the new place counts
        from the next run on.
        """
        probe.anchor = _anchor(occurrence, file if file is not None else probe.anchor.file)
        probe.occurrence = occurrence
        probe.lost = ""
        if self._run is None and probe.status is ProbeStatus.INVALID:
            probe.status, probe.detail = ProbeStatus.ARMED, ""
        self._model.tell_probe(probe)

    def lose_probe(self, probe: Probe, why: str) -> None:
        """Keep a probe whose place the edited text no longer has, until ``move_probe``.

        It keeps what it captured, says why, and is left out of runs.
        """
        probe.lost = why
        if self._run is None:
            self._model.set_status(probe, ProbeStatus.INVALID, why)

    # The program

    def start(self) -> None:
        """Start the program with the probes there are. Returns at once.

        Raises:
            LaunchError: it runs already, or cannot be started.
        """
        if self._run is not None:
            raise LaunchError("the program runs already")
        from pyprobe.session.run import Run  # here, so that a window opens without it

        self._boards.begin_run()
        self._model.begin_run()
        try:
            self._run = Run(
                self.program,
                self._options,
                self._model,
                self.recorder,
                self._wake,
                boards=self._boards,
                triggers=lambda: self.trigger_board,
                debug=lambda: self.debug,
            )
        except LaunchError:
            self._model.set_state(ProgramState.IDLE)
            raise
        for probe in self._model.probes.values():
            probe.captured, probe.dropped = 0, 0
            probe.trigger_reading = None
            if not probe.history.count:
                probe.history.epoch_ns = self._model.epoch_ns
            status = ProbeStatus.INVALID if probe.lost else ProbeStatus.ARMED
            self._model.set_status(probe, status, probe.lost)

    def restart(self, *, clear_histories: bool = True) -> None:
        """Stop the program if it runs, then start it again with the same probes.

        What was captured so far joins each probe's earlier histories, and its history begins
        empty; without ``clear_histories`` it goes on. A program that has to end first and then
        cannot be started again is told of by a note.

        Raises:
            LaunchError: it had ended already and cannot be started.
        """
        self._restart_clears = clear_histories
        if self._run is not None:
            self._run.stop()
        else:
            self._start_again()

    def _start_again(self) -> None:
        clears, self._restart_clears = self._restart_clears, None
        self.start()
        if clears:
            for probe in self._model.probes.values():
                probe.begin_generation(self._model.epoch_ns)
                self._model.tell_probe(probe)

    def forget_earlier(self) -> bool:
        """Let the histories of earlier runs go; False if there are none."""
        return self._model.forget_earlier()

    def stop(self) -> None:
        """Ask the program to end, its process group too; it is killed after three seconds."""
        self._restart_clears = None
        if self._run is not None:
            self._run.stop()

    def send_signal(self, number: int) -> None:
        """Pass a signal on to the program."""
        if self._run is not None:
            self._run.target.send_signal(number)

    def pause(self, thread: int = 0) -> None:
        """Stop a thread of the program at its next line, 0 for the first that comes to one.

        Whether the others halt too is one of the settings of ``debug``; they do at first.
        """
        self.debug.pause(thread)

    def resume(self) -> None:
        """Let the program go on."""
        if self._run is not None:
            self._run.resume()

    def send_input(self, text: str) -> None:
        """Write text to the program's standard input."""
        if self._run is not None:
            self._run.target.send_input(text)

    def close_input(self) -> None:
        """Let the program see the end of its standard input."""
        if self._run is not None:
            self._run.target.close_input()

    # What comes from it

    def process_events(self, max_ms: float = 8.0) -> bool:
        """Apply what has come from the program and tell the listeners; True when more waits."""
        run = self._run
        if run is None:
            return False
        if run.process(monotonic() + max_ms / 1000):
            return True
        self._look_at_recorder()
        self._model.mark_stale()
        run.watch_connection()
        ending = run.ending()
        if ending is None:
            return False
        if run.process(monotonic() + max_ms / 1000):  # what came while we looked
            return True
        self._end(run, ending)
        return False

    def attach_recorder(self, recorder: "Recorder") -> None:
        """Record the run that goes on, from here, or the next one; it stays the caller's.

        While there is a recorder nothing is dropped, and arrays are whole: the program waits.
        """
        self.recorder = recorder
        if self._run is not None:
            self._run.set_recorder(recorder)

    def detach_recorder(self) -> None:
        """Record no more; the caller finishes the recorder."""
        self.recorder = None
        if self._run is not None:
            self._run.set_recorder(None)

    def _look_at_recorder(self) -> None:
        if self.recorder is not None:
            self.recorder.flush_if_due()
            if self.recorder.failure:
                self._model.note(self.recorder.failure)

    def _end(self, run: "Run", ending: Ending) -> None:
        self._run = None
        run.close()
        if self.recorder is not None:
            self.recorder.end_run(ending)
        self._boards.run_ended()
        self._model.end(ending)
        if self._restart_clears is not None:
            try:
                self._start_again()
            except LaunchError as error:
                self._model.note(f"The program cannot be started again: {error}.")

    def wait(self, timeout_s: float | None) -> bool:
        """Block until there is something to process; False when the time was up first."""
        came = self._something.wait(timeout_s)
        self._something.clear()
        return came

    def _wake(self) -> None:
        self._something.set()
        self.wakeup()

    # The end

    def close(self) -> None:
        """End the program if it runs; leave no process, thread, socket, file or shared memory.

        Idempotent. Histories keep what is in memory. What has not been processed by now is lost.
        """
        self._restart_clears = None
        run, self._run = self._run, None
        if run is not None:
            run.close()
            self._model.set_state(ProgramState.ENDED)
        self._model.histories.close()


def _anchor(occurrence: Occurrence, file: str) -> ProbeAnchor:
    return ProbeAnchor(
        os.path.abspath(file),
        occurrence.line,
        occurrence.col,
        occurrence.symbol,
        occurrence.func,
    )
