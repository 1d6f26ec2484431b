"""Creating and keeping up the virtual environments of a checkout."""

from __future__ import annotations

import hashlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from envsetup.interpreters import Interpreter, engine_interpreters, find_interpreters
from envsetup.report import SetupError, run_quietly, say, tail
from envsetup.system_packages import install, install_command

ENGINE_PACKAGES = [
    *("numpy", "msgpack", "pytest", "pytest-timeout", "hypothesis", "coverage"),
    *("pandas", "xarray", "pillow", "scipy"),  # whose values the target reads
]
STAMP = "pyprobe-setup.stamp"


class Checkout:
    """The places of one checkout that the set-up writes to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.log = root / "build" / "setup.log"

    @property
    def python(self) -> Path:
        return environment_python(self.venv)

    def engine_venv(self, short_version: str) -> Path:
        return self.venv / "engines" / short_version


def environment_python(venv: Path) -> Path:
    """Return a virtual environment's interpreter."""
    windows = venv / "Scripts" / "python.exe"
    return windows if os.name == "nt" else venv / "bin" / "python"


def stamp_text(wanted: str) -> str:
    return hashlib.sha256(wanted.encode()).hexdigest()


def _is_current(venv: Path, wanted: str) -> bool:
    try:
        stamp = (venv / STAMP).read_text(encoding="utf-8")
    except OSError:
        return False
    return stamp == stamp_text(wanted) and environment_python(venv).exists()


def _build(venv: Path, base: str, install_arguments: list[str], log: Path) -> bool:
    """Create the environment, or bring an existing one up to date."""
    python = environment_python(venv)
    kept = python.exists() and run_quietly([str(python), "-c", "import pip"], log)
    if not kept and not run_quietly([base, "-m", "venv", "--clear", str(venv)], log):
        shutil.rmtree(venv, ignore_errors=True)
        return False
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return run_quietly([*pip, *install_arguments], log)


def _require_venv_module(found: list[Interpreter], log: Path) -> list[Interpreter]:
    """Return the usable interpreters; on Debian bring the venv module where it is missing."""
    if not found:
        raise SetupError("PyProbe needs Python 3.11 or newer, and none was found on this machine")
    usable = [item for item in found if item.can_venv]
    if usable:
        return usable
    package = f"python{found[0].short}-venv"
    if install([package], log):
        return _require_venv_module(find_interpreters(), log)
    raise SetupError(
        f"Python {found[0].full} lacks venv and pip; please run: {install_command([package])}"
    )


def ensure_main(checkout: Checkout) -> Path:
    """Make ``.venv`` hold PyProbe and its development tools; return its interpreter.

    Raises:
        SetupError: no interpreter could carry it.
    """
    wanted = (checkout.root / "pyproject.toml").read_text(encoding="utf-8")
    if _is_current(checkout.venv, wanted):
        return checkout.python
    for interpreter in _require_venv_module(find_interpreters(), checkout.log):
        verb = "updating" if checkout.python.exists() else "creating"
        say(f"{verb} .venv with Python {interpreter.full} (a minute or two)")
        arguments = ["-e", f"{checkout.root}[dev]"]
        if _build(checkout.venv, interpreter.path, arguments, checkout.log):
            (checkout.venv / STAMP).write_text(stamp_text(wanted), encoding="utf-8")
            return checkout.python
        say(f"Python {interpreter.full} could not be used, see {checkout.log}")
        shutil.rmtree(checkout.venv, ignore_errors=True)
    raise SetupError(f"the dependencies could not be installed:\n{tail(checkout.log)}")


def ensure_engines(checkout: Checkout) -> dict[str, Path]:
    """Make one small environment for each version the engine is tested on.

    Returns the interpreters by short version. They live inside ``.venv``, so that removing that one
    folder removes everything.
    """
    wanted = " ".join(ENGINE_PACKAGES)
    interpreters = engine_interpreters(find_interpreters())

    def ensure(interpreter: Interpreter) -> tuple[str, Path | None]:
        venv = checkout.engine_venv(interpreter.short)
        stamp = f"{interpreter.path} {interpreter.full} {wanted}"
        if not _is_current(venv, stamp):
            say(f"creating an environment for the engine's tests on Python {interpreter.full}")
            log = checkout.log.with_name(f"setup-{interpreter.short}.log")
            if not _build(venv, interpreter.path, ENGINE_PACKAGES, log):
                say(f"Python {interpreter.full} is left out, see {log}")
                return interpreter.short, None
            (venv / STAMP).write_text(stamp_text(stamp), encoding="utf-8")
        return interpreter.short, environment_python(venv)

    with ThreadPoolExecutor(max_workers=2) as pool:
        made = list(pool.map(ensure, interpreters))
    return {version: python for version, python in made if python is not None}
