"""Somebody who takes the GIL whenever it can be had."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def somebody_wants_the_gil() -> Iterator[Callable[[], int]]:
    """Run a thread that takes it as soon as anybody lets go of it; yield what counts its turns."""
    turns, running = [0], True

    def count() -> None:
        while running:
            turns[0] += 1
            time.sleep(0)  # lets go of the GIL and wants it back

    counter = threading.Thread(target=count)
    before_s = sys.getswitchinterval()
    sys.setswitchinterval(10.0)  # nobody is made to let go of it
    try:
        counter.start()
        yield lambda: turns[0]
    finally:
        sys.setswitchinterval(before_s)
        running = False
        counter.join()
