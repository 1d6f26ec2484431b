"""Standard error beside a program that writes there, too: where a line of ours begins."""

import os
import stat
import sys
from contextlib import suppress

_NEWLINE = b"\n"
_CLEAR_TO_END = "\x1b[K"


def line_start(descriptor: int) -> str:
    """Return what to write before a line of ours, so that it does not go on from half a line.

    Nothing where that cannot be known, as in a pipe.
    """
    with suppress(OSError):
        if os.isatty(descriptor):
            return _below_half_a_line(os.get_terminal_size(descriptor).columns)
        if _file_ends_within_line(descriptor):
            return "\n"
    return ""


def _below_half_a_line(columns: int) -> str:
    """Return as many blanks as a row has, and a return.

    Behind half a line they wrap, and the return leads to the start of the next row. In an empty
    row they end at its edge, where the cursor waits for one more, and the return leads back.
    """
    if columns <= 0 or os.name != "posix" or os.environ.get("TERM", "dumb") == "dumb":
        return ""
    return f"{' ' * columns}\r{_CLEAR_TO_END}"


def _file_ends_within_line(descriptor: int) -> bool:
    """Whether what was written last to a file is not the end of a line.

    The program's descriptor and ours have one position in common, as they were opened once.
    """
    status = os.fstat(descriptor)
    if sys.platform != "linux" or not stat.S_ISREG(status.st_mode):
        return False
    import fcntl

    appends = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_APPEND
    position = status.st_size if appends else os.lseek(descriptor, 0, os.SEEK_CUR)
    if not position:
        return False
    with open(f"/proc/self/fd/{descriptor}", "rb", buffering=0) as file:  # ours is for writing
        file.seek(position - 1)
        return file.read(1) not in (_NEWLINE, b"")
