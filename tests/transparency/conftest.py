"""Runs programs plain and under `pyprobe record`, and demands the same of both."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

TARGET_PYTHON = os.environ.get("PYPROBE_TEST_TARGET", sys.executable)
TARGET_VERSION = tuple(
    map(
        int,
        subprocess.run(
            [TARGET_PYTHON, "-c", "import sys; print(*sys.version_info[:2])"],
            capture_output=True,
            check=True,
        ).stdout.split(),
    )
)
TIMEOUT_S = 60
PROBE_MARK = re.compile(r"#\s*probe:\s*(\S+)")
# Anywhere in a line: a program may leave half a line before it.
SUMMARY = re.compile(r"pyprobe: .*\n")
PYPROBE = str(Path(sys.executable).with_name("pyprobe"))
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")


@dataclass(frozen=True)
class Run:
    """What a program left to its caller."""

    stdout: str
    stderr: str
    code: int


@dataclass(frozen=True)
class Program:
    """A program on disk: its folder, and what follows ``python`` on the command line."""

    folder: Path
    arguments: tuple[str, ...]
    probes: tuple[str, ...]

    def plain_command(self) -> list[str]:
        return [TARGET_PYTHON, *self.arguments]

    def record_command(self, recording: Path) -> list[str]:
        record = [PYPROBE, "record", "--python", TARGET_PYTHON]
        options = [option for probe in self.probes for option in ("-p", probe)]
        return [*record, *options, "--throttle", "every", "-o", str(recording), *self.arguments]


def _marked_probes(files: Mapping[str, str]) -> tuple[str, ...]:
    """Return a SPEC for each ``# probe: SYMBOL`` at the end of a line."""
    specs = []
    for name, text in files.items():
        for number, line in enumerate(text.splitlines(), 1):
            if mark := PROBE_MARK.search(line):
                specs.append(f"{name}:{number}:{mark[1]}")
    return tuple(specs)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _run(command: list[str], folder: Path, stdin: str, env: Mapping[str, str]) -> Run:
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **env},
        start_new_session=True,
    )
    try:
        out, err = process.communicate(stdin.encode(), timeout=TIMEOUT_S)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    stdout, stderr = (data.decode(errors="replace") for data in (out, err))
    return Run(ADDRESS.sub("0x…", stdout), ADDRESS.sub("0x…", stderr), process.returncode)


def _shell_code(code: int) -> int:
    """Return the exit code as a shell shows it; `record` ends with that."""
    return 128 - code if code < 0 else code


Same = Callable[..., Run]
Recorded = Callable[..., tuple[Run, Run]]


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    """Return a function that runs a program plain and recorded, and returns both runs."""

    def run_both(
        source: str | Mapping[str, str],
        *arguments: str,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        run: Sequence[str] = ("main.py",),
    ) -> tuple[Run, Run]:
        files = {"main.py": source} if isinstance(source, str) else source
        program = Program(tmp_path / "program", (*run, *arguments), _marked_probes(files))
        _write(program.folder, files)
        plain = _run(program.plain_command(), program.folder, stdin, env or {})
        _write(program.folder, files)
        command = program.record_command(tmp_path / "out.mcap")
        probed = _run(command, program.folder, stdin, env or {})
        assert "pyprobe: " in probed.stderr, "record writes a summary"
        return plain, Run(probed.stdout, SUMMARY.sub("", probed.stderr), probed.code)

    return run_both


@pytest.fixture
def same(recorded: Recorded) -> Same:
    """Return a function that runs a program both ways, compares, and returns the plain run."""

    def compare(source: str | Mapping[str, str], *arguments: str, **how: object) -> Run:
        plain, probed = recorded(source, *arguments, **how)
        assert probed == Run(plain.stdout, plain.stderr, _shell_code(plain.code))
        return plain

    return compare
