"""The door into the target: what it restores, whom it hands over to, and what it leaves behind."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import pyprobe
from pyprobe.ipc.connect_text import write_connect
from pyprobe.session.environment import drop_foreign_qt_paths, remember_environment
from pyprobe.session.launch import Program
from pyprobe.session.session import Session
from tests.session.running import Heard, until_end

TARGET_PYTHON = os.environ.get("PYPROBE_TEST_TARGET", sys.executable)
BOOTSTRAP = Path(pyprobe.__file__).parent / "core" / "bootstrap"

SHOW = """\
import json, os, sys
print(json.dumps({
    "environment": dict(os.environ),
    "path": sys.path,
    "caches": sorted(sys.path_importer_cache),
    "modules": sorted(sys.modules),
    "sitecustomize": getattr(sys.modules.get("sitecustomize"), "__file__", None),
    "argv": sys.argv,
}))
"""


def under_pyprobe(folder: Path) -> Any:
    """Return what a program sees that runs in a session."""
    session = Session(Program("show.py", None, ("a",), TARGET_PYTHON, str(folder)))
    heard = Heard()
    session.add_listener(heard)
    try:
        session.start()
        ending = until_end(session)
    finally:
        session.close()
    assert ending.exit_code == 0, heard.output["stderr"]
    assert ending.complete
    return json.loads(heard.output["stdout"])


def plain(folder: Path) -> Any:
    """Return what the same program sees plain."""
    done = subprocess.run(
        [TARGET_PYTHON, "show.py", "a"],
        cwd=folder,
        env=dict(os.environ),  # without what readline sets behind Python's back
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "show.py").write_text(SHOW)
    monkeypatch.setattr("pyprobe.session.environment._remembered", None)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    return tmp_path


@pytest.mark.parametrize("python_path", [None, "", "library", "a:b"])
def test_environment_and_path_are_as_the_user_had_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, python_path: str | None
) -> None:
    if python_path is not None:
        monkeypatch.setenv("PYTHONPATH", python_path)
    seen, expected = under_pyprobe(folder), plain(folder)
    assert seen["environment"] == expected["environment"]
    assert seen["path"] == expected["path"]
    assert not [path for path in seen["caches"] if path.startswith(str(BOOTSTRAP.parents[1]))]
    assert seen["argv"] == expected["argv"]
    assert seen["sitecustomize"] == expected["sitecustomize"]
    assert not [name for name in seen["modules"] if name.startswith(("pyprobe", "msgpack"))]


def test_the_environments_own_sitecustomize_takes_the_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    custom = folder / "custom"
    custom.mkdir()
    (custom / "sitecustomize.py").write_text("import os\nos.environ['CUSTOM'] = 'yes'\n")
    monkeypatch.setenv("PYTHONPATH", str(custom))
    seen = under_pyprobe(folder)
    assert seen["sitecustomize"] == str(custom / "sitecustomize.py")
    assert seen["environment"]["CUSTOM"] == "yes"


def test_a_sitecustomize_that_fails_fails_as_it_does_plain(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    custom = folder / "custom"
    custom.mkdir()
    (custom / "sitecustomize.py").write_text("raise ValueError('broken')\n")
    monkeypatch.setenv("PYTHONPATH", str(custom))
    assert under_pyprobe(folder)["sitecustomize"] == plain(folder)["sitecustomize"] is None


def test_a_program_with_modules_named_like_ours_gets_its_own(folder: Path) -> None:
    (folder / "pyprobe.py").write_text("mine = 1\n")
    (folder / "contextlib.py").write_text("mine = 2\n")
    (folder / "show.py").write_text(
        dedent(
            """\
            import json, pyprobe, sys
            own = "contextlib" not in sys.modules
            import contextlib
            print(json.dumps([pyprobe.mine, own, hasattr(contextlib, "mine")]))
            """
        )
    )
    assert under_pyprobe(folder) in ([1, True, True], [1, False, False])


def test_qt_variables_are_kept_apart_both_ways(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_PLUGIN_PATH", "/the/programs/plugins")
    remember_environment()
    drop_foreign_qt_paths()
    assert "QT_PLUGIN_PATH" not in os.environ  # ours starts without the program's plug-ins
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/our/plugins")
    environment = under_pyprobe(folder)["environment"]
    assert environment["QT_PLUGIN_PATH"] == "/the/programs/plugins"
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in environment


def test_nothing_is_written_beside_the_program(folder: Path) -> None:
    under_pyprobe(folder)
    assert [entry.name for entry in folder.iterdir()] == ["show.py"]


def test_a_front_end_that_is_gone_does_not_stop_the_program(folder: Path) -> None:
    connect = {
        "family": "AF_UNIX",
        "address": str(folder / "nobody"),
        "key": "00",
        "msgpack": str(folder),
        "probe": "1",
    }
    environment = os.environ | {
        "PYPROBE_CONNECT": write_connect(connect),
        "PYTHONPATH": str(BOOTSTRAP),
    }
    done = subprocess.run(
        [TARGET_PYTHON, "show.py"], cwd=folder, env=environment, capture_output=True, check=True
    )
    assert b"pyprobe: the runner cannot start, so nothing is captured: " in done.stderr
    assert len(done.stderr.splitlines()) == 1
    seen = json.loads(done.stdout)
    assert "PYPROBE_CONNECT" not in seen["environment"]
    assert str(BOOTSTRAP) not in seen["path"]


def test_every_python_can_parse_the_door() -> None:
    source = (BOOTSTRAP / "sitecustomize.py").read_text()
    ast.parse(source, feature_version=(3, 7))
    tree = ast.parse(source)
    newer = (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.AsyncFunctionDef, ast.Nonlocal)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert functions
    for function in functions:
        arguments = function.args
        assert not arguments.kwonlyargs + arguments.posonlyargs
        assert function.returns is None
        assert not [argument for argument in arguments.args if argument.annotation]


def test_an_old_interpreter_says_so_and_ends(folder: Path) -> None:
    code = (
        "import sys\n"
        "sys.version_info = (3, 9, 1)\n"
        f"exec(compile(open({str(BOOTSTRAP / 'sitecustomize.py')!r}).read(), 'door', 'exec'))\n"
    )
    done = subprocess.run([TARGET_PYTHON, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("pyprobe: ")
    assert "is Python 3.9; PyProbe needs 3.11 or newer, choose one with --python" in done.stderr
    assert len(done.stderr.splitlines()) == 1
