"""On which processors a program and what watches it may run."""

import os

import pytest

from pyprobe.session.listener import ProgramState
from tests.session.conftest import MakeSession
from tests.session.running import occurrence_of, until

ABSENT = "the interpreter has no os.sched_getaffinity"

PROGRAM = """
import os, subprocess, sys, threading

def told(task):
    with open(f"/proc/self/task/{task}/status") as file:
        return next(line.split()[1] for line in file if line.startswith("Cpus_allowed:"))

def others():
    return [told(task) for task in os.listdir("/proc/self/task") if int(task) != os.getpid()]

own = told(os.getpid())
x = 0.0
while others() == [own] and len(os.sched_getaffinity(0)) > 1:
    for i in range(200_000):
        x = x * 0.5 + i
thread = threading.Thread(target=lambda: print("thread", os.sched_getaffinity(0)))
thread.start()
thread.join()
print("main", os.sched_getaffinity(0))
print("child", flush=True)
subprocess.run([sys.executable, "-c", "import os; print(os.sched_getaffinity(0))"])
print("watcher", others()[0] == own)
"""


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason=ABSENT)
def test_only_the_service_thread_leaves_the_programs_processor(make_session: MakeSession) -> None:
    session, heard, file = make_session(PROGRAM)
    session.add_probe(occurrence_of(file, "15:x"), str(file), throttle="50ms")
    session.start()
    until(session, lambda: session.state is ProgramState.ENDED)
    everywhere = os.sched_getaffinity(0)
    kept = f"thread {everywhere}\nmain {everywhere}\nchild\n{everywhere}\n"
    assert heard.output["stdout"] == f"{kept}watcher {len(everywhere) == 1}\n"
