"""A recording is opened as the session that it was: probes, values, sources, output, ending."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.errors import LaunchError, ProbeError, PyProbeError, RecordingError
from pyprobe.ipc.messages import Failure, Hello, Note, ProbeState, Stats
from pyprobe.session.ending import Ending, TracebackFrame
from pyprobe.session.listener import ProgramState
from pyprobe.session.probe import ProbeStatus
from pyprobe.session.readable_session import ReadableSession
from pyprobe.session.recorded_session import NoProgramError, RecordedSession
from pyprobe.session.recording import Recorder
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.session import Session
from tests.session.conftest import TARGET_PYTHON, MakeSession
from tests.session.recordings import SCRIPT, make_recording, probe_number
from tests.session.running import Heard, occurrence_of, program_of, until_end

HELLO = Hello(42, "3.13.0", "/usr/bin/python3", "monitoring", "Python 3.12 or newer")
X, Y = probe_number("x", 1), probe_number("y", 2)


def loaded(path: Path) -> tuple[RecordedSession, Heard]:
    session = RecordedSession(str(path))
    heard = Heard()
    session.add_listener(heard)
    while session.process_events():
        pass
    return session, heard


def test_it_reads_as_the_session_did(tmp_path: Path) -> None:
    ending = Ending(
        1,
        None,
        "ended with exit code 1: ValueError: no",
        "ValueError: no",
        [TracebackFrame("a", 3, "f")],
    )
    path = make_recording(
        tmp_path,
        [(X, 1.5), (Y, 2), (X, 2.5), (Y, "text"), (X, np.arange(3.0))],
        others=[
            HELLO,
            Stats(5, 1, 10, 1000, 0, {str(X): [3, 1, "sampled"]}),
            Note("something was lost"),
            ProbeState(Y, "invalid", "why not"),
            Failure("ValueError", "no", []),
        ],
        output=[("stdout", "hello\n"), ("stderr", "oh\n")],
        ending=ending,
    )
    session, heard = loaded(path)
    assert session.state is ProgramState.ENDED
    assert session.ending == ending
    assert heard.endings == [ending]
    assert session.hello == HELLO
    assert session.program.script == "script.py"
    assert session.program.args == ("a", "b c")
    x, y = session.probes[X], session.probes[Y]
    assert x.history.scalars().value.tolist() == [1.5, 2.5]
    assert x.history.count == x.captured == 3
    assert y.history.count == 2
    assert (x.mode, x.dropped, x.status) == ("sampled", 1, ProbeStatus.FINISHED)
    assert (y.status, y.detail) == (ProbeStatus.INVALID, "why not")
    assert x.occurrence == find_occurrences(SCRIPT)[X - 1]
    assert session.stats.received == 5
    assert session.stats.dropped == 1
    assert session.notes == ["something was lost"]
    assert heard.captured == {X, Y}
    assert heard.output == {"stdout": "hello\n", "stderr": "oh\n"}
    assert [(one.stream, one.text) for one in session.output] == [
        ("stdout", "hello\n"),
        ("stderr", "oh\n"),
    ]
    assert session.output[0].t_ns <= session.output[1].t_ns


def test_it_opens_before_it_has_read_and_reads_on_piece_by_piece(tmp_path: Path) -> None:
    path = make_recording(tmp_path, [(X, float(i)) for i in range(1000)])
    session = RecordedSession(str(path))
    assert len(session.probes) == len(find_occurrences(SCRIPT))
    assert session.ending is not None
    assert session.progress == 0
    counts, progress = [0], [0.0]
    while session.process_events(max_ms=0):
        counts.append(session.probes[X].history.count)
        progress.append(session.progress)
    assert list(dict.fromkeys(counts)) == list(range(0, 1001, 50))
    assert progress == sorted(progress)
    assert session.is_loaded
    assert session.progress == 1
    assert not session.process_events()


def test_a_front_end_that_comes_late_is_woken(tmp_path: Path) -> None:
    session = RecordedSession(str(make_recording(tmp_path, [(X, 1)])))
    woken: list[bool] = []
    session.wakeup = lambda: woken.append(True)
    assert woken == [True]
    while session.process_events():
        pass
    session.wakeup = lambda: woken.append(True)
    assert woken == [True]
    session.wakeup()
    assert woken == [True, True]


def test_closing_it_while_it_loads_keeps_what_was_read(tmp_path: Path) -> None:
    path = make_recording(tmp_path, [(X, float(i)) for i in range(1000)])
    session = RecordedSession(str(path))
    session.process_events(max_ms=0)
    session.close()
    session.close()
    assert not session.process_events()
    assert session.probes[X].history.count == 50


def test_the_source_is_what_it_was(tmp_path: Path) -> None:
    path = make_recording(tmp_path, [(X, 1)])
    script = str(tmp_path / "script.py")
    assert RecordedSession(str(path)).changed_files() == []
    Path(script).write_text("other = 2\n")
    session = RecordedSession(str(path))
    (changed,) = session.changed_files()
    assert (changed.file, changed.is_gone, changed.has_text) == (script, False, True)
    assert session.source(script).text == SCRIPT
    assert session.notes == [
        "script.py has changed since it was recorded; shown is its text of then."
    ]
    Path(script).unlink()
    session = RecordedSession(str(path))
    assert session.source(script).text == SCRIPT
    assert session.notes == ["script.py is no longer there; shown is its text of then."]


def test_a_recording_without_texts_says_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A file too large to be kept is only named, as every file was in recordings of layout 1.
    monkeypatch.setattr("pyprobe.session.recording._MAX_SOURCE_BYTES", 3)
    path = make_recording(tmp_path, [(X, 1)])
    script = tmp_path / "script.py"
    session = RecordedSession(str(path))
    assert session.source(str(script)).text == SCRIPT
    assert not session.sources.has_text(str(script))
    assert session.changed_files() == []
    script.unlink()
    assert RecordedSession(str(path)).source(str(script)).problem.endswith("does not exist")


def commands(session: RecordedSession) -> list[Callable[[], object]]:
    probe = session.probes[X]
    return [
        session.start,
        session.restart,
        session.stop,
        session.pause,
        session.resume,
        lambda: session.send_input("x"),
        session.close_input,
        lambda: session.send_signal(15),
        lambda: session.set_throttle(probe, "every"),
        lambda: session.move_probe(probe, probe.occurrence),
        lambda: session.lose_probe(probe, "gone"),
    ]


def test_what_needs_a_program_is_refused_in_one_sentence(tmp_path: Path) -> None:
    session = RecordedSession(str(make_recording(tmp_path, [(X, 1)])))
    for command in commands(session):
        with pytest.raises(NoProgramError, match=r"^script\.py .+: this is a recording, and no "):
            command()
    assert issubclass(NoProgramError, LaunchError)
    assert issubclass(NoProgramError, PyProbeError)


def test_a_probe_can_be_hidden_and_shown_again_but_not_added(tmp_path: Path) -> None:
    session = RecordedSession(str(make_recording(tmp_path, [(X, 1), (X, 2)])))
    probe = session.probes[X]
    session.remove_probe(probe)
    assert X not in session.probes
    while session.process_events():
        pass
    script = str(tmp_path / "script.py")
    assert session.add_probe(probe.occurrence, script) is probe
    assert session.probes[X] is probe
    assert probe.history.count == 2
    (other,) = [one for one in find_occurrences("\n" * 8 + "z = 1\n") if one.symbol == "z"]
    with pytest.raises(ProbeError, match="no captures of z in line 9"):
        session.add_probe(other, script)


def test_of_several_runs_the_last_is_shown(tmp_path: Path) -> None:
    path = make_recording(tmp_path, [(X, 1.0), (X, 2.0)], others=[HELLO, Note("a"), HELLO])
    session, _heard = loaded(path)
    assert "shown is the last" in session.notes[0]
    assert session.probes[X].history.count == 2


def test_both_sessions_read_alike(tmp_path: Path) -> None:
    path = make_recording(tmp_path, [(X, 1)])
    file = tmp_path / "script.py"
    live = Session(program_of(file, python=TARGET_PYTHON))
    readable: list[ReadableSession] = [RecordedSession(str(path)), live]
    for session in readable:
        assert isinstance(session.notes, list)
        session.close()


def test_a_real_run_opens_again_with_its_output(make_session: MakeSession, tmp_path: Path) -> None:
    session, _heard, file = make_session(
        "import sys\nfor i in range(100):\n    x = i * 0.5\nprint('done')\nsys.exit(3)\n",
        lossless=True,
    )
    path = str(tmp_path / "run.mcap")
    recorder = Recorder(path, session.program)
    session.recorder = recorder
    session.add_probe(occurrence_of(file, "3:x"), str(file), throttle="every")
    session.start()
    ending = until_end(session)
    recorder.finish(ending)
    recorded, heard = loaded(Path(path))
    (probe,) = recorded.probes.values()
    assert probe.history.scalars().value.tolist() == [i * 0.5 for i in range(100)]
    assert recorded.ending == ending
    assert heard.output["stdout"] == "done\n"
    assert recorded.source(str(file)).text == file.read_text()
    assert recorded.hello is not None
    assert recorded.hello == session.hello
    span = probe.history.span("time")
    assert span is not None
    assert 0 <= span[0] <= span[1] < 3600
    assert RecordingReader(path).survey().whole


def test_what_cannot_be_opened_is_said_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "no.mcap"
    with pytest.raises(RecordingError, match="cannot be read: No such file"):
        RecordedSession(str(path))
    path.write_text("hello")
    with pytest.raises(RecordingError, match="is not a recording of PyProbe"):
        RecordedSession(str(path))
    with pytest.raises(RecordingError, match="cannot be read: Is a directory"):
        RecordedSession(str(tmp_path))


def test_no_array_is_lost_however_fast_the_file_is_read(tmp_path: Path) -> None:
    arrays = [np.full(1 << 17, number, np.float64) for number in range(40)]  # 1 MiB each
    path = make_recording(tmp_path, [(X, array) for array in arrays], rows_a_chunk=20)
    session, _ = loaded(path)
    history = session.probes[X].history
    assert (history.count, history.dropped_arrays) == (40, 0)
    assert [capture.value.array[0] for capture in history.arrays()] == list(range(40))
    session.close()
