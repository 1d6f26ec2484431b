"""WaitingHit: takes the hit of a thread that waits for its turn near by, and arms nothing.

A tight loop lets others have the interpreter's lock at its jump back, and often its frame then
holds what a handler has seen in this round (``core.waiting_place``). So when a probe is due, the
service thread, which runs because the loop waits, need only look. The loop stays plain; to arm it,
to answer its event and to come back for the capture costs it more, and on 3.12 leaves it slower by
some per cent.

Only numbers, which nobody changes while they are stored. Of each frame the last one is held: what
is another object was bound since, so that no hit is taken twice, whoever took it first.
"""

from _thread import get_ident
from collections.abc import Callable
from sys import _current_frames
from time import perf_counter_ns
from types import CodeType, FrameType

from pyprobe.core.capture_log import Extend
from pyprobe.core.events.base import Handler
from pyprobe.core.frame_slots import Slot
from pyprobe.core.gate import Gate
from pyprobe.core.memory_arrays import address_of
from pyprobe.core.target_probe import TargetProbe

_INT64 = range(-(2**63), 2**63)
_MOST_FRAMES = 1000  # whose last numbers are held; those that have ended are not told from others

_NONE = object()
# Returns what the variable is bound to, if the frame stands at that offset; else _NONE.
_ReadAt = Callable[[FrameType, int], object]


class WaitingHit:
    """Of a probe of a local variable in a code object."""

    def __init__(
        self,
        probe: TargetProbe,
        code: CodeType,
        name: str,
        slot: Slot | None,
        find_offset: Callable[[], int | None],
        *,
        gate: Gate,
        extend: Extend,
    ) -> None:
        """``slot`` is where the variable lies; without one ``f_locals`` reads it (3.13).

        ``find_offset`` tells where a thread waits; it is asked when that is first needed, as a
        first capture is in haste.
        """
        self.probe = probe
        self.interval_ns = int(probe.config.throttle_param * 1e6)
        self._find_offset: Callable[[], int | None] | None = find_offset
        self._offset: int | None = None
        self._code = code
        self._read = _namespace_reader(name) if slot is None else _slot_reader(slot)
        self._gate = gate
        self._extend = extend
        self._last: dict[int, object] = {}

    @property
    def waiting_offset(self) -> int | None:
        """Where a thread waits with the value at hand, None if there is no such place."""
        if self._find_offset is not None:
            self._offset, self._find_offset = self._find_offset(), None
        return self._offset

    def noted(self, take: Handler) -> Handler:
        """Wrap the probe's taker, so that what it has taken is not taken again."""
        read, note = self._read, self._note

        def taker(frame: FrameType) -> object:
            taken = take(frame)
            if taken:
                try:
                    note(id(frame), read(frame, frame.f_lasti))
                except RecursionError:  # not passed on: who made room would take the hit again
                    return taken
            return taken

        return taker

    def take(self) -> bool:
        """Append a capture, if a thread waits there after a hit that was not taken yet.

        Called by the service thread.
        """
        offset = self.waiting_offset
        if offset is None or self._gate.attention:
            return False
        thread, frame_id, value = self._look(offset)
        if not _is_number(value) or self._last.get(frame_id) is value:
            return False
        self._note(frame_id, value)
        if type(value) is not float:
            self.probe.has_others = True  # before it is appended
        t_ns = perf_counter_ns()
        self._extend((self.probe.probe_id, t_ns, thread, value))
        self.probe.due_ns = t_ns + self.interval_ns
        return True

    def _look(self, offset: int) -> tuple[int, int, object]:
        """Return the only thread that runs the code, the ``id`` of its frame, and the value.

        The value is _NONE where there are several threads, as the same would be found each time.
        Frames are held no longer than this.
        """
        code, found = self._code, (0, 0, _NONE)
        try:
            frames = _current_frames()
        except Exception:  # noqa: BLE001  an audit hook of the program has raised it
            return found
        frames.pop(get_ident(), None)  # our own would hold this very dict, and with it all others
        for thread, frame in frames.items():
            if frame.f_code is code:
                if found[0]:
                    return 0, 0, _NONE
                found = thread, id(frame), self._read(frame, offset)
        return found

    def _note(self, frame_id: int, value: object) -> None:
        """Remember what was taken of a frame; nothing but numbers is held."""
        if len(self._last) >= _MOST_FRAMES:
            self._last.clear()
        if _is_number(value):
            self._last[frame_id] = value
        else:
            self._last.pop(frame_id, None)


def _is_number(value: object) -> bool:
    kind = type(value)
    return kind is float or (kind is int and value in _INT64)


def _slot_reader(slot: Slot) -> _ReadAt:
    records, values = slot

    def read(frame: FrameType, offset: int) -> object:
        address = address_of(frame)
        # From here to the value nothing lets another thread in: it is no call and no jump back.
        if frame.f_lasti != offset:
            return _NONE
        try:
            return values[records[address >> 3] >> 3]
        except ValueError:
            return _NONE

    return read


def _namespace_reader(name: str) -> _ReadAt:
    def read(frame: FrameType, offset: int) -> object:
        # From here to the value nothing lets another thread in: it is no call and no jump back.
        if frame.f_lasti != offset:
            return _NONE
        try:
            return frame.f_locals[name]
        except KeyError:
            return _NONE

    return read
