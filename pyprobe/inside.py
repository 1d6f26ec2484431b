"""What a program does with ``import pyprobe``: conditions, monitors and snapshots of itself.

Under PyProbe the runner does the work; it is found through the hook that it has in the interpreter.
Without PyProbe a condition is checked, and nothing else happens.
"""

import sys
from typing import Any

from pyprobe.conditions import parse
from pyprobe.core.handles import Handle, When
from pyprobe.errors import PyProbeError

_MONITORING_TOOLS = range(6)


def when(condition: str) -> Any:
    """Return what acts when a condition holds at the hit of a probe: see ``pyprobe.when``.

    Raises:
        ConditionSyntaxError: the text is no condition.
    """
    parse(condition)  # also where nobody asks it: a mistake must show wherever the program runs
    runner = find_runner()
    return When(_make_nothing) if runner is None else runner.when(condition)


def monitor(tag: str, callback: Any) -> Any:
    """Call back with each capture of the probes of a name: see ``pyprobe.monitor``."""
    runner = find_runner()
    return Handle(_Nobody(), 0) if runner is None else runner.monitor(tag, callback)


def find(label: str) -> Any:
    """Return the latest snapshot of a label that the program has taken, or None."""
    runner = find_runner()
    return None if runner is None else runner.history.find(label)


def find_all(label: str | None) -> list[Any]:
    """Return the snapshots of a label, or all, oldest first."""
    runner = find_runner()
    return [] if runner is None else runner.history.find_all(label)


class _Nobody:
    """Owns the handles of a program that nobody watches: they are off."""

    def switch(self, handle_id: int, *, on: bool) -> None:
        """Nothing is asked, so nothing changes."""

    def remove(self, handle_id: int) -> None:
        """There is nothing to forget."""

    def is_on(self, handle_id: int) -> bool:
        return False

    def problem(self, handle_id: int) -> str:
        return ""


def _make_nothing(action: str, label: str) -> Handle:
    if action == "snapshot" and not label:
        raise PyProbeError("a snapshot needs a label")
    return Handle(_Nobody(), 0)


def find_runner() -> Any:
    """Return the runner's side of this (``core.in_program.InProgram``), None without PyProbe."""
    for source in _event_sources():
        door = getattr(source, "program_door", None)
        if door is not None:
            return door()
    return None


def _event_sources() -> list[Any]:
    found: list[Any] = []
    if sys.version_info >= (3, 12):
        names = [sys.monitoring.get_tool(tool) for tool in _MONITORING_TOOLS]
        found += [getattr(name, "source", None) for name in names]
    hooks = [sys.gettrace()]
    threading = sys.modules.get("threading")
    if threading is not None:  # a thread that the program has started past it has no hook
        hooks.append(threading.gettrace())
    return found + [getattr(hook, "__self__", None) for hook in hooks]
