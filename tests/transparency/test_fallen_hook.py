"""Exceptions that leave a trace function make the interpreter drop it: probes go on all the same.

Only Python 3.11 is concerned, which may say that it has happened.
"""

from pathlib import Path

import pytest

from pyprobe.session.launch import Program
from pyprobe.session.session import Session
from tests.session.running import Heard, occurrence_of, until, until_end
from tests.transparency.conftest import TARGET_PYTHON, TARGET_VERSION

SIGNALS = """\
import signal, time
class Tick(Exception): pass
def tick(*_): raise Tick
def work():
    for i in range(10_000):
        x = i
signal.signal(signal.SIGALRM, tick)
caught = 0
while caught < 10:
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        while True:
            work()
    except Tick:
        caught += 1
"""
DEPTH = """\
def deeper(n):
    x = n
    return deeper(n + 1)
try:
    deeper(0)
except RecursionError:
    pass
"""
# It ends when a value has been captured, which the session tells it through its standard input.
END = """\
import sys, threading
told = []
threading.Thread(target=lambda: told.append(sys.stdin.readline()), daemon=True).start()
def after():
    z = len(told)
while not told:
    after()
"""


@pytest.mark.parametrize("source", [SIGNALS, DEPTH], ids=["signals", "recursion"])
def test_probes_go_on_afterwards(tmp_path: Path, source: str) -> None:
    file = tmp_path / "program.py"
    file.write_text(source + END)
    line = 1 + (source + END).splitlines().index("    z = len(told)")
    session = Session(Program(str(file), None, (), TARGET_PYTHON, str(tmp_path)))
    heard = Heard()
    session.add_listener(heard)
    session.add_probe(occurrence_of(file, f"{2 if source is DEPTH else 6}:x"), str(file))
    probe = session.add_probe(occurrence_of(file, f"{line}:z"), str(file))
    try:
        session.start()
        until(session, lambda: probe.captured > 0, "a capture")
        session.send_input("enough\n")
        assert until_end(session).exit_code == 0
    finally:
        session.close()
    told = [note for note in heard.notes if "on this Python nothing is captured" not in note]
    assert told == []
    assert TARGET_VERSION < (3, 12) or heard.notes == []
