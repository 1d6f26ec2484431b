"""InPlace: finds changes of contents by comparing, each time code that can reach them goes on."""

from _thread import RLock
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType

from pyprobe.core.debug.culprits import Culprits
from pyprobe.core.debug.data_watch import DataWatch, Tell
from pyprobe.core.debug.slot import Slot
from pyprobe.core.debug.slot_holders import Holder, weak
from pyprobe.core.debug.value_sight import NO_VALUE, Sight, sight_of
from pyprobe.core.events.base import Handler, ValueHandler
from pyprobe.core.plain_access import AbsentError, PlainAccessError

_MAX_PLACES = 1000
_TRIES = 3

# Yields what is to be compared as seen from a frame: the object that holds it, and its value.
Look = Callable[[FrameType], Iterator[tuple[object, Callable[[], object]]]]
_Change = tuple[str, object, object]


class InPlace:
    """Compares what ``look`` sees. What it was is remembered by the object that holds it."""

    def __init__(self, watch: DataWatch, look: Look, culprits: Culprits) -> None:
        self._watch = watch
        self._look = look
        self._culprits = culprits
        self._lock = RLock()
        self._places: OrderedDict[int, tuple[object, Sight]] = OrderedDict()

    def at_line(self, tell: Tell) -> Handler:
        """Return what compares where a line is arrived at."""
        culprit_at = self._culprits.at_line

        def compare(frame: FrameType) -> None:
            self._tell(frame, culprit_at(frame), tell)

        return compare

    def at_leave(self, tell: Tell) -> ValueHandler:
        """Return what compares where a function is left."""
        culprit_at = self._culprits.at_leave

        def compare(frame: FrameType, *_value: object) -> None:
            self._tell(frame, culprit_at(frame), tell)

        return compare

    def at_yield(self, tell: Tell) -> ValueHandler:
        """Return what compares where a generator hands over."""
        culprit_at = self._culprits.at_yield

        def compare(frame: FrameType, *_value: object) -> None:
            self._tell(frame, culprit_at(frame), tell)

        return compare

    def refresh(self, frame: FrameType) -> None:
        """Look at what there is now; changes are told by whoever asks for this."""
        with self._lock:
            for _change in self._changes(frame):
                pass

    def _tell(self, frame: FrameType, culprit: str, tell: Tell) -> None:
        with self._lock:
            changes = list(self._changes(frame))
        for said, holder, value in changes:
            tell(frame, f"{self._watch.symbol} {said}; changed in place{culprit}", holder, value)

    def _changes(self, frame: FrameType) -> Iterator[_Change]:
        for holder, read in self._look(frame):
            found = _sight(read)
            if found is None:
                continue
            now, value = found
            if holder is None and not now.text:
                continue  # a variable's own plain value changes by being bound
            before = self._before(holder, value)
            if before is None or not now.is_same(before):
                self._keep(holder, value, now)
                if before is not None:
                    yield f"was {before}, is {now}", holder, value

    def _before(self, holder: object, value: object) -> Sight | None:
        if holder is None:
            return self._watch.kept(id(value))
        known = self._places.get(id(holder))
        if known is None:
            return None
        reference, sight = known
        if reference is not None and reference() is not holder:  # type: ignore[operator]
            return None  # another that lies where it was
        return sight

    def _keep(self, holder: object, value: object, now: Sight) -> None:
        self._watch.keep(id(value), now)
        if holder is None:
            return
        self._places[id(holder)] = weak(holder), now
        self._places.move_to_end(id(holder))
        while len(self._places) > _MAX_PLACES:
            self._places.popitem(last=False)


def _sight(read: Callable[[], object]) -> tuple[Sight, object] | None:
    """Look at a value; None where it cannot be read, or threads keep changing it."""
    for _ in range(_TRIES):
        try:
            value = read()
            return sight_of(value), value
        except (KeyError, AbsentError):
            return NO_VALUE, None
        except PlainAccessError:
            return None
        except RuntimeError:
            continue
    return None


def look_at_slot(slot: Slot, holder: Holder) -> Look:
    """Return the look at a slot of all objects that are known to hold it."""

    def look(frame: FrameType) -> Iterator[tuple[object, Callable[[], object]]]:
        for one in holder.known(frame):
            yield one, partial(slot.read, one)

    return look
