"""Takes the processor that the bench leaves to the programs it times (``apart.py``)."""

import os
import sys


def take_processor() -> None:
    """Have the calling thread run there only, if the bench has named one."""
    number = os.environ.get("BENCH_PROCESSOR")
    if number and sys.platform == "linux":
        os.sched_setaffinity(0, {int(number)})
