"""Lenses of other packages: found when installed, and harmless when they fail or hang."""

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from pyprobe.plots.lens_plugins import GROUP, Plugins
from pyprobe.plots.lens_registry import LensRegistry
from pyprobe.plots.lens_suspects import LensSuspects
from pyprobe.plots.plugin_watch import LensHangsError, LensStuck, PluginWatch, culprit
from pyprobe.plots.theme import LIGHT_THEME
from tests.plots.samples import append_array, array_traits, make_probe

EXAMPLE = Path(__file__).parents[2] / "resources" / "example_lens"
PIP_OPTIONS = (
    *("install", "--quiet", "--no-deps", "--no-index"),
    *("--no-build-isolation", "--disable-pip-version-check"),
)
SERIES = array_traits("float64", (8,))


@pytest.fixture
def add_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return the names of modules a test has written; they are forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    names: list[str] = []
    yield names
    for name in names:
        sys.modules.pop(name, None)


def entry_point(tmp_path: Path, names: list[str], name: str, text: str) -> EntryPoint:
    (tmp_path / f"{name}.py").write_text(text)
    names.append(name)
    return EntryPoint(name, f"{name}:LENS", GROUP)


def lens_module(fit: str = "1", build: str = "None") -> str:
    return (
        "from pyprobe.plots.lens_registry import LensEntry\n"
        f"LENS = LensEntry('other', lambda traits: {fit}, lambda theme, color: {build})\n"
    )


def test_the_example_package_installs_and_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    source = shutil.copytree(EXAMPLE, tmp_path / "source")  # a build leaves files beside it
    site = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", *PIP_OPTIONS, "--target", str(site), str(source)],
        check=True,
    )
    monkeypatch.syspath_prepend(str(site))
    found = [
        entry
        for distribution in distributions(path=[str(site)])
        for entry in distribution.entry_points.select(group=GROUP)
    ]
    plugins = Plugins(LensRegistry())
    plugins.load(found)
    assert plugins.complaints == []
    (entry,) = plugins.registry.lenses_for(SERIES)
    assert (entry.name, entry.origin) == ("stems", "pyprobe-lens-stems")
    assert plugins.registry.lenses_for(array_traits("float64", (65,))) == ()
    lens = entry.build(LIGHT_THEME, "#0072b2")
    qtbot.addWidget(lens)
    lens.resize(400, 300)
    probe = make_probe()
    append_array(probe, np.array([1.0, -2.0, 3.0]))
    failures: list[str] = []
    lens.failed.connect(failures.append)
    lens.show_history(probe.history)
    lens.grab()
    assert failures == []
    sys.modules.pop("pyprobe_lens_stems", None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("LENS = 5", "other:LENS is no LensEntry but a int"),
        ("", "AttributeError: module 'other' has no attribute 'LENS'"),
    ],
)
def test_a_package_that_cannot_be_loaded_is_told(
    text: str, sentence: str, tmp_path: Path, add_module: list[str]
) -> None:
    plugins = Plugins(LensRegistry())
    plugins.load([entry_point(tmp_path, add_module, "other", text)])
    assert plugins.complaints == [f"The lens other of other:LENS cannot be used: {sentence}."]
    assert plugins.registry.names() == ()


def test_one_that_cannot_judge_is_switched_off_and_told_once(
    tmp_path: Path, add_module: list[str]
) -> None:
    said: list[str] = []
    plugins = Plugins(LensRegistry())
    plugins.listen(said.append)
    plugins.load([entry_point(tmp_path, add_module, "other", lens_module(fit="1 / 0"))])
    for _ in range(3):
        assert plugins.registry.lenses_for(SERIES) == ()
    why = "other failed to judge a value: ZeroDivisionError: division by zero"
    assert said == [f"The lenses of other:LENS are switched off: {why}."]


def test_one_that_builds_no_lens_says_so(tmp_path: Path, add_module: list[str]) -> None:
    plugins = Plugins(LensRegistry())
    plugins.load([entry_point(tmp_path, add_module, "other", lens_module(build="42"))])
    (entry,) = plugins.registry.lenses_for(SERIES)
    with pytest.raises(Exception, match="other of other:LENS makes no LensWidget"):
        entry.build(LIGHT_THEME, "#0072b2")


def test_one_without_a_name_is_told(tmp_path: Path, add_module: list[str]) -> None:
    for number, name in enumerate(("''", "5")):
        plugins = Plugins(LensRegistry())
        text = lens_module().replace("'other'", name)
        plugins.load([entry_point(tmp_path, add_module, f"nameless{number}", text)])
        (said,) = plugins.complaints
        assert f"nameless{number}:LENS has no name" in said


def test_one_that_a_window_did_not_come_back_from_is_not_loaded_again(
    tmp_path: Path, add_module: list[str]
) -> None:
    notes = tmp_path / "notes" / "lenses.json"
    text = f"from pathlib import Path\nASKED = Path({str(notes)!r}).read_text()\n"
    seen = (
        "__import__('pathlib').Path(__file__ + '.seen').write_text(Path(NOTES).read_text()) * 0 + 1"
    )
    text += f"NOTES = {str(notes)!r}\n{lens_module(fit=seen)}"
    point = entry_point(tmp_path, add_module, "other", text)
    plugins = Plugins(LensRegistry(), suspects=LensSuspects(notes))
    plugins.load([point])
    assert plugins.complaints == []
    assert sys.modules["other"].ASKED == '["other:LENS"]'  # as long as its code ran
    assert not notes.exists()
    assert [one.name for one in plugins.registry.lenses_for(SERIES)] == ["other"]
    assert (tmp_path / "other.py.seen").read_text() == '["other:LENS"]'
    assert not notes.exists()
    notes.write_text('["other:LENS"]')  # a window was killed
    again = Plugins(LensRegistry(), suspects=LensSuspects(notes))
    again.load([point])
    assert again.registry.names() == ()
    (told,) = again.complaints
    assert told.startswith("The lenses of other:LENS are not used: a window before this one did")
    assert notes.exists()


@pytest.mark.parametrize("text", ["", "{", "5", "[1]", "null"])
def test_notes_that_are_damaged_suspect_nobody(text: str, tmp_path: Path) -> None:
    notes = tmp_path / "lenses.json"
    notes.write_text(text)
    assert not LensSuspects(notes).is_suspect("other")


def test_complaints_wait_for_a_listener() -> None:
    plugins = Plugins(LensRegistry())
    plugins.say("first")
    said: list[str] = []
    plugins.listen(said.append)
    plugins.say("second")
    assert said == ["first", "second"]


def test_a_lens_that_hangs_is_stopped_and_named(tmp_path: Path, qtbot: QtBot) -> None:
    source = tmp_path / "hanging.py"
    source.write_text("def draw():\n    while True:\n        pass\n")
    namespace: dict[str, object] = {}
    exec(compile(source.read_text(), str(source), "exec"), namespace)
    draw = namespace["draw"]
    assert callable(draw)
    watch = PluginWatch({"slow-lens": str(source)}, limit_s=0.2)
    watch.start()
    try:
        with (
            qtbot.waitSignal(watch.hung) as blocker,
            pytest.raises(LensHangsError, match="kept the window waiting"),
        ):
            draw()
        assert blocker.args == ["slow-lens"]
    finally:
        watch.stop()
    assert not watch.is_running
    assert "pyprobe-lenses" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize(
    "work",
    [
        "while True:\n        pass",
        "time.sleep(3600)",
        "threading.Event().wait()",
        "while True:\n        try: time.sleep(3600)\n        except Exception: pass",
    ],
    ids=["computes", "sleeps", "waits", "catches"],
)
def test_whatever_a_lens_hangs_in_is_stopped(work: str, tmp_path: Path, qtbot: QtBot) -> None:
    source = tmp_path / "hanging.py"
    source.write_text(f"import threading, time\n\ndef draw():\n    {work}\n")
    namespace: dict[str, object] = {}
    exec(compile(source.read_text(), str(source), "exec"), namespace)
    draw = namespace["draw"]
    assert callable(draw)
    before = signal.getsignal(signal.SIGURG)
    watch = PluginWatch({"slow-lens": str(source)}, limit_s=0.2)
    watch.start()
    try:
        with pytest.raises((LensHangsError, LensStuck)):
            draw()
    finally:
        watch.stop()
    assert signal.getsignal(signal.SIGURG) == before


def test_work_of_our_own_is_never_interrupted(qtbot: QtBot) -> None:
    watch = PluginWatch({"slow-lens": "/nowhere"}, limit_s=0.05)
    watch.start()
    done = threading.Event()
    threading.Timer(0.3, done.set).start()
    while not done.is_set():  # the event loop is kept from beating, by none of the package's code
        pass
    watch.stop()


def test_the_watch_sees_whose_code_runs() -> None:
    frame = sys._getframe()
    here = frame.f_code.co_filename
    assert culprit(frame, {"tests": here}) == "tests"
    assert culprit(frame, {"tests": str(Path(here).parent)}) == "tests"
    assert culprit(frame, {"other": "/nowhere", "unknown": ""}) == ""


def test_the_watch_leaves_no_timer(qtbot: QtBot) -> None:
    watch = PluginWatch({})
    watch.start()
    watch.start()
    watch.stop()
    watch.stop()
    assert not any(timer.isActive() for timer in watch.findChildren(QTimer))
