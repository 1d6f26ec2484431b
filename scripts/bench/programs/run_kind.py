"""A CPU-bound program that runs a loop of ``hot_kinds.py``; prints the seconds.

python run_kind.py float|int|array|branches   with a number of steps in each line of its input

The loops are loaded once the memory is strewn, so that their code lies elsewhere in each process.
"""

import sys
from time import perf_counter

from everyday import run_everyday_code
from processor import take_processor
from strewn import call_deep, strew

held = strew()
take_processor()

from hot_kinds import LOOPS, never  # noqa: E402

work = LOOPS[sys.argv[1]]
if len(sys.argv) > 2:
    never(0.0)
for line in sys.stdin:
    steps = int(line)
    call_deep(work, steps // 8)  # whoever wrote the line is now at rest
    run_everyday_code()
    start = perf_counter()
    call_deep(work, steps)
    print("seconds", perf_counter() - start, flush=True)
