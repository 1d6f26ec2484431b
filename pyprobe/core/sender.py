"""Sender: captures, counters and news on their way to the front end, bounded at all times.

Captures wait in a queue of their own. When the front end stalls, the oldest are dropped and counted
(live), or the gate is closed and the program waits (lossless).
"""

from collections import deque
from collections.abc import Iterator
from time import perf_counter_ns, process_time_ns, thread_time_ns
from typing import NamedTuple, Protocol, cast

from pyprobe.core.batch_memory import BatchMemory
from pyprobe.core.hit_sending import HitSending
from pyprobe.core.self_measure import measure_costs
from pyprobe.core.target_parts import TargetParts
from pyprobe.core.throttle import ThrottleStrategy
from pyprobe.core.trigger_news import TriggerNews
from pyprobe.ipc.array_frames import ArrayFrames
from pyprobe.ipc.capture_rows import CaptureRows
from pyprobe.ipc.codec import encode
from pyprobe.ipc.column_writer import build_columns, slots_of
from pyprobe.ipc.columns import ValueKind
from pyprobe.ipc.messages import Captures, Message, ProbeState
from pyprobe.ipc.packed import PackedArray
from pyprobe.ipc.small_frames import SmallFrames
from pyprobe.ipc.stats_frames import ProbeCounters, StatsFrames

WAITING_LIMIT_BYTES = 16 << 20
_PIPE_LIMIT_BYTES = 1 << 20
# A frame is dropped, recorded or lost whole. On a busy machine this thread may come late, and one
# of all that waits then would be larger than what a disk has left, or than what a person waits for.
_MOST_IN_FRAME = 1 << 15
# What the program loses beside the service thread's own time at each of its turns: two changes of
# the GIL's holder, cold caches. Found by measuring: with 0.15 ms a hot loop with `auto` at 5 % was
# slower by 7.1 % (and 8.3, 9.9), with this by 4.2 % on 3.13 and 5.4 % on 3.12.
HANDOFF_NS = 500_000
_STATS_INTERVAL_NS = 250_000_000
# What changes without a word is asked for ever more rarely while it stays the same: each turn for
# nothing costs a hot loop as much as one with captures.
_LONGEST_ASKING_NS = 1_000_000_000
_PACKED_KINDS = (ValueKind.ARRAY.value, ValueKind.TEXT.value, ValueKind.TREE.value)


class _Waiting(NamedTuple):
    """A frame of captures that the pipe has not taken yet; the rest is for when it is dropped."""

    frame: bytes
    counts: list[tuple[int, int]]  # probe_id, captures
    slots: list[tuple[int, ...]]


class Reporter(Protocol):
    """Who has news of its own to send: breakpoints. All is called on the sender's thread."""

    @property
    def has_untold(self) -> bool:
        """Whether there may be news that ``gate.counts_changed`` is not called for."""

    def news(self) -> Iterator[Message]:
        """Yield what is to be sent at once."""

    def changed(self) -> Iterator[Message]:
        """Yield what has changed and is sent a few times a second."""


class Sender:
    """Used by one thread at a time: the service thread, or whoever has stopped it.

    ``post`` alone may be called from any thread.
    """

    def __init__(self, parts: TargetParts) -> None:
        self._parts = parts
        self._posted: deque[Message] = deque()
        self._cost_per_capture_ns = 0
        self._turn_ended_ns = perf_counter_ns()
        self._program_ns = 0  # the processor time of all its threads
        self._began_ns = perf_counter_ns()
        self._stats_ns = 0
        self._asking_interval_ns = _STATS_INTERVAL_NS
        self._told: dict[int, str] = {}
        self._triggers = TriggerNews(parts.engine.triggers, parts.engine.watching.watches)
        self.breakpoints: Reporter | None = None
        self._small_frames = SmallFrames()
        self._stats_frames = StatsFrames()
        self._array_frames = ArrayFrames()
        self._hits = HitSending(parts.log, parts.connection, self._array_frames, self._posted)
        parts.gate.send_here = self._hits.send
        self._batch_memory = BatchMemory()
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._gone_dropped = 0
        self.refused = 0
        self._last_stats: tuple[object, ...] = ()
        self.captured = 0

    def send(self, message: Message) -> None:
        """Queue one message; nothing of it is lost as long as the pipe is there."""
        self._parts.connection.queue(encode(message))

    def post(self, message: Message) -> None:
        """Have a message sent at the next turn."""
        self._posted.append(message)

    def turn(self) -> None:
        """Queue what is waiting: news, counters. The pipe takes it in ``fill_pipe``."""
        while self._posted:
            self.send(self._posted.popleft())
        self._tell_details()
        for note in self._triggers.settled():
            self.send(note)
        if self._parts.connection.pending_bytes < _PIPE_LIMIT_BYTES:
            self._tell_of_breakpoints(all_of_it=False)
        if perf_counter_ns() >= self._stats_ns + _STATS_INTERVAL_NS:
            self.send_stats()

    def fill_pipe(self) -> None:
        """Let the pipe take what it can; drop or make the program wait if it takes too little."""
        self._fill_pipe()
        self._regulate()

    def _tell_of_breakpoints(self, *, all_of_it: bool) -> bool:
        """Send their news, and what has changed; whether there was any."""
        reporter = self.breakpoints
        told = False
        if reporter is None:
            return told
        for message in reporter.news():
            self.send(message)
            told = True
        for message in reporter.changed() if all_of_it else ():
            self.send(message)
            told = True
        return told

    def _fill_pipe(self) -> None:
        connection = self._parts.connection
        while (not connection.pending_bytes or connection.flush()) and self._waiting:
            while self._waiting and connection.pending_bytes < _PIPE_LIMIT_BYTES:
                frame = self._waiting.popleft().frame
                self._waiting_bytes -= len(frame)
                connection.queue(frame)

    def _regulate(self) -> None:
        """Drop the oldest captures, or make the program wait, while the front end takes nothing."""
        gate = self._parts.gate
        if not gate.lossless:
            while self._waiting_bytes > WAITING_LIMIT_BYTES:
                waiting = self._waiting.popleft()
                self._waiting_bytes -= len(waiting.frame)
                self._drop(waiting)
        if self._waiting_bytes > WAITING_LIMIT_BYTES:
            gate.close()
        elif self._waiting_bytes <= WAITING_LIMIT_BYTES // 2:
            gate.open()

    def _drop(self, waiting: _Waiting) -> None:
        for probe_id, count in waiting.counts:
            probe = self._parts.engine.probes.get(probe_id)
            if probe is None:
                self._gone_dropped += count
            else:
                probe.dropped += count
        if self._parts.ring is not None:
            for position, size in waiting.slots:
                self._parts.ring.forget(position, size)

    def has_waiting(self) -> bool:
        """Whether something waits for the pipe to take it."""
        return bool(self._waiting) or self._parts.connection.pending_bytes > 0

    def leave_to_hits(self) -> None:
        """Let hits send from now on, until ``take_back``; nothing may wait for the pipe."""
        self._hits.open()

    def take_back(self) -> None:
        """Let hits send no more; count what they have sent, and keep what the pipe has not taken.

        Called before anything else is done. Harmless when done already.
        """
        for sent in self._hits.close():
            frame, rows = sent.batch.frame, sent.batch.rows
            probe_id, captures = rows.probe_ids[0], len(rows.values)
            self._count(probe_id, captures, is_number=False)
            if sent.is_whole:
                continue
            if sent.nbytes <= 0:
                slots = slots_of(rows.values)
                self._wait_with(_Waiting(frame, [(probe_id, captures)], slots))
            else:
                self._parts.connection.queue_rest(sent.batch.data[sent.nbytes :])

    def flush_captures(self) -> None:
        """Drain the log into Captures messages: one, unless much has come together."""
        first_seq, rows = self._parts.log.drain()
        self._parts.gate.drained()
        self._batch_memory.keep(len(rows.values))
        for before, portion in rows.portions(_MOST_IN_FRAME):
            if not self._uses_template(first_seq + before, portion):
                self._build_frame(first_seq + before, portion)

    def _uses_template(self, first_seq: int, rows: CaptureRows) -> bool:
        """Have captures wait in a frame that is filled in; False for what has to be built."""
        is_array = type(rows.values[0]) is PackedArray
        frame = self._array_frames.frame_of(first_seq, rows) if is_array else None
        if frame is not None:
            probe_id, captures = rows.probe_ids[0], len(rows.values)
            self._count(probe_id, captures, is_number=False)
            self._wait_with(_Waiting(frame, [(probe_id, captures)], slots_of(rows.values)))
            return True
        frame = self._small_frames.frame_of(first_seq, rows)
        if frame is None:
            return False
        counts = [(one, 1) for one in rows.probe_ids]
        for probe_id, count in counts:
            self._count(probe_id, count, is_number=True)
        self._wait_with(_Waiting(frame, counts, []))
        return True

    def _build_frame(self, first_seq: int, rows: CaptureRows) -> None:
        probes = list(self._parts.engine.probes.values())
        only_floats = {probe.probe_id for probe in probes if not probe.has_others}
        columns = build_columns(rows, first_seq, only_floats=only_floats)
        for column in columns:
            self._count(column["p"], column["n"], is_number=column["k"] not in _PACKED_KINDS)
        frame = encode(Captures(cast(list[object], columns)))
        counts = [(column["p"], column["n"]) for column in columns]
        slots = slots_of(rows.values) if any(one["k"] in _PACKED_KINDS for one in columns) else []
        self._wait_with(_Waiting(frame, counts, slots))

    def _wait_with(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        self._waiting_bytes += len(waiting.frame)

    def send_stats(self) -> None:
        """Send the counters if any has changed."""
        now_ns = perf_counter_ns()
        self._stats_ns = now_ns
        self._tell_counts()
        parts = self._parts
        probes = [
            ProbeCounters(probe.probe_id, probe.mode(), probe.captured, probe.dropped)
            for probe in list(parts.engine.probes.values())
        ]
        dropped, faults = self.dropped(), parts.door.fault_count + self.refused
        state = (self.captured, dropped, faults, probes)
        if state == self._last_stats:
            return
        self._last_stats = state
        elapsed_ns = now_ns - self._began_ns
        cost_ns = min(parts.budget.cost_ns, elapsed_ns)
        counters = (self.captured, dropped, cost_ns, elapsed_ns, faults)
        parts.connection.queue(self._stats_frames.frame_of(counters, probes))

    def _tell_counts(self) -> None:
        """Send what has changed of triggers and breakpoints."""
        gate = self._parts.gate
        gate.counts_wanted = True  # before they are read: one that changes now is told of next time
        told = False
        for note in self._triggers.changed():
            self.send(note)
            told = True
        if self._tell_of_breakpoints(all_of_it=True) or told:
            gate.counts_wanted = False
            self._asking_interval_ns = _STATS_INTERVAL_NS
        else:
            self._asking_interval_ns = min(2 * self._asking_interval_ns, _LONGEST_ASKING_NS)

    def stats_due_ns(self) -> int | None:
        """Return when counters are to be sent; None while nothing is new."""
        if self._last_stats[:1] != (self.captured,) or not self._parts.gate.counts_wanted:
            return self._stats_ns + _STATS_INTERVAL_NS
        has_untold = self.breakpoints is not None and self.breakpoints.has_untold
        if has_untold or self._triggers.has_untold():
            return self._stats_ns + self._asking_interval_ns
        return None

    def dropped(self) -> int:
        """Return how many captures were not taken, or not sent, for lack of room."""
        probes = list(self._parts.engine.probes.values())
        return self._gone_dropped + sum(probe.dropped for probe in probes)

    def forget(self, probe_id: int) -> None:
        """A probe is being removed: its counters stay in the sums."""
        probe = self._parts.engine.probes.get(probe_id)
        if probe is not None:
            self._gone_dropped += probe.dropped
            self._told.pop(probe_id, None)

    def drain_pipe(self) -> None:
        """Block until the front end has taken everything.

        Raises:
            ConnectionLost: it is gone.
        """
        self._fill_pipe()
        while self.has_waiting():
            self._parts.connection.wait(for_write=True)
            self._fill_pipe()

    def take_rest(self, last: Message) -> bytes:
        """Return, as bytes of the pipe, what that takes no more, and ``last``."""
        self.flush_captures()
        while self._waiting:
            self._parts.connection.queue(self._waiting.popleft().frame)
        self.send(last)
        return self._parts.connection.take_rest()

    def charge_turn(self, began_ns: int) -> None:
        """Count a turn of the service thread: while that works, or is kept from it, others wait.

        Only as far as there is somebody to wait: a program that slept since the last turn, but for
        a tenth of the time, has lost a tenth of this one. What it has waited for room is counted
        whole.
        """
        ended_ns = perf_counter_ns()
        outside_ns, self._turn_ended_ns = began_ns - self._turn_ended_ns, ended_ns
        program_ns = process_time_ns() - thread_time_ns()
        worked_ns, self._program_ns = program_ns - self._program_ns, program_ns
        busy = min(max(worked_ns, 0) / max(outside_ns, 1), 1.0)
        waited_ns = self._parts.gate.waited_ns
        self._parts.gate.waited_ns -= waited_ns
        self._parts.budget.spend(int((ended_ns - began_ns + HANDOFF_NS) * busy) + waited_ns)

    def begin_thread(self) -> None:
        """Measure, on the thread that calls, what captures cost here."""
        if not self._cost_per_capture_ns:
            self._cost_per_capture_ns = measure_costs(self._parts.budget)

    def _count(self, probe_id: int, count: int, *, is_number: bool) -> None:
        self.captured += count
        probe = self._parts.engine.probes.get(probe_id)
        if probe is None:
            return
        probe.captured += count
        if is_number and probe.config.throttle_strategy is not ThrottleStrategy.AUTO:
            self._parts.budget.spend(count * self._cost_per_capture_ns)

    def _tell_details(self) -> None:
        """Say why a probe cannot capture, each reason once."""
        for probe in list(self._parts.engine.probes.values()):
            if probe.detail and self._told.get(probe.probe_id) != probe.detail:
                self._told[probe.probe_id] = probe.detail
                self.send(ProbeState(probe.probe_id, "invalid", probe.detail))
