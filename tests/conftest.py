"""Fixtures common to all tests; above all the proof that a test leaves nothing behind."""

import _thread
import gc
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))  # the tests of set-up, bench and docs import from there

# A shell has what runs in its background ignore these, and so would the programs that tests start.
for _number, _usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)

# A busy machine is no fault of what is tested.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

SETTLE_S = 5.0
# One per Python process, by the standard library's own design; it ends with this process.
STANDARD_HELPERS = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


def pytest_collection_finish() -> None:
    """Spare the collector what is there before the first test: modules, and the tests themselves.

    Many fixtures and tests collect; of the window's tests that was half of the time.
    """
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Footprint:
    """What a test could leave behind in this process."""

    processes: frozenset[int]
    threads: frozenset[str]
    thread_count: int
    monitoring_tools: tuple[str | None, ...]
    hooks: tuple[object, ...]

    def left_over_since(self, before: "Footprint") -> list[str]:
        """Return one sentence fragment for each thing that was not there before."""
        found = [f"process {_command_line(pid)!r}" for pid in self.processes - before.processes]
        found += [f"thread {name}" for name in sorted(self.threads - before.threads)]
        if self.thread_count > before.thread_count and not self.threads - before.threads:
            found.append(f"{self.thread_count - before.thread_count} unnamed threads")
        if self.monitoring_tools != before.monitoring_tools:
            found.append(f"sys.monitoring tools {self.monitoring_tools}")
        if self.hooks != before.hooks:
            found.append(f"hooks {self.hooks}")
        return found


def _command_line(pid: int) -> str:
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()


def _child_processes() -> frozenset[int]:
    """Return the living children of this process; where there is no /proc, none are seen."""
    pids: set[int] = set()
    for task in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        try:
            pids.update(map(int, task.read_text().split()))
        except OSError:  # the thread ended meanwhile
            continue
    return frozenset(
        pid for pid in pids if not any(helper in _command_line(pid) for helper in STANDARD_HELPERS)
    )


def _monitoring_tools() -> tuple[str | None, ...]:
    monitoring = getattr(sys, "monitoring", None)
    return () if monitoring is None else tuple(monitoring.get_tool(tool) for tool in range(6))


def take_footprint() -> Footprint:
    """Return what this process holds now."""
    return Footprint(
        processes=_child_processes(),
        threads=frozenset(f"{thread.name} ({thread.ident})" for thread in threading.enumerate()),
        thread_count=_thread._count(),
        monitoring_tools=_monitoring_tools(),
        hooks=(sys.gettrace(), sys.getprofile(), threading.gettrace(), threading.getprofile()),
    )


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail the test that leaves a process, a thread, a monitoring tool or a trace hook behind."""
    before = take_footprint()
    yield
    deadline = time.monotonic() + SETTLE_S
    while left := take_footprint().left_over_since(before):
        if time.monotonic() > deadline:
            pytest.fail("left behind: " + ", ".join(left))
        _await_an_end(before)


def _await_an_end(before: Footprint) -> None:
    """Wait for one of the ends that can be waited for; of the others nobody tells."""
    for thread in threading.enumerate():
        if f"{thread.name} ({thread.ident})" not in before.threads:
            thread.join(SETTLE_S)
            return
    for pid in _child_processes() - before.processes:
        with suppress(ProcessLookupError):
            watched = os.pidfd_open(pid)
            select.select([watched], [], [], SETTLE_S)
            os.close(watched)


@pytest.fixture
def examples() -> Path:
    """The folder of the bundled example programs."""
    return ROOT / "resources" / "examples"
