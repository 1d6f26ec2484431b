"""Workspace: toggling, edits that move or lose probes, and what is remembered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.gui.preferences import ProgramMemory
from pyprobe.gui.workspace import Workspace
from pyprobe.session.probe import ProbeStatus
from tests.gui.conftest import WriteProgram, make_session

TEXT = "x = 1\ny = x + 1\nz = [x, y]\n"


@pytest.fixture
def path(write_program: WriteProgram) -> Path:
    return write_program(TEXT)


@pytest.fixture
def workspace(path: Path) -> Iterator[Workspace]:
    session = make_session(path)
    yield Workspace(session, throttle="50ms")
    session.close()


def occurrence(workspace: Workspace, path: Path, line: int, col: int) -> Occurrence:
    found = workspace.open(str(path)).index.at(line, col)
    assert found is not None
    return found


def test_a_second_toggle_takes_the_probe_away(workspace: Workspace, path: Path) -> None:
    x = occurrence(workspace, path, 1, 0)
    probe, added = workspace.toggle(str(path), x)
    assert added
    assert probe.throttle == "50ms"
    assert workspace.probe_at(str(path), x) is probe
    again, added = workspace.toggle(str(path), x)
    assert again is probe
    assert not added
    assert workspace.probe_at(str(path), x) is None


def test_an_edit_moves_probes(workspace: Workspace, path: Path) -> None:
    probe, _ = workspace.toggle(str(path), occurrence(workspace, path, 2, 0))
    path.write_text("# new\n\n" + TEXT, encoding="utf-8")
    reload = workspace.file_changed(str(path))
    assert reload is not None
    assert (reload.moved, reload.lost) == (1, ())
    assert (probe.anchor.line, probe.occurrence.line) == (4, 4)


def test_a_lost_probe_says_why_and_comes_back(workspace: Workspace, path: Path) -> None:
    probe, _ = workspace.toggle(str(path), occurrence(workspace, path, 2, 0))
    path.write_text("x = 1\nz = [x]\n", encoding="utf-8")
    reload = workspace.reload(str(path))
    assert probe.status.value == "invalid"
    assert "gone" in probe.detail
    assert len(reload.lost) == 1
    path.write_text(TEXT, encoding="utf-8")
    workspace.reload(str(path))
    assert probe.status is ProbeStatus.ARMED


def test_a_syntax_error_loses_probes_until_it_is_mended(workspace: Workspace, path: Path) -> None:
    probe, _ = workspace.toggle(str(path), occurrence(workspace, path, 1, 0))
    path.write_text("x = = 1\n", encoding="utf-8")
    reload = workspace.reload(str(path))
    assert reload.source.problem_line == 1
    assert probe.status.value == "invalid"
    path.write_text(TEXT, encoding="utf-8")
    workspace.reload(str(path))
    assert probe.status is ProbeStatus.ARMED


def test_a_file_that_is_gone_keeps_its_text(workspace: Workspace, path: Path) -> None:
    probe, _ = workspace.toggle(str(path), occurrence(workspace, path, 1, 0))
    path.unlink()
    reload = workspace.reload(str(path))
    assert reload.source.text == TEXT
    assert "does not exist" in reload.source.problem
    assert reload.source.is_kept
    assert probe.status is ProbeStatus.ARMED


def test_remembered_probes_come_back_moved(workspace: Workspace, path: Path) -> None:
    for line in (1, 3):
        workspace.toggle(str(path), occurrence(workspace, path, line, 0))
    first = next(iter(workspace.session.probes.values()))
    workspace.session.set_throttle(first, "every:3")
    memory = workspace.remember()
    path.write_text("# one more\n" + TEXT, encoding="utf-8")

    session = make_session(path)
    other = Workspace(session)
    assert other.recall(memory) == []
    probes = list(session.probes.values())
    assert [probe.anchor.identity_label() for probe in probes] == [
        "x @ program.py:2",
        "z @ program.py:4",
    ]
    assert probes[0].throttle == "every:3"
    assert [other.key_of(probe) for probe in probes] == [
        workspace.key_of(probe) for probe in workspace.session.probes.values()
    ]
    session.close()


def test_colors_come_back(workspace: Workspace, path: Path) -> None:
    first, _ = workspace.toggle(str(path), occurrence(workspace, path, 1, 0))
    workspace.toggle(str(path), occurrence(workspace, path, 2, 0))
    workspace.session.remove_probe(first)
    memory = workspace.remember()
    session = make_session(path)
    Workspace(session).recall(memory)
    assert [probe.color_index for probe in session.probes.values()] == [1]
    session.close()


@pytest.mark.parametrize(
    "damage",
    [
        {},
        {"file": 3},
        {"occurrence": {"kind": "store"}},
        {"throttle": "sometimes"},
        {"occurrence": {"kind": "nonsense"}},
    ],
)
def test_a_damaged_probe_is_told_and_the_others_stay(
    workspace: Workspace, path: Path, damage: dict[str, object]
) -> None:
    workspace.toggle(str(path), occurrence(workspace, path, 1, 0))
    good = workspace.remember().probes[0]
    session = make_session(path)
    other = Workspace(session)
    broken: dict[str, object] = {**good, **damage} if damage else {"throttle": "auto"}
    problems = other.recall(ProgramMemory(probes=[broken, good]))
    assert len(problems) == 1
    assert len(session.probes) == 1
    session.close()


def test_closing_keeps_a_text_with_probes(workspace: Workspace, path: Path) -> None:
    workspace.toggle(str(path), occurrence(workspace, path, 1, 0))
    workspace.close(str(path))
    assert str(path) in workspace.sources
    workspace.toggle(str(path), occurrence(workspace, path, 1, 0))
    workspace.close(str(path))
    assert str(path) not in workspace.sources
