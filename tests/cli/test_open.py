"""What ``pyprobe open`` takes: one recording, named in full, or one sentence why not."""

from pathlib import Path

import pytest

from pyprobe.commands.open import open_recording
from pyprobe.errors import RecordingError
from tests.session.recordings import make_recording


def test_a_recording_is_opened_and_not_yet_loaded(tmp_path: Path) -> None:
    path = make_recording(tmp_path, [(1, 1.0)])
    options = open_recording([str(path), "--quit-after", "2", "--screenshot", "out.png"])
    assert (options.quit_after_s, options.screenshot) == (2.0, "out.png")
    assert not options.session.is_loaded
    options.session.close()


def test_a_second_recording_is_one_to_compare_with(tmp_path: Path) -> None:
    a, b = (make_recording(tmp_path, [(1, 1.0)], name=name) for name in ("a.mcap", "b.mcap"))
    options = open_recording([str(a), str(b)])
    assert (options.session.path, options.compare_with) == (str(a), str(b))
    options.session.close()
    with pytest.raises(RecordingError, match=r"c\.mcap cannot be read"):
        open_recording([str(a), str(tmp_path / "c.mcap")])


def test_what_is_none_is_one_sentence(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("x = 1\n")
    with pytest.raises(RecordingError, match=r"script\.py is not a recording of PyProbe"):
        open_recording([str(script)])
    with pytest.raises(SystemExit):
        open_recording([])


def test_a_picture_needs_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = make_recording(tmp_path, [(1, 1.0)])
    with pytest.raises(SystemExit) as ended:
        open_recording([str(path), "--screenshot", "out.png"])
    assert ended.value.code == 2
    assert "--screenshot needs --quit-after SECONDS" in capsys.readouterr().err
