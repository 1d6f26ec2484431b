"""Keeps the loops that are timed on one processor, and whoever times them off it.

What has run on a processor makes a loop faster or slower there, for seconds: Python code of its own
process slower, any other process faster (``programs/everyday.py``). On a quiet machine a loop that
computes keeps its processor to itself; so here, where the bench would be the other process.

The other threads of a program, PyProbe's among them, stay on the rest from their start, as they
inherit what the bench may run on. By itself PyProbe's moves off within 20 ms of its next turn.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Where the programs find the number; the main thread of each takes that processor for itself.
_VARIABLE = "BENCH_PROCESSOR"


@contextmanager
def apart_from_programs() -> Iterator[None]:
    """Leave one processor to the main threads of the programs that are started in here.

    Does nothing where there is only one, and where the system does not let one choose (macOS).
    """
    processors = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []
    if sys.platform != "linux" or len(processors) < 2:
        yield
        return
    os.environ[_VARIABLE] = str(processors[0])
    os.sched_setaffinity(0, processors[1:])
    try:
        yield
    finally:
        os.sched_setaffinity(0, processors)
        del os.environ[_VARIABLE]
