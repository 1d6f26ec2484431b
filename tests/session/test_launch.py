"""Which interpreter runs a program, and what is said when none can."""

import os
import sys
from pathlib import Path

import pytest

from pyprobe.errors import LaunchError
from pyprobe.session.environment import user_environment
from pyprobe.session.launch import Program, Stdio, choose_python, spawn


def make_venv(folder: Path) -> str:
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return str(python)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    cwd = tmp_path / "elsewhere"
    cwd.mkdir()
    monkeypatch.chdir(cwd)
    return cwd


def test_the_projects_own_venv_is_taken(tmp_path: Path, elsewhere: Path) -> None:
    project = tmp_path / "project"
    python = make_venv(project / ".venv")
    inner = project / "src" / "inner"
    inner.mkdir(parents=True)
    assert choose_python(None, str(inner)) == python
    assert choose_python(None, str(project)) == python


def test_the_working_directorys_venv_is_next(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = make_venv(elsewhere / ".venv")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    make_venv(tmp_path / "active")
    script_dir = tmp_path / "scripts"
    script_dir.mkdir()
    assert choose_python(None, str(script_dir)) == python


def test_then_the_active_venv_and_then_ours(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choose_python(None, str(elsewhere)) == sys.executable
    python = make_venv(tmp_path / "active")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    assert choose_python(None, str(elsewhere)) == python


def test_a_venv_in_a_folder_everybody_can_write_to_is_not_trusted(
    tmp_path: Path, elsewhere: Path
) -> None:
    shared = tmp_path / "shared"
    make_venv(shared / ".venv")
    shared.chmod(0o777)
    assert choose_python(None, str(shared)) == sys.executable


def test_an_explicit_interpreter_is_taken_as_it_is(tmp_path: Path, elsewhere: Path) -> None:
    python = make_venv(tmp_path / "venv")
    make_venv(elsewhere / ".venv")
    assert choose_python(python, str(elsewhere)) == python
    assert choose_python(str(tmp_path / "venv"), str(elsewhere)) == python


def test_an_interpreter_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="there is no interpreter /nowhere/python"):
        choose_python("/nowhere/python", str(tmp_path))
    text = tmp_path / "text"
    text.write_text("no program")
    with pytest.raises(LaunchError, match="is not an executable file"):
        choose_python(str(text), str(tmp_path))
    with pytest.raises(LaunchError, match="a folder without a Python interpreter"):
        choose_python(str(tmp_path), str(tmp_path))


def test_what_cannot_be_executed_is_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_bytes(b"\x7fELF but no more")
    broken.chmod(0o755)
    program = Program("x.py", None, (), str(broken), str(tmp_path))
    with pytest.raises(LaunchError, match=r"python cannot be started: Exec format error"):
        spawn(program, Stdio.PIPES, user_environment())
    program = Program("x.py", None, (), sys.executable, str(tmp_path / "gone"))
    with pytest.raises(LaunchError, match=r"the working directory .*gone does not exist"):
        spawn(program, Stdio.PIPES, user_environment())


def test_the_command_is_what_a_person_would_type(tmp_path: Path) -> None:
    cwd = str(tmp_path)
    script = Program("a/b.py", None, ("-x", "1"), "py", cwd)
    assert script.command() == ["py", "a/b.py", "-x", "1"]
    assert script.script_path == os.path.join(cwd, "a", "b.py")
    module = Program(None, "pkg.mod", ("y",), "py", cwd)
    assert module.command() == ["py", "-m", "pkg.mod", "y"]
    assert (module.script_dir, module.label) == (cwd, "-m pkg.mod")
    with pytest.raises(LaunchError):
        Program("a.py", "b", (), "py", cwd)
