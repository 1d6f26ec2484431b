"""Counts the instructions of the processor that a turn of a loop takes, plain and under PyProbe.

A count that no busy neighbour, cache or clock changes, where times differ by several per cent from
one run to the next. It is taken by valgrind's cachegrind, if that is installed; a program runs some
thirty times slower in it, so what the service thread does at intervals weighs thirty times as much.

Two things would change the count by a per cent or two, by chance: valgrind lets one thread run for
most of a second while another waits, unless told to be fair, and the interpreter's own allocator
takes ten instructions more for each object of a loop whose last one has just filled a pool.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from measuring import (
    PROGRAMS,
    BenchError,
    Setting,
    is_monitored,
    new_session,
    process_until,
)
from pacing import Prepare

from pyprobe.session.listener import ProgramState

# What a program does besides its loop is the same with both numbers of steps.
_STEPS, _QUICK_STEPS = (2_000_000, 8_000_000), (500_000, 2_000_000)
_TOTAL = re.compile(r"I\s+refs:\s+([\d,]+)")


def instructions_said(setting: Setting, script: str, *arguments: str, prepare: Prepare) -> str:
    """Return a part of a reference; empty where there is no valgrind, and before Python 3.12.

    There each line that is watched runs so much slower that it cannot be waited for.
    """
    if not shutil.which("valgrind") or not is_monitored(setting.python):
        return ""
    ratio = instruction_ratio(setting, script, *arguments, prepare=prepare)
    return f", in instructions {ratio:.3f} × plain"


def instruction_ratio(setting: Setting, script: str, *arguments: str, prepare: Prepare) -> float:
    """Return how many instructions a turn takes with what ``prepare`` does, to plain.

    Raises:
        BenchError: there is no valgrind, or it has told no count.
    """
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise BenchError("instructions are counted by valgrind, which is not installed")
    with tempfile.TemporaryDirectory(prefix="pyprobe-bench-") as folder:
        counted = _Counted(valgrind, setting, Path(folder))
        plain = counted.a_turn(lambda steps: counted.plain(script, *arguments, steps=steps))
        probed = counted.a_turn(
            lambda steps: counted.probed(script, *arguments, steps=steps, prepare=prepare)
        )
    return probed / plain


class _Counted:
    def __init__(self, valgrind: str, setting: Setting, folder: Path) -> None:
        self._log = folder / "log"
        self._python = folder / "python"
        command = [valgrind, "--tool=cachegrind", "--cache-sim=no", "--fair-sched=yes"]
        command += [f"--log-file={self._log}", "--cachegrind-out-file=/dev/null", setting.python]
        # What the interpreter's own dictionaries cost at its start depends on the seed.
        settings = "PYTHONHASHSEED=0 PYTHONMALLOC=malloc"
        text = f'#!/bin/sh\n{settings} exec {shlex.join(command)} "$@"\n'
        self._python.write_text(text, encoding="utf-8")
        self._python.chmod(0o755)
        self._setting = Setting(str(self._python), setting.quick)

    def a_turn(self, total: Callable[[int], int]) -> float:
        few, many = _QUICK_STEPS if self._setting.quick else _STEPS
        return (total(many) - total(few)) / (many - few)

    def plain(self, script: str, *arguments: str, steps: int) -> int:
        command = [str(self._python), str(PROGRAMS / script), *arguments]
        subprocess.run(command, input=f"{steps}\n", capture_output=True, text=True, check=True)
        return self._total()

    def probed(self, script: str, *arguments: str, steps: int, prepare: Prepare) -> int:
        session, _printed = new_session(self._setting, script, *arguments)
        with closing(session):
            prepare(session)
            session.start()
            session.send_input(f"{steps}\n")
            session.close_input()
            process_until(session, lambda: session.state is ProgramState.ENDED)
        return self._total()

    def _total(self) -> int:
        found = _TOTAL.search(self._log.read_text(encoding="utf-8"))
        self._log.unlink()  # so that the next one cannot be this one
        if found is None:
            raise BenchError("valgrind has not told how many instructions were executed")
        return int(found[1].replace(",", ""))
