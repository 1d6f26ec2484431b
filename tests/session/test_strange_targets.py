"""Targets that send nonsense, never connect, or are not let in: the session goes on."""

import sys
from pathlib import Path

import pytest

import pyprobe
from pyprobe.session.launch import Program
from pyprobe.session.listener import ProgramState
from pyprobe.session.session import Session
from tests.cli.conftest import Place
from tests.session.running import Heard, occurrence_of, pipe_of, until, until_end

PREPARE = """\
import os, sys
sys.path.insert(0, PACKAGE)
from pyprobe.ipc.connect_text import read_connect
connect = read_connect(os.environ["PYPROBE_CONNECT"])
from pyprobe.ipc.codec import encode
from pyprobe.ipc.messages import *
from pyprobe.ipc.target_connection import TargetConnection
key = bytes.fromhex(connect["key"])
def send(*frames):
    for frame in frames:
        connection.queue(frame if isinstance(frame, bytes) else encode(frame))
    while not connection.flush():
        connection.wait(for_write=True)
HELLO = Hello(os.getpid(), "3.99.0", sys.executable, "monitoring", "because")
"""


def session_with(tmp_path: Path, body: str) -> tuple[Session, Heard]:
    """Return a session whose interpreter is a program of ours that plays the target."""
    program = Program("program.py", None, (), str(fake_python(tmp_path, body)), str(tmp_path))
    session = Session(program)
    heard = Heard()
    session.add_listener(heard)
    return session, heard


def fake_python(tmp_path: Path, body: str) -> Path:
    """Return an interpreter that is a program of ours, beside a script for it."""
    root = str(Path(pyprobe.__file__).parent.parent)
    (tmp_path / "fake.py").write_text(PREPARE.replace("PACKAGE", repr(root)) + body)
    fake = tmp_path / "fake-python"
    # Without PYTHONPATH the door into the target stays shut.
    fake.write_text(f"#!/bin/sh\nPYTHONPATH= exec {sys.executable} {tmp_path}/fake.py\n")
    fake.chmod(0o755)
    (tmp_path / "program.py").write_text("x = 1\n")
    return fake


CONNECT = """\
connection = TargetConnection.connect(connect["address"], connect["family"], key)
"""


def test_nonsense_is_counted_and_the_rest_still_arrives(tmp_path: Path) -> None:
    nonsense = """\
send(
    b"no msgpack at all \\xc1",
    encode(HELLO).replace(b"because", b"becau\\xffe"),
    HELLO,
    HELLO,
    Start(1),
    encode(Bye("end", 1, 0)).replace(b"bye", b"hey"),
    Captures([{"p": 1, "n": 3}]),
    Captures([7]),
    Captures([{"p": 1, "n": 1, "k": "f8", "d": "float", "s": bytes(8), "t": bytes(8),
               "th": bytes(8), "x": bytes(7)}]),
    Captures([{"p": 1, "n": 1, "k": "array", "d": "", "s": bytes(8), "t": bytes(8),
               "th": bytes(8), "x": [{"type": "ndarray", "dtype": "<f8", "shape": [1],
               "full_shape": [1], "data": b"", "slot": [64, 8], "reduced": ""}]}]),
    Stats(1, 0, 0, 0, 0, {"1": [1, "many", None]}),
    Captures([{"p": 1, "n": 1, "k": "f8", "d": "float", "s": bytes(8), "t": bytes(8),
               "th": bytes(8), "x": bytes(8)}]),
    Failure("ValueError", "no", [["a.py", "x", 3], 5, ["b.py", 7, "f"]]),
    Bye("end", 1, 0),
)
connection.close()
"""
    session, heard = session_with(tmp_path, CONNECT + nonsense)
    file = tmp_path / "program.py"
    probe = session.add_probe(occurrence_of(file, "1:x"), str(file))
    try:
        session.start()
        ending = until_end(session)
    finally:
        session.close()
    assert probe.history.scalars().value.tolist() == [0.0]
    assert session.stats.refused == 10
    assert ending.complete
    assert ending.exception == "ValueError: no"
    assert [(frame.file, frame.line) for frame in ending.frames] == [("b.py", 7)]
    assert all(
        note.startswith("A message of the program was not understood") for note in heard.notes
    )


def test_a_stranger_without_the_key_is_turned_away(tmp_path: Path) -> None:
    stranger = f"""\
try:
    TargetConnection.connect(connect["address"], connect["family"], b"guessed")
except Exception as error:
    print(type(error).__name__, flush=True)
{CONNECT}
send(HELLO, Bye("end", 0, 0))
connection.close()
"""
    session, heard = session_with(tmp_path, stranger)
    try:
        session.start()
        ending = until_end(session)
    finally:
        session.close()
    assert heard.output["stdout"] == "ProtocolError\n"
    assert ending.complete
    assert session.hello is not None
    assert session.hello.python_version == "3.99.0"


def test_a_message_cut_off_in_the_middle(tmp_path: Path) -> None:
    cut = CONNECT + "send(HELLO)\nos.write(connection.fileno(), b'\\0\\0\\4\\0half')\nos._exit(0)\n"
    session, heard = session_with(tmp_path, cut)
    try:
        session.start()
        ending = until_end(session)
    finally:
        session.close()
    assert (ending.exit_code, ending.complete) == (0, False)
    assert "without a good-bye" in ending.sentence
    assert heard.notes == []


def test_a_program_that_never_connects_is_noted_and_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyprobe.session.run._CONNECT_PATIENCE_S", 0.0)
    session, heard = session_with(tmp_path, "print('plain', sys.stdin.readline())\n")
    try:
        session.start()
        until(session, lambda: bool(heard.notes))
        assert session.state is ProgramState.STARTING
        session.send_input("words\n")
        ending = until_end(session)
    finally:
        session.close()
    assert "has not connected to PyProbe" in heard.notes[0]
    assert heard.output["stdout"].startswith("plain words")
    assert ending.sentence.startswith("ended with exit code 0 before PyProbe could reach it")


def test_a_target_that_hangs_after_connecting_can_be_closed(tmp_path: Path) -> None:
    hanging = CONNECT + "send(HELLO)\nprint('here', flush=True)\nsys.stdin.read()\n"
    session, heard = session_with(tmp_path, hanging)
    session.start()
    until(session, lambda: "here" in heard.output["stdout"])
    until(session, lambda: session.state is ProgramState.RUNNING)
    session.close()
    assert session.state is ProgramState.ENDED


def test_a_front_end_that_takes_nothing_stalls_only_a_lossless_target(tmp_path: Path) -> None:
    """The queue is bounded: the target's frames wait in the pipe, and none is lost."""
    many = """\
frame = encode(Captures([{"p": 1, "n": 1, "k": "text", "d": "", "s": bytes(8), "t": bytes(8),
    "th": bytes(8), "x": [{"kind": "str", "type": "str", "text": "x" * 1000000, "cut": False}]}]))
send(HELLO)
with open("sent", "wb", buffering=0) as sent:
    for number in range(60):
        send(frame)
        sent.write(b".")
send(Bye("end", 60, 0))
connection.close()
"""
    session, _heard = session_with(tmp_path, CONNECT + many)
    file = tmp_path / "program.py"
    probe = session.add_probe(occurrence_of(file, "1:x"), str(file))
    try:
        session.start()
        pipe = pipe_of(session)
        while not pipe.is_full:  # the reader fills it without us
            session.wait(0.05)
        assert (tmp_path / "sent").stat().st_size < 20
        assert probe.captured == 0
        ending = until_end(session)
    finally:
        session.close()
    assert ending.complete
    assert probe.captured == 60


def test_a_recorder_passes_on_everything_that_is_said(tmp_path: Path) -> None:
    many = """\
send(HELLO, *(Note(f"note {number}") for number in range(300)), Bye("end", 0, 0))
connection.close()
"""
    fake = fake_python(tmp_path, CONNECT + many)
    done = Place(tmp_path).pyprobe("record", "--python", str(fake), "-o", "out.mcap", "program.py")
    said = [line for line in done.err.splitlines() if "note" in line]
    assert said == [f"pyprobe: note {number}" for number in range(300)]
