"""Children of the program, of every kind, are plain and come and go as they would."""

import pytest

from tests.transparency.conftest import Same


def test_fork_and_wait(same: Same) -> None:
    program = """
import os, sys, warnings
warnings.simplefilter("error")  # a warning about forking with threads would be ours
for i in range(3):
    x = i  # probe: x
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        x = 10 * i
        print("child", x, sys.gettrace(), flush=True)
        os._exit(i)
    print("parent", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
x = 99
print(x)
"""
    assert same(program).stdout.count("child") == 3


def test_a_forked_child_ends_normally_and_fails_normally(same: Same) -> None:
    same("""
import atexit, os, sys
atexit.register(print, "exit function")
for fail in (False, True):
    pid = os.fork()
    if pid == 0:
        x = 1  # probe: x
        if fail:
            raise ValueError("in the child")
        sys.exit(7)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
""")


def test_fork_in_a_thread_while_another_is_probed(same: Same) -> None:
    same(
        """
import os, threading
stop = threading.Event()
def work():
    while not stop.is_set():
        x = 1  # probe: x
def fork():
    for i in range(20):
        pid = os.fork()
        if pid == 0:
            os._exit(i)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == i
worker = threading.Thread(target=work)
worker.start()
forker = threading.Thread(target=fork)
forker.start()
forker.join()
stop.set()
worker.join()
print("done")
""",
        env={"PYTHONWARNINGS": "ignore"},
    )


POOL = """
import multiprocessing, sys
def square(n):
    x = n * n  # probe: x
    return x
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(2) as pool:
        print(pool.map(square, range(20)))
    process = context.Process(target=square, args=("no number",))
    process.start()
    process.join()
    print(process.exitcode)
    print(square(5))
"""


@pytest.mark.parametrize("method", ["spawn", "fork", "forkserver"])
def test_a_multiprocessing_pool(same: Same, method: str) -> None:
    assert same(POOL, method).stdout.endswith("1\n25\n")


def test_queues_and_shared_memory_of_the_program(same: Same) -> None:
    same("""
from multiprocessing import Process, Queue, shared_memory
def fill(name, queue):
    block = shared_memory.SharedMemory(name)
    block.buf[0] = 77
    block.close()
    queue.put("filled")
if __name__ == "__main__":
    block = shared_memory.SharedMemory(create=True, size=16)
    queue = Queue()
    process = Process(target=fill, args=(block.name, queue))
    process.start()
    print(queue.get(), block.buf[0])
    process.join()
    x = bytes(block.buf[:2])  # probe: x
    block.close()
    block.unlink()
""")


def test_concurrent_futures(same: Same) -> None:
    same(
        """
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
def cube(n):
    x = n ** 3  # probe: x
    return x
if __name__ == "__main__":
    for kind in (ThreadPoolExecutor, ProcessPoolExecutor):
        with kind(2) as pool:
            print(list(pool.map(cube, range(10))))
""",
        env={"PYTHONWARNINGS": "ignore"},
    )


def test_subprocesses(same: Same) -> None:
    same("""
import os, subprocess, sys
x = 1  # probe: x
print(subprocess.run([sys.executable, "-c", "import sys; sys.exit(3)"]).returncode)
print(subprocess.check_output([sys.executable, "-c", "print(input())"], input=b"to the child"))
code = "import os; print(sorted(key for key in os.environ if 'PYPROBE' in key or 'QT' in key))"
print(subprocess.check_output([sys.executable, "-c", code]))
print(os.system("exit 4") >> 8, os.popen("echo from a shell").read())
child = "import os; print(len(os.listdir('/proc/self/fd')) if os.path.exists('/proc') else 0)"
print(subprocess.check_output([sys.executable, "-c", child], close_fds=False))
""")


@pytest.mark.parametrize("function", ["execv", "execve"])
def test_exec_replaces_the_program(same: Same, function: str) -> None:
    program = f"""
import os, sys
x = len(sys.argv)  # probe: x
print("before", x, flush=True)
if x == 1:
    environment = [dict(os.environ)] if "{function}" == "execve" else []
    os.{function}(sys.executable, [sys.executable, __file__, "again"], *environment)
print("after")
sys.exit(6)
"""
    assert same(program).code == 6


def test_exec_that_fails_leaves_the_program_running(same: Same) -> None:
    same("""
import os, traceback
x = 1  # probe: x
for arguments in [("/nowhere/at/all", ["all"]), (1,)]:
    try:
        os.execv(*arguments)
    except (OSError, TypeError):
        traceback.print_exc()
try:
    os._exit("nothing")
except TypeError:
    traceback.print_exc()
x = 2
print(x)
""")
