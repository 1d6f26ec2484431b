"""Entry lines: where 3.13 and newer forget to tell that a function's line is arrived at.

There the first line of a code object has no LINE event when the body begins on the line of the
``def`` or ``lambda`` (https://github.com/python/cpython/issues/155992). What comes there in its
place is the event of the first instruction.
"""

import sys
from opcode import opmap
from types import CodeType

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
