"""Compiling the package before the suites run, as they start thousands of interpreters on it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

# What says that nothing compiled is written; each of those interpreters would compile it again.
_WRITES_NOTHING = "PYTHONDONTWRITEBYTECODE"


def compile_package(root: Path, pythons: Iterable[Path]) -> None:
    """Compile ``pyprobe`` for each interpreter; what cannot be compiled is for a linter to tell."""
    for python in pythons:
        command = [str(python), "-m", "compileall", "-q", "-j", "0", str(root / "pyprobe")]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def keeping_compiled(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment whose interpreters keep what they have compiled."""
    return {name: value for name, value in environment.items() if name != _WRITES_NOTHING}
