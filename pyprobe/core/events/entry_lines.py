"""Entry lines: where 3.13 and newer forget to tell that a function's line is arrived at.

There the first line of a code object has no LINE event when the body begins on the line of the
``def`` or ``lambda`` (https://github.com/python/cpython/issues/155992). What comes there in its
place is the event of the first instruction.
"""

import sys
from opcode import opmap
from types import CodeType, FrameType

from pyprobe.core.events.base import CodeSites, Handler

_RESUME = opmap.get("RESUME", -1)
MISSING = sys.version_info >= (3, 13)


def entry_offset(code: CodeType) -> int | None:
    """Return the first instruction of a body that begins on the line of its ``def``, where needed.

    None where the interpreter tells of the line itself.
    """
    if not MISSING:
        return None
    raw = code.co_code
    resume = next((place for place in range(0, len(raw), 2) if raw[place] == _RESUME), None)
    if resume is None:
        return None
    entry = resume + 2
    lines = code.co_lines()
    found = [line for start, end, line in lines if start <= entry and end > resume]
    return entry if found and set(found) == {code.co_firstlineno} else None


def with_entry_line(
    code: CodeType, sites: CodeSites, disable: object
) -> tuple[dict[int, Handler], int | None]:
    """Return what to call before which instruction, and which of them tells of a line, if any."""
    entry = entry_offset(code)
    arrive = sites.lines.get(code.co_firstlineno, sites.every_line)
    if entry is None or arrive is None:
        return sites.before, None
    before = sites.before.get(entry)

    def arrive_too(frame: FrameType) -> object:
        answer = disable if before is None else before(frame)
        return disable if arrive(frame) is answer is disable else None

    return {**sites.before, entry: arrive_too}, entry
