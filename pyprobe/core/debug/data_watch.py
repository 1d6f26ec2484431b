"""DataWatch: finds the changes that instructions make to one watched thing, and tells of them."""

from _thread import get_ident
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from pyprobe.core.debug.slot_sites import Select
from pyprobe.core.debug.value_sight import NO_VALUE, Sight, sight_of
from pyprobe.core.events.base import Handler
from pyprobe.core.frame_reader import Reader
from pyprobe.core.plain_access import AbsentError, PlainAccessError
from pyprobe.core.plain_types import MISSING

_MAX_REMEMBERED = 1000
_MAX_PARTS = 1_000_000
_MAX_PENDING = 50  # stores within stores, of one thread

# Reads the watched thing: from a frame, and from the object that ``Select`` has found there.
ReadSlot = Callable[[FrameType, object], object]
# Is called at a change: in which frame, what has happened, in which object, and the value now.
Tell = Callable[[FrameType, str, object, object], None]


@dataclass(slots=True, eq=False)
class _Pending:
    """An instruction that is just being executed. It holds its object for that long.

    ``site`` is what looked at it: there may be several of one instruction.
    """

    frame_id: int
    offset: int
    site: object
    thing: object
    before: Sight
    value_id: int


class DataWatch:
    """``symbol`` as it stands in the source. ``refresh`` is called after each store in an object,
    before a change is told: this has been looked at. ``unreadable`` is told why it cannot be read.

    What an object's contents were is remembered by its id, as long as it is bound where it is seen.
    """

    def __init__(self, symbol: str, *, unreadable: Callable[[str], None]) -> None:
        self.symbol = symbol
        self.refresh: Callable[[FrameType, object], None] | None = None
        self._unreadable = unreadable
        self._pending: dict[int, list[_Pending]] = {}  # by thread
        self._contents: OrderedDict[int, Sight] = OrderedDict()  # by object
        self._parts = 0  # of all of them

    def at_store(
        self, site: object, store: int, select: Select, read: ReadSlot, *, augmented: bool
    ) -> Handler:
        """Return what looks at the value just before the instruction at ``store`` changes it.

        ``augmented``: it ends an ``x += …``, which has changed the contents by now.
        """

        def look(frame: FrameType) -> None:
            thing = select(frame)
            if thing is MISSING:
                return
            looked = self._look(frame, thing, read, augmented)
            if looked is None:
                return
            before, value_id = looked
            frame_id, ident = id(frame), get_ident()
            pending = self._pending.get(ident)
            if pending is None:
                self._pending[ident] = [_Pending(frame_id, store, site, thing, before, value_id)]
                return
            if pending:  # what this frame has left there has failed
                pending[:] = [
                    one
                    for one in pending[-_MAX_PENDING:]
                    if one.frame_id != frame_id or (one.offset == store and one.site is not site)
                ]
            pending.append(_Pending(frame_id, store, site, thing, before, value_id))

        return look

    def after_store(
        self, site: object, what: str, read: ReadSlot, tell: Tell, *, is_call: bool
    ) -> Handler:
        """Return what compares the value just after the instruction, and tells of a change.

        ``what``: it was ``bound in line 3``. ``is_call``: what was called may have changed the
        contents only, which is no binding.
        """

        def compare(frame: FrameType) -> None:
            done = self._done(id(frame), site)
            if done is None:
                return  # arrived here by a jump
            found = self._now(frame, done.thing, read)
            if found is None:
                return
            now, value = found
            if is_call and now.text and id(value) == done.value_id:
                return  # its contents only
            self.keep(id(value), now)
            if self.refresh is not None:
                self.refresh(frame, done.thing)
            if not now.is_same(done.before):
                self._settle(done.thing, now)
                said = f"{self.symbol} was {done.before}, is {now}; {what}"
                tell(frame, said, done.thing, value)

        return compare

    def _done(self, frame_id: int, site: object) -> _Pending | None:
        """Return the look that was taken before the instruction that has just been executed."""
        ident = get_ident()
        pending = self._pending.get(ident)
        if pending is None:
            return None
        for one in reversed(pending):
            if one.frame_id != frame_id:
                return None
            if one.site is site:
                if len(pending) == 1:
                    del self._pending[ident]
                else:
                    pending.remove(one)
                return one
        return None

    def settle(self, thing: object, value: object) -> None:
        """A change of what is in ``thing`` is told: the stores around it have nothing to add."""
        if get_ident() in self._pending:
            try:
                self._settle(thing, sight_of(value, self._contents.get(id(value))))
            except RuntimeError:  # changed by a thread meanwhile
                return

    def _settle(self, thing: object, now: Sight) -> None:
        for one in self._pending.get(get_ident(), ()):
            if one.thing is thing:
                one.before = now

    def at_entry(self, read: Reader) -> Handler:
        """Return what looks at a parameter: it is another object with each call."""

        def look(frame: FrameType) -> None:
            found = self._now(frame, None, lambda frame, _thing: read(frame))
            if found is not None:
                self.keep(id(found[1]), found[0])

        return look

    def forget(self, frame: FrameType) -> None:
        """A store of this frame has failed: nothing was bound."""
        ident, frame_id = get_ident(), id(frame)
        pending = self._pending.get(ident)
        if pending:
            pending[:] = [one for one in pending if one.frame_id != frame_id]
            if not pending:
                del self._pending[ident]

    def _now(self, frame: FrameType, thing: object, read: ReadSlot) -> tuple[Sight, object] | None:
        """Look at what is bound now; None where it cannot be read."""
        try:
            value = read(frame, thing)
            now = sight_of(value, self._contents.get(id(value)) if self._contents else None)
        except (KeyError, AbsentError):
            return NO_VALUE, None
        except PlainAccessError as error:
            self._unreadable(str(error))
            return None
        except RuntimeError:  # changed by a thread meanwhile
            return None
        return now, value

    def kept(self, object_id: int) -> Sight | None:
        """Return what an object's contents were."""
        return self._contents.get(object_id)

    def keep(self, object_id: int, now: Sight) -> None:
        """Remember the contents of an object."""
        if not now.text or now is NO_VALUE:
            return  # what is plain cannot change in place
        contents = self._contents
        before = contents.pop(object_id, NO_VALUE)
        contents[object_id] = now
        self._parts += now.size - before.size
        while len(contents) > _MAX_REMEMBERED or (self._parts > _MAX_PARTS and len(contents) > 1):
            self._parts -= contents.popitem(last=False)[1].size

    def _look(
        self, frame: FrameType, thing: object, read: ReadSlot, augmented: bool
    ) -> tuple[Sight, int] | None:
        try:
            value = read(frame, thing)
            kept = self._contents.get(id(value)) if self._contents else None
            before = kept if augmented and kept is not None else sight_of(value, kept)
            return before, id(value)
        except (KeyError, AbsentError):
            return NO_VALUE, 0
        except PlainAccessError as error:
            self._unreadable(str(error))
            return None
        except RuntimeError:
            return NO_VALUE, 0
