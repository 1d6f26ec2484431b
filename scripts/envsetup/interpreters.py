"""Finding the Python interpreters of this machine that can carry a virtual environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

OLDEST = (3, 11)
NEWEST_TRIED = 20
ENGINE_VERSIONS = ((3, 11), (3, 12), (3, 13))
_QUESTION = """
import sys
can_venv = 1
try:
    import ensurepip, venv
except ImportError:
    can_venv = 0
final = int(sys.version_info.releaselevel == "final")
in_venv = int(sys.base_prefix != sys.prefix)
print(*sys.version_info[:3], final, can_venv, in_venv, sys.executable, sep="|")
"""


class Interpreter(NamedTuple):
    """One Python. ``can_venv``: it has venv and ensurepip (Debian ships them apart)."""

    version: tuple[int, int, int]
    final: bool
    can_venv: bool
    path: str

    @property
    def short(self) -> str:
        return f"{self.version[0]}.{self.version[1]}"

    @property
    def full(self) -> str:
        return ".".join(map(str, self.version))


def _pyenv_versions() -> Iterator[Path]:
    roots = [os.environ.get("PYENV_ROOT", ""), os.path.expanduser("~/.pyenv")]
    for root in roots:
        if root:
            yield from sorted(Path(root, "versions").glob("*/bin/python"))


def _candidates() -> Iterator[str]:
    """Yield paths that may be interpreters; the same one may come more than once."""
    yield from map(str, _pyenv_versions())
    names = [f"python3.{minor}" for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1)]
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for name in [*names, "python3", "python"]:
            found = shutil.which(name, path=folder) if folder else None
            if found and f"{os.sep}shims{os.sep}" not in found:
                yield found
    yield sys.executable


def ask(path: str) -> Interpreter | None:
    """Return what this interpreter says of itself; None where it does not run or is in a venv."""
    try:
        answer = subprocess.run(
            [path, "-I", "-c", _QUESTION], capture_output=True, text=True, timeout=20, check=True
        ).stdout.strip()
        major, minor, micro, final, can_venv, in_venv, executable = answer.split("|")
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    if in_venv == "1":
        return None
    version = (int(major), int(minor), int(micro))
    return Interpreter(version, final == "1", can_venv == "1", executable)


def find_interpreters() -> list[Interpreter]:
    """Return every interpreter of at least the oldest supported version, newest first."""
    found: dict[str, Interpreter] = {}
    seen: set[str] = set()
    for candidate in _candidates():
        real = os.path.realpath(candidate)
        if real in seen:
            continue
        seen.add(real)
        interpreter = ask(candidate)
        if interpreter is not None and interpreter.version[:2] >= OLDEST:
            found.setdefault(os.path.realpath(interpreter.path), interpreter)
    ranking = [(item.final, item.version, item.can_venv, item) for item in found.values()]
    return [entry[-1] for entry in sorted(ranking, key=lambda entry: entry[:3], reverse=True)]


def engine_interpreters(found: list[Interpreter]) -> list[Interpreter]:
    """Return the newest usable interpreter of each version the engine is tested on."""
    chosen: dict[tuple[int, ...], Interpreter] = {}
    for item in found:
        if item.version[:2] in ENGINE_VERSIONS and item.can_venv:
            chosen.setdefault(item.version[:2], item)
    return [chosen[version] for version in ENGINE_VERSIONS if version in chosen]
