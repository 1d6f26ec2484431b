"""A batch of captures finds its memory where the one before left it."""

import platform
import subprocess
import sys

PROGRAM = """\
import resource
import sys

from pyprobe.core.batch_memory import BatchMemory
from pyprobe.core.capture_log import CaptureLog
from pyprobe.ipc.codec import encode
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.messages import Captures

log, memory = CaptureLog(), BatchMemory()
for batch in range(10):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for number in range(25_000):
        log.extend((1, number << 40, 1 << 40, float(number)))
    first_seq, rows = log.drain()
    if sys.argv[1] == "kept":
        memory.keep(len(rows.values))
    frame = encode(Captures(list(build_columns(rows, first_seq))))
    del rows, frame
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(kept: str) -> list[int]:
    """Return the page faults of each batch of captures."""
    command = [sys.executable, "-c", PROGRAM, kept]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [int(line) for line in run.stdout.split()]


def test_a_program_short_of_address_space_does_without() -> None:
    program = """\
import resource
from pyprobe.core.batch_memory import BatchMemory

with open("/proc/self/statm") as numbers:
    now = int(numbers.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + (4 << 20), resource.RLIM_INFINITY))
BatchMemory().keep(1_000_000)
"""
    if platform.system() == "Linux":
        subprocess.run([sys.executable, "-c", program], check=True)


def test_pages_come_once_and_not_with_each_batch() -> None:
    assert max(page_faults("kept")[4:]) < 50
    if platform.libc_ver()[0] == "glibc":  # others keep it, or give it back, as they like
        assert min(page_faults("given back")[4:]) > 200
