"""DataWatch: finds the changes of one variable, attribute or element, and says what they were."""

from _thread import get_ident
from collections import OrderedDict
from types import FrameType

from pyprobe.core.debug.target_breakpoint import Hit
from pyprobe.core.debug.value_sight import NO_VALUE, Sight, sight_of
from pyprobe.core.events.base import Handler
from pyprobe.core.frame_reader import Reader
from pyprobe.core.plain_access import PlainAccessError

_MAX_REMEMBERED = 1000


class DataWatch:
    """``symbol`` as it stands in the source. ``owner_id`` is the only object whose attribute is
    watched, 0 for any.

    What an object's contents were is remembered by its id, as long as it is bound where it is seen.
    """

    def __init__(self, symbol: str, owner_id: int) -> None:
        self.symbol = symbol
        self._owner_id = owner_id
        self._before: dict[int, tuple[int, int, Sight]] = {}  # by thread: frame, store, what was
        self._contents: OrderedDict[int, Sight] = OrderedDict()  # by object
        self._line_before: dict[int, int] = {}  # by thread

    def at_store(self, store: int, read: Reader, base: Reader | None) -> Handler:
        """Return what looks at the value just before the instruction at ``store`` binds it."""

        def look(frame: FrameType) -> None:
            if base is None or self._is_owner(frame, base):
                self._before[get_ident()] = id(frame), store, self._look(frame, read)

        return look

    def after_store(self, store: int, line: int, read: Reader, hit: Hit) -> Handler:
        """Return what compares the value just after it was bound, and tells of a change."""

        def compare(frame: FrameType) -> None:
            before = self._before.pop(get_ident(), None)
            if before is None or before[:2] != (id(frame), store):
                return  # arrived here by a jump
            now = self._remember(frame, read)
            if now is not None and not now.is_same(before[2]):
                hit(frame, f"{self.symbol} was {before[2]}, is {now}; bound in line {line}")

        return compare

    def at_raise(self, frame: FrameType) -> None:
        """The store has failed: nothing was bound."""
        self._before.pop(get_ident(), None)

    def at_line(self, read: Reader, base: Reader | None, hit: Hit) -> Handler:
        """Return what compares the contents each time the code that can reach it goes on."""

        def compare(frame: FrameType, *_value: object) -> None:
            thread, line = get_ident(), frame.f_lineno
            line_before = self._line_before.get(thread, 0)
            self._line_before[thread] = line
            if base is not None and not self._is_owner(frame, base):
                return
            before, now, is_known = self._contents_at(frame, read)
            if is_known and now is not None and before is not None and not now.is_same(before):
                where = f" by line {line_before}" if line_before else ""
                hit(frame, f"{self.symbol} was {before}, is {now}; changed in place{where}")

        return compare

    def at_entry(self, read: Reader) -> Handler:
        """Return what looks at a parameter: it is another object with each call."""

        def look(frame: FrameType) -> None:
            self._line_before.pop(get_ident(), None)
            self._remember(frame, read)

        return look

    def _contents_at(
        self, frame: FrameType, read: Reader
    ) -> tuple[Sight | None, Sight | None, bool]:
        try:
            value = read(frame)
            before = self._contents.get(id(value))
            now = sight_of(value)
        except (KeyError, PlainAccessError, RuntimeError):  # not there, or changed by a thread
            return None, None, False
        if before is None or not now.is_same(before):
            self._keep(id(value), now)
        return before, now, before is not None

    def _remember(self, frame: FrameType, read: Reader) -> Sight | None:
        try:
            value = read(frame)
            now = sight_of(value)
        except (KeyError, PlainAccessError, RuntimeError):
            return None
        self._keep(id(value), now)
        return now

    def _keep(self, object_id: int, now: Sight) -> None:
        if now.text:  # what is plain cannot change in place
            self._contents[object_id] = now
            self._contents.move_to_end(object_id)
            while len(self._contents) > _MAX_REMEMBERED:
                self._contents.popitem(last=False)

    def _look(self, frame: FrameType, read: Reader) -> Sight:
        """Look at what is about to be bound anew; ``x += …`` has changed its contents by now."""
        try:
            value = read(frame)
            return self._contents.get(id(value)) or sight_of(value)
        except (KeyError, PlainAccessError, RuntimeError):
            return NO_VALUE

    def _is_owner(self, frame: FrameType, base: Reader) -> bool:
        try:
            return id(base(frame)) == self._owner_id
        except (KeyError, PlainAccessError):
            return False
