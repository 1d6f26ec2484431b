"""Signals do to the program what they do without us."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.transparency.conftest import SUMMARY, TARGET_VERSION, Program, Recorded, Same

SELF_SENT = ["SIGINT", "SIGTERM", "SIGKILL", "SIGUSR1", "SIGHUP", "SIGPIPE", "SIGALRM"]


@pytest.mark.parametrize("name", SELF_SENT)
def test_a_signal_without_a_handler(same: Same, name: str) -> None:
    same(f"""
import os, signal
for i in range(10):
    x = i  # probe: x
print("before", flush=True)
os.kill(os.getpid(), signal.{name})
for i in range(10):
    x = i
print("after")
""")


def test_a_handler_that_raises_in_a_hot_loop(same: Same) -> None:
    program = """
import signal
class Late(Exception): pass
def ring(signum, frame):
    raise Late(signum)
signal.signal(signal.SIGALRM, ring)
rings = 0
for attempt in range(5):
    try:
        x = attempt
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        while True:
            x = attempt  # probe: x
    except Late as late:
        rings += 1
print(rings, x)
"""
    assert same(program).stdout == "5 4\n"


def test_the_handler_sees_the_frame_of_the_program(same: Same) -> None:
    same("""
import signal
def show(signum, frame):
    print(signum, frame.f_code.co_name, frame.f_back.f_code.co_name)
signal.signal(signal.SIGUSR1, show)
def work():
    x = 1  # probe: x
    signal.raise_signal(signal.SIGUSR1)
    return x
work()
""")


def test_sigwait_gets_the_signal_and_no_thread_of_ours_does(same: Same) -> None:
    program = """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGTERM])
x = 1  # probe: x
for sent in (signal.SIGUSR1, signal.SIGTERM):
    os.kill(os.getpid(), sent)
    print(signal.sigwait([sent]))
"""
    assert same(program).code == 0


def test_handlers_and_masks_are_the_defaults_at_the_start(same: Same) -> None:
    same("""
import signal
print([signal.getsignal(number) for number in sorted(signal.valid_signals())])
print(signal.pthread_sigmask(signal.SIG_BLOCK, []))
print(signal.set_wakeup_fd(-1))
""")


def test_sigchld_is_the_programs_own(same: Same) -> None:
    same("""
import os, signal, subprocess, sys
seen = []
signal.signal(signal.SIGCHLD, lambda *a: seen.append(1))
subprocess.run([sys.executable, "-c", "pass"])
x = len(seen)  # probe: x
print(x)
""")


WAITING = """
import sys
try:
    print("ready", flush=True)
    while True:
        x = 1  # probe: x
except KeyboardInterrupt:
    print("interrupted")
    sys.exit(5)
"""


Waiting = Callable[[list[str], signal.Signals], tuple[int, str, str]]


@pytest.fixture
def signalled() -> Waiting:
    """Return a function that runs a command in its own process group and signals the group.

    A shell lets its background jobs ignore Ctrl-C, and children inherit that: here they must not.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def run(command: list[str], number: signal.Signals) -> tuple[int, str, str]:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            os.killpg(process.pid, number)
            stdout, stderr = process.communicate(timeout=30)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        return process.returncode, stdout, SUMMARY.sub("", stderr)

    return run


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_from_the_terminal(
    tmp_path: Path, signalled: Waiting, number: signal.Signals
) -> None:
    script = tmp_path / "main.py"
    script.write_text(WAITING)
    program = Program(tmp_path, (str(script),), (f"{script}:6:x",))
    plain = signalled(program.plain_command(), number)
    recorded = signalled(program.record_command(tmp_path / "out.mcap"), number)
    code = plain[0] if plain[0] >= 0 else 128 - plain[0]
    assert recorded == (code, *plain[1:])


HOT = """
import os, signal, traceback
class Tick(Exception): pass
def tick(*_): raise Tick
signal.signal(signal.SIGALRM, tick)
def work(after_s):
    signal.setitimer(signal.ITIMER_REAL, after_s)
    i = 0
    while True:
        x = i  # probe: x
        i += 1
"""


def test_a_traceback_out_of_a_hit_shows_the_program_only(recorded: Recorded) -> None:
    plain, probed = recorded(HOT + "work(0.2)\n")
    files = [line for line in probed.stderr.splitlines() if line.startswith("  File")]
    assert [line.rpartition(" ")[2] for line in files] == ["<module>", "work", "tick"]
    assert "pyprobe/core" not in probed.stderr
    assert probed.code == plain.code == 1


# On 3.11 nobody is told when the exception has reached the program; an uncaught one is mended.
@pytest.mark.parametrize("rounds", [0, 30] if TARGET_VERSION >= (3, 12) else [0])
def test_tracebacks_that_the_program_looks_at(same: Same, rounds: int) -> None:
    same(
        HOT
        + f"""
seen = set()
for _ in range({rounds}):
    try:
        work(0.02)
    except Tick as error:
        frames = traceback.extract_tb(error.__traceback__)
        seen.add(tuple((os.path.basename(one.filename), one.name) for one in frames))
print(seen)
"""
    )
