"""The set-up finds interpreters, does its work once, and says what is missing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import demo
import pytest
from envsetup.environments import STAMP, Checkout, ensure_main, stamp_text
from envsetup.interpreters import Interpreter, ask, engine_interpreters, find_interpreters
from envsetup.report import SetupError
from envsetup.system_packages import (
    QT_LIBRARIES,
    ensure_system_packages,
    install_command,
    missing_packages,
)
from suites.catalogue import EVENT_SOURCE, SOURCELESS, TARGET_PYTHON, Suite, all_suites
from suites.running import run_suite

from tests.conftest import ROOT


def test_every_interpreter_found_runs_and_is_new_enough() -> None:
    found = find_interpreters()
    assert found
    assert all(item.version >= (3, 11, 0) for item in found)
    assert [item.version for item in found if item.final] == sorted(
        (item.version for item in found if item.final), reverse=True
    )


def test_an_interpreter_inside_a_virtual_environment_is_no_base(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path)], check=True)
    assert ask(str(tmp_path / "bin" / "python")) is None


def test_what_is_no_interpreter_is_passed_over(tmp_path: Path) -> None:
    pretender = tmp_path / "python3.13"
    pretender.write_text("#!/bin/sh\necho nonsense\n")
    pretender.chmod(0o755)
    assert ask(str(pretender)) is None
    assert ask(str(tmp_path / "absent")) is None


def test_pyenvs_folder_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "versions" / "3.11.99" / "bin"
    folder.mkdir(parents=True)
    answer = f"3|11|99|1|1|0|{folder / 'python'}"
    (folder / "python").write_text(f"#!/bin/sh\necho '{answer}'\n")
    (folder / "python").chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert (3, 11, 99) in [item.version for item in find_interpreters()]


def test_the_engine_is_tested_on_the_newest_of_each_version() -> None:
    found = [
        Interpreter((3, 14, 0), True, True, "a"),
        Interpreter((3, 13, 2), True, False, "no venv"),
        Interpreter((3, 13, 1), True, True, "b"),
        Interpreter((3, 11, 9), True, True, "c"),
        Interpreter((3, 11, 2), True, True, "d"),
    ]
    assert [item.path for item in engine_interpreters(found)] == ["c", "b"]


def test_an_environment_that_is_current_is_left_alone(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    checkout.python.parent.mkdir(parents=True)
    checkout.python.symlink_to(sys.executable)
    (checkout.venv / STAMP).write_text(stamp_text("[project]\n"))
    assert ensure_main(checkout) == checkout.python
    assert not checkout.log.exists()


def test_nothing_is_missing_where_these_tests_run() -> None:
    assert missing_packages(tests=True) == []


def test_a_missing_library_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    if not sys.platform.startswith("linux"):
        assert missing_packages(tests=True) == []
        return
    monkeypatch.setitem(QT_LIBRARIES, "libnot-there.so.0", "libnot-there0")
    assert missing_packages(tests=True) == ["libnot-there0"]
    assert "libnot-there0" in install_command(["libnot-there0"])


def _fake_apt(folder: Path) -> Path:
    """Write an apt-get that fails, as without rights or net, and notes how it was called."""
    folder.mkdir()
    calls = folder / "calls"
    for name in ("apt-get", "sudo"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {calls}\nexit 1\n')
        (folder / name).chmod(0o755)
    return calls


def test_where_nothing_can_be_installed_the_command_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_apt(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setitem(QT_LIBRARIES, "libnot-there.so.0", "libnot-there0")
    with pytest.raises(SetupError, match="sudo apt-get install libnot-there0"):
        ensure_system_packages(tmp_path / "log", tests=True)


def test_both_event_sources_are_tested_where_there_are_two() -> None:
    engines = {"3.11": Path("a"), "3.13": Path("b")}
    suites = [suite for suite in all_suites(ROOT, engines) if suite.name.startswith("engine")]
    tested = [(suite.name.split()[1], suite.environment[EVENT_SOURCE]) for suite in suites]
    assert tested == [("3.11", "settrace"), ("3.13", "monitoring"), ("3.13", "settrace")]


def test_sessions_are_tested_with_programs_of_every_interpreter() -> None:
    ours = f"{sys.version_info[0]}.{sys.version_info[1]}"
    engines = {version: Path(version) for version in ("3.99", ours)}
    suites = [suite for suite in all_suites(ROOT, engines) if suite.name.startswith("session")]
    assert [suite.environment.get(TARGET_PYTHON) for suite in suites] == ["3.99", None]


def test_what_a_second_event_source_leaves_out_has_no_use_for_one() -> None:
    for path in SOURCELESS:
        text = (ROOT / "tests" / path).read_text(encoding="utf-8")
        assert not re.search(r"choose_event_source|capturing|Tracer|Engine|subprocess", text)
    engines = {"3.13": Path("python")}
    first, second = (suite for suite in all_suites(ROOT, engines) if "engine" in suite.name)
    assert set(second.command) - set(first.command) == {
        f"--ignore=tests/{path}" for path in SOURCELESS
    }


def test_no_folder_of_tests_is_forgotten() -> None:
    engines = {version: Path("python") for version in ("3.11", "3.12", "3.13")}
    words = {word for suite in all_suites(ROOT, engines) for word in suite.command}
    folders = {f"tests/{path.parent.name}" for path in ROOT.glob("tests/*/test_*.py")}
    assert folders <= words
    assert {str(path.relative_to(ROOT)) for path in ROOT.glob("tests/test_*.py")} <= words


def test_results_are_counted(tmp_path: Path) -> None:
    (tmp_path / "test_three.py").write_text(
        "import pytest\n"
        "def test_good(): pass\n"
        "def test_bad(): assert 0\n"
        "@pytest.fixture\n"
        "def broken(): raise ValueError\n"
        "def test_error(broken): pass\n"
    )
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_three.py")
    outcome = run_suite(Suite("three", command, True), tmp_path, dict(os.environ))
    assert (outcome.passed, outcome.failed) == (1, 2)
    assert "test_bad" in outcome.output


@pytest.mark.parametrize(
    "command",
    [
        (sys.executable, "-m", "pytest", "nowhere"),
        (sys.executable, "-c", "import os; os.abort()"),
    ],
)
def test_a_suite_that_cannot_run_counts_as_failed(tmp_path: Path, command: tuple[str, ...]) -> None:
    outcome = run_suite(Suite("none", command, True), tmp_path, dict(os.environ))
    assert (outcome.passed, outcome.failed) == (0, 1)


def test_make_picks_a_python_and_ci_calls_make() -> None:
    done = subprocess.run(
        ["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "scripts/setup_env.py --tests" in done.stdout
    ci = ROOT / ".ci" / "run"
    assert "make test" in ci.read_text()
    assert os.access(ci, os.X_OK)


def test_the_demo_probes_lines_that_exist() -> None:
    command = demo.demo_command()
    assert command.count("-p") == len(demo.PROBED)
    assert Path(command[-1]).is_file()
