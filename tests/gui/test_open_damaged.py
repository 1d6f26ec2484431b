"""A damaged recording in its window: what is whole is shown, and what is missing is said."""

from pathlib import Path

import pytest

from pyprobe.errors import RecordingError
from pyprobe.gui.main_window import MainWindow
from pyprobe.session.recorded_session import RecordedSession
from tests.gui.test_open import ROWS, OpenRecording, open_recording  # noqa: F401 - a fixture
from tests.session.recordings import make_recording

PLACES = [place / 8 for place in range(1, 8)]


def messages(window: MainWindow) -> list[str]:
    return [one.text for one in window.messages.waiting]


def check(window: MainWindow, path: Path) -> None:
    """Whatever is missing, the window says it once, shows the rest and goes on."""
    session = window.session
    assert isinstance(session, RecordedSession)
    assert session.is_loaded
    captured = sum(probe.captured for probe in session.probes.values())
    assert captured <= len(ROWS)
    if captured < len(ROWS) or not session.probes:
        assert session.trouble
    if session.trouble:
        said = f"{session.trouble[0].upper()}{session.trouble[1:]}."
        assert messages(window).count(said) == 1
    assert not [text for text in messages(window) if "PyProbe itself" in text]
    window.time.step(-1)
    assert window.time.cursor.is_live is (captured == 0)
    assert path.name in window.windowTitle()


@pytest.mark.parametrize("place", PLACES)
def test_cut_off(open_recording: OpenRecording, tmp_path: Path, place: float) -> None:  # noqa: F811
    path = make_recording(tmp_path, ROWS, rows_a_chunk=10)
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * place)])
    check(open_recording(path), path)


def test_cut_off_before_it_says_what_it_is(
    open_recording: OpenRecording,  # noqa: F811
    tmp_path: Path,
) -> None:
    path = make_recording(tmp_path, ROWS)
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(RecordingError, match="is not a recording of PyProbe"):
        open_recording(path)


@pytest.mark.parametrize("place", PLACES)
def test_a_byte_turned_over(
    open_recording: OpenRecording,  # noqa: F811
    tmp_path: Path,
    place: float,
) -> None:
    path = make_recording(tmp_path, ROWS, rows_a_chunk=10)
    data = bytearray(path.read_bytes())
    data[round(len(data) * place)] ^= 0xFF
    path.write_bytes(data)
    check(open_recording(path), path)
