"""The list of suites: linters, the engine on every interpreter and event source, the window.

All of them bear company, so as many run side by side as there are processors, the longest first.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

# Which event source a test's target uses; read by pyprobe.core.events.
EVENT_SOURCE = "PYPROBE_EVENT_SOURCE"
# Which interpreter runs the programs of the tests.
TARGET_PYTHON = "PYPROBE_TEST_TARGET"
# Sessions with programs of the other interpreters: how the two processes work with each other.
SESSIONS = ("test_session.py", "test_triggers.py", "test_inspecting.py", "test_data_breakpoints.py")
# Tests of the engine that need no event source, the long ones: once per interpreter is enough.
SOURCELESS = (
    "core/debug/test_inspection_changes.py",
    "core/debug/test_inspection_evaluation.py",
    "core/debug/test_inspection_variables.py",
    "core/test_plain_access.py",
    "core/test_value_tree.py",
    "core/test_values.py",
    "core/test_values_hostile.py",
    "core/test_values_numpy.py",
)


@dataclass(frozen=True)
class Suite:
    """One command. ``usual_s``: how long it takes on a machine like any other, more or less."""

    name: str
    command: tuple[str, ...]
    is_pytest: bool
    usual_s: int = 10
    environment: dict[str, str] = field(default_factory=dict)


def _linters() -> list[Suite]:
    here = str(Path(sys.executable).parent)
    commands = {
        "ruff check": (f"{here}/ruff", "check"),
        "ruff format": (f"{here}/ruff", "format", "--check"),
        "mypy": (f"{here}/mypy",),
        "imports": (f"{here}/lint-imports",),
    }
    return [Suite(f"lint: {name}", command, is_pytest=False) for name, command in commands.items()]


def _pytest(
    name: str,
    paths: list[str],
    *,
    python: str = sys.executable,
    usual_s: int = 10,
    environment: dict[str, str] | None = None,
) -> Suite:
    command = (python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths)
    return Suite(name, command, True, usual_s, environment or {})


def _engine(version: str, python: Path) -> list[Suite]:
    sources = ["settrace"] if version == "3.11" else ["monitoring", "settrace"]
    known = [f"--ignore=tests/{path}" for path in SOURCELESS]
    suites = [
        _pytest(
            f"engine {version} {source}",
            ["tests/core", *(known if source != sources[0] else [])],
            python=str(python),
            usual_s=40,
            environment={EVENT_SOURCE: source},
        )
        for source in sources
    ]
    wire = ["tests/ipc", "tests/analysis"]
    return [*suites, _pytest(f"wire {version}", wire, python=str(python))]


def _transparency(version: str, python: Path) -> Suite:
    environment = {TARGET_PYTHON: str(python)}
    name, paths = f"transparency {version}", ["tests/transparency"]
    return _pytest(name, paths, usual_s=70, environment=environment)


def _sessions(engines: dict[str, Path]) -> list[Suite]:
    ours = f"{sys.version_info[0]}.{sys.version_info[1]}"
    paths = [f"tests/session/{name}" for name in SESSIONS]
    return [
        _pytest(f"session {version}", paths, environment={TARGET_PYTHON: str(python)})
        for version, python in engines.items()
        if version != ours
    ]


def _folders(root: Path) -> list[Suite]:
    """Return a suite for each folder of tests that needs the front end's interpreter only."""
    folders = sorted(path.parent.name for path in root.glob("tests/*/__init__.py"))
    return [
        _pytest(name, [f"tests/{name}"], usual_s=_USUAL_S.get(name, 10))
        for name in folders
        if name not in ("core", "ipc", "analysis", "transparency")
    ]


_USUAL_S = {"gui": 200, "e2e": 170, "plots": 90, "session": 70, "cli": 60, "graves": 40}


def all_suites(root: Path, engines: dict[str, Path]) -> list[Suite]:
    """Return every suite of the checkout; ``engines`` are interpreters by short version."""
    suites = _linters()
    for version, python in engines.items():
        suites += _engine(version, python)
    suites += [_transparency(version, python) for version, python in engines.items()]
    suites += _sessions(engines)
    general = sorted(str(path.relative_to(root)) for path in root.glob("tests/test_*.py"))
    return [*suites, _pytest("set-up, examples, docs", general, usual_s=20), *_folders(root)]
