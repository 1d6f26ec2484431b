"""Ahead: has what a store has bound captured before a line event's handlers, and only once.

The event of a line comes before that of its first instruction, and there a probe's capture of what
the line above has just bound is still to come. A thread that stops at the line shows it already.
"""

from _thread import get_ident
from types import CodeType, FrameType

from pyprobe.core.events.base import CodeSites, Handler, StoredSite
from pyprobe.core.events.entry_lines import with_entry_line


class Ahead:
    """One instruction that is told of twice; whatever comes second leaves out what is done."""

    def __init__(self, site: StoredSite, whole: Handler, disable: object) -> None:
        self._site = site
        self._whole = whole
        self._disable = disable
        self._answers: dict[int, tuple[int, object]] = {}  # of frames, by thread

    def at_line(self, frame: FrameType) -> None:
        """Take what was stored; called before the handlers of the line."""
        self._answers[get_ident()] = id(frame), self._site.stored(frame)

    def at_instruction(self, frame: FrameType) -> object:
        """Do the rest, or everything where no line event came before."""
        told = self._answers.pop(get_ident(), None) if self._answers else None
        if told is None or told[0] != id(frame):
            return self._whole(frame)
        answer = self._disable if self._site.rest is None else self._site.rest(frame)
        return self._disable if told[1] is answer is self._disable else None


def look_ahead(sites: CodeSites, disable: object) -> tuple[CodeSites, dict[int, Handler]]:
    """Return the sites to arm, and what to call at which offset before a line's handlers."""
    early: dict[int, Handler] = {}
    before = dict(sites.before)
    for offset, site in sites.stored.items():
        ahead = Ahead(site, before[offset], disable)
        before[offset] = ahead.at_instruction
        early[offset] = ahead.at_line
    armed = CodeSites(
        before=before,
        returns=sites.returns,
        yields=sites.yields,
        unwind=sites.unwind,
        lines=sites.lines,
        every_line=sites.every_line,
        every_return=sites.every_return,
        every_yield=sites.every_yield,
    )
    return armed, early


def with_lines(
    code: CodeType, sites: CodeSites, disable: object
) -> tuple[dict[int, Handler], dict[int, Handler], set[int], int | None]:
    """Return what code whose lines are told of needs of a source that tells of both events.

    That is the handlers of instructions, what to call before a line's handlers, the offsets that
    want nothing for now, and the offset of a line's arrival that an instruction tells of.
    """
    armed, early = look_ahead(sites, disable)
    before, entry = with_entry_line(code, armed, disable)
    before, asleep = noting_sleep(before, disable)
    return before, early, asleep, entry


def noting_sleep(
    before: dict[int, Handler], disable: object
) -> tuple[dict[int, Handler], set[int]]:
    """Return the handlers, and where they note the offsets of which they want no more events.

    A line's event may be disabled only where the event of its instruction is: the interpreter
    loses that one with it.
    """
    asleep: set[int] = set()

    def noting(offset: int, handler: Handler) -> Handler:
        def call(frame: FrameType) -> object:
            answer = handler(frame)
            if answer is disable:
                asleep.add(offset)
            return answer

        return call

    return {offset: noting(offset, handler) for offset, handler in before.items()}, asleep
