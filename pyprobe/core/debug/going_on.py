"""Who goes on when a frame gives control away: its caller, what awaits its task, or anyone.

A loop that runs what is due, asyncio's or a simulator's, stands between a frame and whoever has
started the loop; that one is long in going on. What comes next is other code that the loop runs.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import CodeType, FrameType

from pyprobe.core.debug import code_places
from pyprobe.core.debug.awaiting import awaiting_frames, ends_its_loop

_CALL = ("_run", "asyncio.events")  # asyncio's Handle, which calls each callback
_TURN = ("_run_once", "asyncio.base_events")  # who calls that, and also drops what nobody needs


@dataclass(frozen=True, slots=True)
class GoingOn:
    """``frame`` goes on at one of ``offsets``; without it anyone does, or nothing of interest.

    ``is_suspended``: it waits, and is resumed by the loop.
    """

    frame: FrameType | None = None
    offsets: tuple[int, ...] = ()
    is_suspended: bool = False
    is_anyone: bool = False


def who_goes_on(
    frame: FrameType, is_wanted: Callable[[FrameType], bool], event_functions: Collection[CodeType]
) -> GoingOn:
    """Return who gets control from a frame that ends or yields, of the frames that are wanted.

    ``event_functions``: those by which a simulator runs what is due.
    """
    events = {id(code) for code in event_functions}
    left = [frame]
    ends_loop = False
    caller = frame.f_back
    while caller is not None:
        if id(caller.f_code) in events:
            return GoingOn(is_anyone=True)
        if is_loop_call(caller):
            ends_loop = ends_its_loop(left)
        if not ends_loop and (is_loop_call(caller) or _is(_TURN, caller)):
            return _who_awaits(left, is_wanted)
        if is_wanted(caller):
            return GoingOn(caller, tuple(code_places.after_call(caller)))
        left.append(caller)
        caller = caller.f_back
    return GoingOn()


def _who_awaits(left: list[FrameType], is_wanted: Callable[[FrameType], bool]) -> GoingOn:
    for frame, _task in awaiting_frames(left):
        if is_wanted(frame):
            return GoingOn(frame, tuple(code_places.after_await(frame)), is_suspended=True)
    return GoingOn(is_anyone=True)


def is_loop_call(frame: FrameType) -> bool:
    """Whether a frame is that by which asyncio's loop calls what is due."""
    return _is(_CALL, frame)


def _is(function: tuple[str, str], frame: FrameType) -> bool:
    name, module = function
    return frame.f_code.co_name == name and dict.get(frame.f_globals, "__name__") == module
