"""Targets come to a listener: authenticated, in a thread, and in processes of their own."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from multiprocessing.connection import Listener as PipeListener
from pathlib import Path
from typing import Any

import msgpack
import pytest

from pyprobe.errors import ProtocolError, PyProbeError
from pyprobe.ipc.channel import Channel, ChannelClosed, Listener
from pyprobe.ipc.codec import encode
from pyprobe.ipc.messages import Note, Start
from pyprobe.ipc.target_connection import ConnectionLost, TargetConnection
from tests.ipc.test_channel import WAIT_S, flush_all, receive_at_target

ROOT = Path(__file__).parents[2]


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.close()


def in_thread(work: Callable[[], Any]) -> tuple[threading.Thread, list[Any]]:
    """Run in a thread; the list gets the result or the PyProbeError."""
    result: list[Any] = []

    def run() -> None:
        try:
            result.append(work())
        except (PyProbeError, OSError, AuthenticationError) as error:
            result.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, result


def connect(listener: Listener, key: bytes | None = None) -> Any:
    return TargetConnection.connect(
        listener.address, listener.family, listener.key if key is None else key, timeout_s=WAIT_S
    )


def test_the_target_connects_and_both_are_authenticated(listener: Listener) -> None:
    thread, result = in_thread(lambda: connect(listener))
    channel = listener.accept(WAIT_S)
    thread.join()
    channel.send(Start(3))
    assert receive_at_target(result[0]) == Start(3)
    result[0].close()
    channel.close()


def test_a_stranger_is_turned_away_and_the_target_still_comes(listener: Listener) -> None:
    accepting, channels = in_thread(lambda: listener.accept(WAIT_S))
    with pytest.raises(PyProbeError):
        connect(listener, b"wrong key")
    with socket.socket(socket.AF_UNIX) as rude:
        rude.connect(str(listener.address))  # and hangs up
    target = connect(listener)
    accepting.join()
    assert isinstance(channels[0], Channel)
    target.close()
    channels[0].close()


def test_a_stranger_that_says_nothing_does_not_hold_the_listener_for_ever() -> None:
    listener = Listener()
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(listener.address))
        with pytest.raises(ChannelClosed):
            listener.accept(0.2)
    listener.close()


def test_a_front_end_without_the_key_is_refused_by_the_target(tmp_path: Path) -> None:
    address = str(tmp_path / "pipe")
    with PipeListener(address, "AF_UNIX", authkey=b"not the key") as fake:
        thread, result = in_thread(fake.accept)
        with pytest.raises(PyProbeError):
            TargetConnection.connect(address, "AF_UNIX", b"the key", timeout_s=WAIT_S)
        thread.join()
    assert isinstance(result[0], AuthenticationError)


def test_a_program_that_ended_is_not_waited_for(listener: Listener) -> None:
    with pytest.raises(ChannelClosed, match="ended before"):
        listener.accept(WAIT_S, lambda: False)


def test_a_program_that_does_not_connect_is_not_waited_for_ever(listener: Listener) -> None:
    with pytest.raises(ChannelClosed, match="did not connect"):
        listener.accept(0.05, lambda: True)


def test_nobody_listening_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(ConnectionLost):
        TargetConnection.connect(str(tmp_path / "nobody"), "AF_UNIX", b"key")
    with pytest.raises(ProtocolError):
        TargetConnection.connect("x", "AF_BLUETOOTH", b"key")


def test_a_closed_listener_leaves_nothing(listener: Listener) -> None:
    folder = os.path.dirname(str(listener.address))
    assert os.stat(folder).st_mode & 0o077 == 0
    listener.close()
    listener.close()
    assert not os.path.exists(folder)
    with pytest.raises(ChannelClosed):
        listener.accept(WAIT_S)


def test_a_deep_temporary_folder_falls_back_to_a_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    listener = Listener()
    assert listener.family == "AF_INET"
    thread, result = in_thread(lambda: connect(listener))
    channel = listener.accept(WAIT_S)
    thread.join()
    result[0].queue(encode(Note("over the port")))
    flush_all(result[0])
    assert channel.receive(WAIT_S) == Note("over the port")
    result[0].close()
    channel.close()
    listener.close()
    assert list(deep.iterdir()) == []


def test_it_is_the_protocol_of_multiprocessing(listener: Listener) -> None:
    """A plain client of multiprocessing is understood, so any Python's own would be."""
    address = str(listener.address)
    thread, result = in_thread(lambda: Client(address, listener.family, authkey=listener.key))
    channel = listener.accept(WAIT_S)
    thread.join()
    result[0].send_bytes(encode(Note("plain")))
    assert channel.receive(WAIT_S) == Note("plain")
    channel.send(Start(1))
    assert result[0].recv_bytes() == encode(Start(1))
    result[0].close()
    channel.close()


TARGET = """
import json, os, sys
connect = json.loads(sys.argv[1])
before = set(sys.modules)
sys.path.insert(0, connect["root"])
from pyprobe.ipc.pure_msgpack import load_pure
load_pure(connect["msgpack"])
from pyprobe.ipc.target_connection import TargetConnection
from pyprobe.ipc.codec import encode
from pyprobe.ipc.messages import Note
sys.path.pop(0)
connection = TargetConnection.connect(
    connect["address"], connect["family"], bytes.fromhex(connect["key"]))
def say(text):
    connection.queue(encode(Note(text)))
    while not connection.flush():
        connection.wait(for_write=True)
"""


def run_target(listener: Listener, source: str) -> tuple["subprocess.Popen[bytes]", Channel]:
    connect_text = json.dumps(
        {
            "root": str(ROOT),
            "msgpack": os.path.dirname(msgpack.__file__),
            "address": listener.address,
            "family": listener.family,
            "key": listener.key.hex(),
        }
    )
    process = subprocess.Popen([sys.executable, "-c", TARGET + source, connect_text])
    return process, listener.accept(WAIT_S, lambda: process.poll() is None)


def hear(channel: Channel) -> str:
    message = channel.receive(WAIT_S)
    assert isinstance(message, Note)
    return message.text


MULTIPROCESSING = """
say(json.dumps(sorted(name for name in set(sys.modules) - before if "multiprocessing" in name
                      or name in ("socket", "msgpack", "hashlib", "ssl", "selectors"))))
import multiprocessing, multiprocessing.pool
def double(number):
    return 2 * number
if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(2) as pool:
        say(str(pool.map(double, [1, 2, 3])))
    process = multiprocessing.get_context("fork").Process(target=connection.abandon)
    process.start()
    process.join()
    say(str(process.exitcode))
    say(multiprocessing.connection.__name__ if hasattr(multiprocessing, "connection") else "none")
"""


def test_the_program_has_a_fresh_multiprocessing(listener: Listener) -> None:
    process, channel = run_target(listener, MULTIPROCESSING)
    assert hear(channel) == "[]"
    assert hear(channel) == "[2, 4, 6]"
    assert hear(channel) == "0"
    hear(channel)
    assert process.wait(WAIT_S) == 0
    channel.close()


FORK = """
first = os.open(os.devnull, os.O_RDONLY)
say(f"{first} {os.get_inheritable(connection.fileno())}")
pid = os.fork()
if not pid:
    connection.abandon()
    os._exit(connection.fileno() + 1)
say(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
"""


def test_a_forked_child_lets_go_and_the_parent_goes_on(listener: Listener) -> None:
    process, channel = run_target(listener, FORK)
    assert hear(channel) == "3 False"  # the program's first descriptor is the one it would be
    assert hear(channel) == "0"
    process.wait(WAIT_S)
    with pytest.raises(ChannelClosed):
        channel.receive(WAIT_S)
    channel.close()


KILLED = """
say("begin")
os.write(connection.fileno(), b"\\0\\x10\\0\\0" + b"x" * 1000)
os.kill(os.getpid(), 9)
"""


def test_a_target_killed_while_writing_is_an_end(listener: Listener) -> None:
    process, channel = run_target(listener, KILLED)
    assert hear(channel) == "begin"
    with pytest.raises(ChannelClosed) as caught:
        channel.receive(WAIT_S)
    assert caught.value.truncated
    assert process.wait(WAIT_S) == -9
    channel.close()
