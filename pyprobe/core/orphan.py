"""What the program writes when the front end is gone: nobody reads it, and it goes nowhere."""

import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_OUTPUTS = (1, 2)
_CLOSED_AFTER_S = 1.0  # a process that is killed closes its pipes one after the other


def is_unread() -> bool:
    """Whether stdout and stderr are pipes whose other ends are closed; False where in doubt."""
    return len(_unread(_OUTPUTS, 0.0)) == len(_OUTPUTS)


def throw_output_away() -> None:
    """Have stdout and stderr go nowhere where nobody reads them, so that writing does not fail."""
    pipes = [descriptor for descriptor in _OUTPUTS if _is_pipe(descriptor)]
    unread = _unread(pipes, _CLOSED_AFTER_S)
    if not unread:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in unread:
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _is_pipe(descriptor: int) -> bool:
    import stat  # most programs are not orphans

    try:
        return stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    except OSError:  # the program has closed it
        return False


def _unread(descriptors: "Sequence[int]", limit_s: float) -> list[int]:
    """Return those that nobody reads; ``limit_s``: how long to wait until that is so of all."""
    if sys.platform == "win32":
        return []
    import select

    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, 0)
    ended = select.POLLERR | select.POLLHUP
    end_s = time.monotonic() + limit_s
    waiting, found = set(descriptors), []
    while waiting and (events := poll.poll(max(0.0, end_s - time.monotonic()) * 1000)):
        for descriptor, event in events:
            poll.unregister(descriptor)
            waiting.discard(descriptor)
            if event & ended and not event & select.POLLNVAL:
                found.append(descriptor)
    return found
