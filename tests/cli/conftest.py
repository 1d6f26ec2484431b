"""Fixtures of the terminal's tests: the real command, in real processes."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

TARGET_PYTHON = os.environ.get("PYPROBE_TEST_TARGET", sys.executable)


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Place:
    """A folder with programs, and the command to run in it."""

    folder: Path

    def write(self, source: str, name: str = "program.py") -> Path:
        """Write a program's source."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(source), encoding="utf-8")
        return file

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of pyprobe with these arguments."""
        return [sys.executable, "-m", "pyprobe", *arguments]

    def pyprobe(self, *arguments: str, stdin: str = "", **options: Any) -> Done:
        """Run pyprobe to its end."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            input=stdin.encode(),
            capture_output=True,
            timeout=60,
            check=False,
            **options,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def record(self, *arguments: str, **options: Any) -> Done:
        """Record to ``out.mcap`` under the interpreter that is tested."""
        return self.pyprobe(
            "record", "--python", TARGET_PYTHON, "-o", "out.mcap", *arguments, **options
        )

    def export(self) -> list[dict[str, Any]]:
        """Return the lines of ``out.mcap`` as jsonl."""
        done = self.pyprobe("export", "out.mcap", "--format", "jsonl")
        assert done.code == 0, done.err
        return [json.loads(line) for line in done.out.splitlines()]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder of its own."""
    return Place(tmp_path)
