"""Preferences and memory: round trips, damaged files, folders that cannot be written."""

import json
from pathlib import Path

import pytest

from pyprobe.gui.preferences import Preferences, ProgramMemory, Store
from pyprobe.gui.theme import ThemeChoice

CHOSEN = Preferences(2.5, "50ms", ThemeChoice.DARK, 13, 100, 20, 0, 30)


def test_preferences_come_back() -> None:
    store = Store()
    store.save_preferences(CHOSEN)
    assert Store().load_preferences() == CHOSEN
    assert store.complaints == []


def test_nothing_stored_gives_the_defaults() -> None:
    store = Store()
    assert store.load_preferences() == Preferences()
    assert store.load_program("/tmp/x.py") == ProgramMemory()
    assert store.complaints == []


def test_missing_values_take_their_defaults() -> None:
    assert Preferences.from_dict({"theme": "dark", "unknown": 1}).theme is ThemeChoice.DARK


@pytest.mark.parametrize(
    "data",
    [
        {"budget_percent": 0},
        {"budget_percent": "5"},
        {"throttle": "sometimes"},
        {"throttle": 5},
        {"theme": "pink"},
        {"font_points": 500},
        {"font_points": 9.5},
        {"array_mb": 0},
        {"array_mb": 1.5},
        {"disk_mb": -1},
        {"scalar_mb": "4000"},
        {"release_after_s": -1},
        {"release_after_s": 1.5},
    ],
)
def test_wrong_values_are_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Preferences.from_dict(data)


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"theme": "pink"}', b"\xff\xfe\x00"])
def test_a_damaged_file_is_put_aside_with_a_complaint(settings_folder: Path, damage: bytes) -> None:
    settings_folder.mkdir()
    path = settings_folder / "preferences.json"
    path.write_bytes(damage)
    store = Store()
    assert store.load_preferences() == Preferences()
    assert len(store.complaints) == 1
    assert not path.exists()
    assert (settings_folder / "preferences.unreadable.json").read_bytes() == damage


def test_a_program_is_remembered_by_its_path() -> None:
    memory = ProgramMemory(
        [{"file": "/a.py", "throttle": "auto"}],
        {"/a.py": "x = 'ü😀'\n"},
        b"\0layout",
        b"geometry",
        7,
    )
    store = Store()
    store.save_program("/a.py", memory)
    assert Store().load_program("/a.py") == memory
    assert Store().load_program("/b.py") == ProgramMemory()


@pytest.mark.parametrize(
    "damage",
    [{"probes": 3}, {"probes": [1]}, {"sources": []}, {"layout": 5}, {"sources": {"a": "AAAA"}}],
)
def test_a_damaged_memory_starts_afresh(damage: dict[str, object]) -> None:
    store = Store()
    store.save_program("/a.py", ProgramMemory(layout=b"x"))
    path = next((store.state_dir / "programs").glob("*.json"))
    path.write_text(json.dumps(damage), encoding="utf-8")
    assert store.load_program("/a.py") == ProgramMemory()
    assert len(store.complaints) == 1


def test_a_folder_that_cannot_be_written_is_a_complaint(settings_folder: Path) -> None:
    settings_folder.write_text("a file stands in the way", encoding="utf-8")
    store = Store()
    store.save_preferences(CHOSEN)
    assert "cannot be written" in store.complaints[0]


def test_nothing_half_written_is_left(settings_folder: Path) -> None:
    store = Store()
    store.save_preferences(CHOSEN)
    store.save_preferences(Preferences())
    assert [path.name for path in settings_folder.iterdir()] == ["preferences.json"]
