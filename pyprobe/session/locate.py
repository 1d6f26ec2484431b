"""Where a program's source lies: a script's file, or a module found as ``python -m`` finds it."""

import json
import os
from functools import lru_cache

from pyprobe.session.environment import user_environment
from pyprobe.session.launch import Program

_ASK_TIMEOUT_S = 20.0
_ASK_PATH = "import json, sys; sys.stdout.write(json.dumps(sys.path))"


def program_file(program: Program) -> str | None:
    """Return the file whose first line the program starts with; ``None`` when it is not found."""
    path = program.script_path
    if path is None:
        return module_file(program)
    if os.path.isdir(path):
        main = os.path.join(path, "__main__.py")
        return main if os.path.isfile(main) else None
    return path


def module_file(program: Program) -> str | None:
    """Return the file of the module of ``-m``; of a package its ``__main__.py``."""
    if program.module is None:
        return None
    parts = program.module.split(".")
    for folder in _search_path(program):
        base = os.path.join(folder, *parts)
        for file in (os.path.join(base, "__main__.py"), f"{base}.py"):
            if os.path.isfile(file):
                return file
    return None


def module_folders(program: Program) -> list[str]:
    """Return the folder the module lies in, and the one its package is imported from."""
    file = module_file(program)
    if file is None or program.module is None:
        return []
    top = program.module.split(".")[0]
    folder = os.path.dirname(file)
    root = folder
    while os.path.basename(root) != top and os.path.dirname(root) != root:
        root = os.path.dirname(root)
    return [folder, os.path.dirname(root)] if os.path.basename(root) == top else [folder]


def _search_path(program: Program) -> list[str]:
    """The working directory comes first, so that most often no interpreter needs to be asked."""
    path = [program.cwd]
    top = (program.module or "").split(".")[0]
    if os.path.exists(os.path.join(program.cwd, top)) or os.path.exists(
        os.path.join(program.cwd, f"{top}.py")
    ):
        return path
    return path + _interpreter_path(program.python, program.cwd)


@lru_cache(maxsize=8)
def _interpreter_path(python: str, cwd: str) -> list[str]:
    import subprocess  # here, as a script's file is found without asking

    try:
        asked = subprocess.run(
            [python, "-c", _ASK_PATH],
            cwd=cwd,
            env=user_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ASK_TIMEOUT_S,
            check=True,
        )
        path = json.loads(asked.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return []  # launching it will say what is wrong with it
    return [folder for folder in path if isinstance(folder, str) and folder]
