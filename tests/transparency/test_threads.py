"""Threads of the program run, wait and are counted as they would be."""

from tests.transparency.conftest import Same


def test_threads_locks_and_locals(same: Same) -> None:
    same("""
import threading
lock, local, total = threading.Lock(), threading.local(), [0]
def add(n):
    local.n = n
    for _ in range(1000):
        with lock:
            total[0] += 1  # probe: total
    assert local.n == n
threads = [threading.Thread(target=add, args=(n,), name=f"adder {n}") for n in range(4)]
for thread in threads: thread.start()
print(sorted(thread.name for thread in threading.enumerate() if "adder" not in thread.name))
for thread in threads: thread.join()
print(total, threading.active_count(), threading.main_thread() is threading.current_thread())
""")


def test_the_main_thread_waits_for_the_others_at_the_end(same: Same) -> None:
    same("""
import threading
release = threading.Event()
def work():
    release.wait()
    for i in range(100):
        x = i  # probe: x
    print("the thread ends last", x)
threading.Thread(target=work).start()
release.set()
""")


def test_the_settings_are_the_interpreters(same: Same) -> None:
    same("""
import gc, sys, threading
x = 1  # probe: x
print(gc.get_threshold(), gc.isenabled(), gc.callbacks)
print(sys.getrecursionlimit(), threading.stack_size(), gc.get_freeze_count())
""")


def test_timers_and_queues(same: Same) -> None:
    same("""
import queue, threading
box = queue.Queue()
timer = threading.Timer(0.01, box.put, args=["rang"])
timer.start()
x = box.get(timeout=10)  # probe: x
print(x)
timer.join()
""")
