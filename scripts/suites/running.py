"""Running one suite: its output is kept, its results are counted."""

from __future__ import annotations

import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from suites.catalogue import Suite

LONGEST_S = 1200
OUTPUT_CHARACTERS = 20_000


@dataclass(frozen=True)
class Outcome:
    """What came of one suite; ``output`` is the end of what it printed."""

    suite: Suite
    passed: int
    failed: int
    seconds: float
    output: str


def run_suite(suite: Suite, root: Path, environment: dict[str, str]) -> Outcome:
    """Run a suite in the checkout's folder and count."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pyprobe-tests-") as folder:
        results = Path(folder, "results.xml")
        command = list(suite.command)
        if suite.is_pytest:
            command += [f"--junitxml={results}", f"--basetemp={folder}/tmp"]
        code, output = _execute(command, root, {**environment, **suite.environment})
        passed, failed = _count(results) if suite.is_pytest else (int(code == 0), int(code != 0))
    if code != 0 and not failed:
        failed = 1  # it crashed, ran out of time or held no test
    return Outcome(suite, passed, failed, time.monotonic() - started, output[-OUTPUT_CHARACTERS:])


def _execute(command: list[str], root: Path, environment: dict[str, str]) -> tuple[int, str]:
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        text = (error.stdout or b"").decode(errors="replace")
        return 1, f"{text}\nstopped after {LONGEST_S} s"
    return done.returncode, done.stdout.decode(errors="replace")


def _count(results: Path) -> tuple[int, int]:
    """Return how many tests passed and failed, from pytest's own results file."""
    try:
        suites = ElementTree.parse(results).getroot().iter("testsuite")
    except (OSError, ElementTree.ParseError):
        return 0, 1
    passed = failed = 0
    for suite in suites:
        bad = int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        passed += int(suite.get("tests", "0")) - bad - int(suite.get("skipped", "0"))
        failed += bad
    return passed, failed
