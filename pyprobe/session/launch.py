"""What a program is, which interpreter runs it, and how its process is started."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from pyprobe.errors import LaunchError

if TYPE_CHECKING:
    import subprocess


@dataclass(frozen=True)
class Program:
    """A program as the user named it: exactly one of ``script`` and ``module``.

    ``script`` is the path as typed (it becomes ``sys.argv[0]``), relative to ``cwd``.
    """

    script: str | None
    module: str | None
    args: tuple[str, ...]
    python: str
    cwd: str

    def __post_init__(self) -> None:
        if (self.script is None) == (self.module is None):
            raise LaunchError("a program is either a script or a module")

    def command(self) -> list[str]:
        """Return the command line, as the user would type it to run the program plain."""
        target = [self.script] if self.script is not None else ["-m", self.module or ""]
        return [self.python, *target, *self.args]

    @property
    def label(self) -> str:
        """The short name shown to people."""
        return os.path.basename(self.script) if self.script is not None else f"-m {self.module}"

    @property
    def script_path(self) -> str | None:
        """The script's absolute path; ``None`` for a module."""
        if self.script is None:
            return None
        return os.path.abspath(os.path.join(self.cwd, self.script))

    @property
    def script_dir(self) -> str:
        """The script's folder; for a module the working directory."""
        path = self.script_path
        return self.cwd if path is None else os.path.dirname(path)


class Stdio(Enum):
    """Where the program's standard streams go."""

    PIPES = "pipes"  # to the session, for a console
    INHERIT = "inherit"  # they are ours, untouched


def choose_python(explicit: str | None, script_dir: str) -> str:
    """Return the interpreter: as told, the project's ``.venv``, the active one, else ours.

    The project's ``.venv`` is looked for next to the script and above it, then in the working
    directory and above it.

    Raises:
        LaunchError: the interpreter named explicitly is not there or cannot be executed.
    """
    if explicit is not None:
        return _named_python(explicit)
    for folder in _project_folders(script_dir):
        python = _venv_python(folder / ".venv")
        if python is not None:
            return python
    active = os.environ.get("VIRTUAL_ENV")
    python = _venv_python(Path(active)) if active else None
    return python if python is not None else sys.executable


def _named_python(name: str) -> str:
    if os.path.isdir(name):
        inside = _venv_python(Path(name))
        if inside is None:
            raise LaunchError(f"{name} is a folder without a Python interpreter")
        return inside
    import shutil  # here, as most command lines name none

    found = shutil.which(name)
    if found is not None:
        return os.path.abspath(found)
    if os.path.exists(name):
        raise LaunchError(f"{name} is not an executable file")
    raise LaunchError(f"there is no interpreter {name}")


def _venv_python(venv: Path) -> str | None:
    inner = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    python = venv.joinpath(*inner)
    return str(python) if python.is_file() and os.access(python, os.X_OK) else None


def _project_folders(script_dir: str) -> Iterator[Path]:
    seen: set[Path] = set()
    for start in (Path(script_dir).absolute(), Path.cwd()):
        for folder in (start, *start.parents):
            # A .venv that a stranger put into /tmp or another shared folder is not the project's.
            if not _is_trusted(folder):
                break
            if folder not in seen:
                seen.add(folder)
                yield folder


def _is_trusted(folder: Path) -> bool:
    if os.name == "nt":
        return True
    try:
        status = folder.stat()
    except OSError:
        return False
    return status.st_uid in (0, os.getuid()) and not status.st_mode & 0o002


def spawn(program: Program, stdio: Stdio, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start the program's process.

    With pipes it leads its own process group, so that it can be stopped with all its children.
    With inherited streams it stays in our foreground group, so that Ctrl-C reaches it.

    Raises:
        LaunchError: it could not be started; the message says why.
    """
    import subprocess  # here and below, for a window to open sooner

    command = program.command()
    try:
        if stdio is Stdio.PIPES:
            return subprocess.Popen(
                command,
                cwd=program.cwd,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=os.name != "nt",
                creationflags=_hidden_group_flags(),
            )
        # Files the shell opened for the program pass through; ours are not inheritable anyway.
        return subprocess.Popen(command, cwd=program.cwd, env=environment, close_fds=False)
    except (OSError, ValueError) as error:
        raise LaunchError(_launch_sentence(program, error)) from error


def _hidden_group_flags() -> int:
    if sys.platform == "win32":
        import subprocess

        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return 0


def _launch_sentence(program: Program, error: Exception) -> str:
    if not os.path.isdir(program.cwd):
        return f"the working directory {program.cwd} does not exist"
    if isinstance(error, FileNotFoundError):
        return f"there is no interpreter {program.python}"
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{program.python} cannot be started: {reason}"
