"""InPlace: finds changes of contents by comparing, each time code that can reach them goes on."""

from _thread import RLock
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import NamedTuple

from pyprobe.core.debug.culprits import Culprits, Suspects
from pyprobe.core.debug.data_watch import DataWatch, Tell
from pyprobe.core.debug.slot import Slot
from pyprobe.core.debug.slot_holders import Holder, is_or_has, weak
from pyprobe.core.debug.value_sight import NO_VALUE, Sight, sight_of
from pyprobe.core.events.base import Handler, ValueHandler
from pyprobe.core.plain_access import AbsentError, PlainAccessError

_MAX_PLACES = 1000
_TRIES = 3


class Place(NamedTuple):
    """Something to be compared: where it is remembered (None: by its own object), and what holds
    it and reads it."""

    key: object
    holder: object
    read: Callable[[], object]


# Yields what is to be compared as seen from a frame.
Look = Callable[[FrameType], Iterator[Place]]
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
        suspects_at = self._culprits.at_line

        def compare(frame: FrameType) -> None:
            self._tell(frame, suspects_at(frame), tell)

        return compare

    def at_leave(self, tell: Tell) -> ValueHandler:
        """Return what compares where a function is left."""
        suspects_at = self._culprits.at_leave

        def compare(frame: FrameType, *_value: object) -> None:
            self._tell(frame, suspects_at(frame), tell)

        return compare

    def refresh(self, frame: FrameType, thing: object) -> None:
        """Look at what is in ``thing`` now; its change is told by whoever asks for this.

        Of several objects that may hold it the others are left to the next line.
        """
        with self._lock:
            for place in self._look(frame):
                if place.key is not place.holder or is_or_has(place.holder, thing):
                    self._change(place)

    def _tell(self, frame: FrameType, suspects: Suspects, tell: Tell) -> None:
        with self._lock:
            changes = [self._change(place) for place in self._look(frame)]
        for change in changes:
            if change is None:
                continue
            said, holder, value = change
            self._watch.settle(holder, value)
            by = self._culprits.words(suspects)
            tell(frame, f"{self._watch.symbol} {said}; changed in place{by}", holder, value)

    def _change(self, place: Place) -> _Change | None:
        """Return what has changed since, and remember what is there now."""
        found = self._compare(place.key, place.read)
        if found is None:
            return None
        before, now, value = found
        if now is before:
            return None
        self._keep(place.key, value, now)
        if before is None or now.is_same(before):
            return None
        return f"was {before}, is {now}", place.holder, value

    def _compare(
        self, key: object, read: Callable[[], object]
    ) -> tuple[Sight | None, Sight, object] | None:
        """Return what was there, what is now, and the value; None where that cannot be told."""
        for _ in range(_TRIES):
            try:
                value = read()
                before = self._before(key, value)
                now = sight_of(value, before)
            except (KeyError, AbsentError):
                return None if key is None else (self._before(key, None), NO_VALUE, None)
            except PlainAccessError:
                return None
            except RuntimeError:  # a thread is changing it
                continue
            # A variable's own plain value changes by being bound only.
            return None if key is None and not now.text else (before, now, value)
        return None

    def _before(self, key: object, value: object) -> Sight | None:
        if key is None:
            return self._watch.kept(id(value))
        known = self._places.get(id(key))
        if known is None:
            return None
        reference, sight = known
        if reference is not None and reference() is not key:  # type: ignore[operator]
            return None  # another that lies where it was
        return sight

    def _keep(self, key: object, value: object, now: Sight) -> None:
        self._watch.keep(id(value), now)
        if key is None:
            return
        self._places[id(key)] = weak(key), now
        self._places.move_to_end(id(key))
        while len(self._places) > _MAX_PLACES:
            self._places.popitem(last=False)


def look_at_slot(slot: Slot, holder: Holder) -> Look:
    """Return the look at a slot of all objects that are known to hold it."""

    def look(frame: FrameType) -> Iterator[Place]:
        for one in holder.known(frame):
            key = holder if holder.is_one_place else one
            yield Place(key, one, partial(slot.read, one))

    return look
