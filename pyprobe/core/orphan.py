"""Whether the front end is gone: nobody reads any more what the program writes."""

import sys


def is_unread() -> bool:
    """Whether stdout and stderr are pipes whose other ends are closed; False where in doubt."""
    if sys.platform == "win32":
        return False
    import select  # most programs are not orphans

    poll = select.poll()
    for descriptor in (1, 2):
        poll.register(descriptor, 0)
    ended = select.POLLERR | select.POLLHUP
    found = [events & ended and not events & select.POLLNVAL for _, events in poll.poll(0)]
    return len(found) == 2 and all(found)
