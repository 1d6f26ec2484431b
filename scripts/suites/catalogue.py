"""The list of suites: linters, the engine on every interpreter and event source, the window."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

# Which event source a test's target uses; read by pyprobe.core.events.
EVENT_SOURCE = "PYPROBE_EVENT_SOURCE"
# Which interpreter runs the programs of the transparency tests.
TARGET_PYTHON = "PYPROBE_TEST_TARGET"


@dataclass(frozen=True)
class Suite:
    """One command. ``together``: it may run beside others, since no timing in it matters."""

    name: str
    command: tuple[str, ...]
    is_pytest: bool
    together: bool
    environment: dict[str, str] = field(default_factory=dict)


def _linters() -> list[Suite]:
    here = str(Path(sys.executable).parent)
    commands = {
        "ruff check": (f"{here}/ruff", "check"),
        "ruff format": (f"{here}/ruff", "format", "--check"),
        "mypy": (f"{here}/mypy",),
        "imports": (f"{here}/lint-imports",),
    }
    return [
        Suite(f"lint: {name}", command, is_pytest=False, together=True)
        for name, command in commands.items()
    ]


def _pytest(
    name: str,
    paths: list[str],
    *,
    python: str = sys.executable,
    together: bool = False,
    environment: dict[str, str] | None = None,
) -> Suite:
    command = (python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths)
    return Suite(name, command, True, together, environment or {})


def _engine(version: str, python: Path) -> list[Suite]:
    sources = ["settrace"] if version == "3.11" else ["monitoring", "settrace"]
    suites = [
        _pytest(
            f"engine {version} {source}",
            ["tests/core"],
            python=str(python),
            environment={EVENT_SOURCE: source},
        )
        for source in sources
    ]
    wire = ["tests/ipc", "tests/analysis"]
    return [*suites, _pytest(f"wire {version}", wire, python=str(python), together=True)]


def _transparency(version: str, python: Path) -> Suite:
    environment = {TARGET_PYTHON: str(python)}
    name, paths = f"transparency {version}", ["tests/transparency"]
    return _pytest(name, paths, together=True, environment=environment)


def all_suites(root: Path, engines: dict[str, Path]) -> list[Suite]:
    """Return every suite of the checkout; ``engines`` are interpreters by short version."""
    suites = _linters()
    for version, python in engines.items():
        suites += _engine(version, python)
    suites += [_transparency(version, python) for version, python in engines.items()]
    general = sorted(str(path.relative_to(root)) for path in root.glob("tests/test_*.py"))
    suites.append(_pytest("set-up, examples, docs", general))
    suites.append(_pytest("session and commands", ["tests/session", "tests/cli"]))
    known = {"core", "ipc", "analysis", "transparency", "session", "cli", "plots", "gui", "e2e"}
    folders = sorted(path.parent.name for path in root.glob("tests/*/__init__.py"))
    suites += [_pytest(name, [f"tests/{name}"]) for name in folders if name not in known]
    suites.append(_pytest("window", ["tests/plots", "tests/gui"]))
    suites.append(_pytest("window, end to end", ["tests/e2e"]))
    return suites
