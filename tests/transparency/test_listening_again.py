"""What drops a thread's trace hook (3.11) keeps no later hit of that thread from being captured."""

import os
import subprocess
from pathlib import Path

import pytest

import pyprobe
from tests.transparency.conftest import SUMMARY, TIMEOUT_S, Program

ROOT = str(Path(pyprobe.__file__).parent.parent)
PREFACE = f"""\
import _thread, ctypes, sys, threading
sys.path.append({ROOT!r})
import pyprobe
heard, caught, is_done = threading.Event(), threading.Event(), threading.Event()
rounds = [0]
class Late(Exception): pass
def hits():
    while not is_done.is_set():
        x = 1  # probe: x
        rounds[0] += 1
def is_heard():
    heard.clear()
    monitor = pyprobe.monitor("x", lambda capture: heard.set())
    answer = heard.wait(30)
    monitor.remove()
    return answer
"""

INTERRUPTED = """
def work():
    while not is_done.is_set():
        try:
            hits()
        except Late:
            caught.set()
thread = threading.Thread(target=work)
thread.start()
for _ in range(5):
    assert is_heard()
    since = rounds[0]
    while rounds[0] < since + 2:  # the monitor's callback has ended; it has its exceptions told
        pass
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(Late))
    assert caught.wait(30)
    caught.clear()
print(is_heard())
is_done.set()
thread.join()
"""

TOO_DEEP = """
def sink():
    sink()
def work():
    for _ in range(5):
        try:
            sink()
        except RecursionError:
            caught.set()
    hits()
thread = threading.Thread(target=work)
thread.start()
assert caught.wait(30)
print(is_heard())
is_done.set()
thread.join()
"""

TOO_DEEP_IN_THE_MAIN_THREAD = """
def sink():
    sink()
try:
    sink()
except RecursionError:
    pass
timer = threading.Timer(30, is_done.set)
timer.start()
pyprobe.monitor("x", lambda capture: is_done.set())
hits()
print(timer.is_alive())
timer.cancel()
timer.join()
"""

UNKNOWN_TO_THREADING = """
_thread.start_new_thread(hits, ())
print(is_heard())
is_done.set()
"""


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(INTERRUPTED, id="an exception out of a hit"),
        pytest.param(TOO_DEEP, id="the recursion limit"),
        pytest.param(TOO_DEEP_IN_THE_MAIN_THREAD, id="the recursion limit, in the main thread"),
        pytest.param(UNKNOWN_TO_THREADING, id="a thread that was started without threading"),
    ],
)
def test_the_thread_is_heard_again(tmp_path: Path, program: str) -> None:
    script = tmp_path / "main.py"
    script.write_text(PREFACE + program)
    line = PREFACE[: PREFACE.index("# probe")].count("\n") + 1
    command = Program(tmp_path, (str(script),), (f"{script}:{line}:x",)).record_command(
        tmp_path / "out.mcap"
    )
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (run.stdout, SUMMARY.sub("", run.stderr), run.returncode) == ("True\n", "", 0)
