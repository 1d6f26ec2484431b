"""The pipe between the two sides: both ends, in one process and in two."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from multiprocessing.connection import Listener as PipeListener
from pathlib import Path
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.errors import ProtocolError, PyProbeError
from pyprobe.ipc.channel import Channel, ChannelClosed, Listener, connected_pair
from pyprobe.ipc.codec import encode
from pyprobe.ipc.frames import FrameReader, FrameWriter, frame_header
from pyprobe.ipc.messages import Message, Note, Pause, Start
from pyprobe.ipc.target_connection import ConnectionLost, TargetConnection

ROOT = Path(__file__).parents[2]
WAIT_S = 20.0

Pair = tuple[Channel, TargetConnection]


@pytest.fixture
def pair() -> Iterator[Pair]:
    channel, target = connected_pair()
    yield channel, target
    channel.close()
    target.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    yield listening
    listening.close()


def receive_at_target(target: TargetConnection) -> Message:
    while True:
        message = target.receive()
        if message is not None:
            return message
        assert target.wait(WAIT_S)
        target.feed()


def flush_all(target: TargetConnection) -> None:
    while not target.flush():
        target.wait(WAIT_S, for_write=True)


def test_messages_pass_both_ways(pair: Pair) -> None:
    channel, target = pair
    channel.send(Start(1))
    channel.send(Pause(2, 0))
    assert receive_at_target(target) == Start(1)
    assert receive_at_target(target) == Pause(2, 0)
    target.queue(encode(Note("x")))
    assert target.flush()
    assert channel.receive(WAIT_S) == Note("x")


def test_receiving_ends_after_the_timeout(pair: Pair) -> None:
    channel, target = pair
    assert channel.receive(0.0) is None
    assert channel.receive(0.01) is None
    assert target.receive() is None
    assert target.wait(0.0) is False


def test_what_has_arrived_is_received_when_there_is_no_time_left(pair: Pair) -> None:
    channel, target = pair
    for text in ("one", "two"):
        target.queue(encode(Note(text)))
    flush_all(target)
    assert [channel.receive(timeout_s=0.0) for _ in range(3)] == [Note("one"), Note("two"), None]


def test_a_malformed_message_is_refused_and_the_next_one_received(pair: Pair) -> None:
    channel, target = pair
    for frame in (b"\xc1", b"", encode(Note("next"))):
        target.queue(frame)
    flush_all(target)
    for _ in range(2):
        with pytest.raises(ProtocolError):
            channel.receive(WAIT_S)
    assert channel.receive(WAIT_S) == Note("next")


def test_an_impossible_length_ends_the_channel() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    theirs.sendall(b"\xff\xff\xff\xff" + b"\xff" * 8)
    with pytest.raises(ChannelClosed, match="nonsense"):
        channel.receive(WAIT_S)
    theirs.close()
    channel.close()


def test_a_target_that_ends_within_a_message_is_an_end() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    theirs.sendall(frame_header(1000) + b"x" * 10)
    theirs.close()
    with pytest.raises(ChannelClosed) as caught:
        channel.receive(WAIT_S)
    assert caught.value.truncated
    channel.close()


def test_all_that_was_sent_is_received_before_the_end(pair: Pair) -> None:
    channel, target = pair
    for number in range(50):
        target.queue(encode(Note(str(number))))
    flush_all(target)
    target.close()
    received = [channel.receive(WAIT_S) for _ in range(50)]
    assert received == [Note(str(number)) for number in range(50)]
    with pytest.raises(ChannelClosed) as caught:
        channel.receive(WAIT_S)
    assert not caught.value.truncated


def test_large_messages_are_sent_in_parts(pair: Pair) -> None:
    channel, target = pair
    target.queue(encode(Note("y" * 3_000_000)))
    assert not target.flush()
    assert target.pending_bytes > 0
    received: list[Message | None] = []
    thread = threading.Thread(target=lambda: received.append(channel.receive(WAIT_S)))
    thread.start()
    flush_all(target)
    thread.join()
    assert received == [Note("y" * 3_000_000)]
    assert target.pending_bytes == 0


def test_sending_to_a_stuck_target_never_blocks(pair: Pair) -> None:
    channel, target = pair
    sent = 0

    def send_without_end() -> None:
        nonlocal sent
        while True:
            channel.send(Note("z" * 1_000_000))
            sent += 1

    with pytest.raises(ChannelClosed, match="takes no messages"):
        send_without_end()
    assert 15 <= sent <= 40
    received: list[Message] = []

    def work() -> None:
        received.extend(receive_at_target(target) for _ in range(sent))
        target.queue(encode(Note("done")))
        flush_all(target)

    thread = threading.Thread(target=work)
    thread.start()
    assert channel.receive(WAIT_S) == Note("done")  # and meanwhile sends the rest
    thread.join()
    assert len(received) == sent


def test_a_waiting_receive_sends_what_another_thread_could_not(pair: Pair) -> None:
    channel, target = pair
    received: list[Message | None] = []
    thread = threading.Thread(target=lambda: received.append(channel.receive(WAIT_S)))
    thread.start()
    for _ in range(5):
        channel.send(Note("z" * 1_000_000))
    for _ in range(5):
        assert receive_at_target(target) == Note("z" * 1_000_000)
    target.queue(encode(Note("thanks")))
    flush_all(target)
    thread.join()
    assert received == [Note("thanks")]


def test_closing_ends_a_waiting_receive(pair: Pair) -> None:
    channel, _ = pair
    ended: list[object] = []
    waiting = threading.Event()

    def work() -> None:
        waiting.set()
        try:
            ended.append(channel.receive(WAIT_S))
        except ChannelClosed as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    waiting.wait(WAIT_S)
    began_s = time.monotonic()
    channel.close()
    channel.close()
    thread.join()
    assert time.monotonic() - began_s < WAIT_S / 2
    assert len(ended) == 1
    with pytest.raises(ChannelClosed):
        channel.send(Start(1))


def test_the_target_notices_that_the_front_end_is_gone(pair: Pair) -> None:
    channel, target = pair
    channel.send(Start(1))
    channel.close()
    target.wait(WAIT_S)
    with contextlib.suppress(ConnectionLost):
        target.feed()
    assert target.receive() == Start(1)
    with pytest.raises(ConnectionLost):
        receive_at_target(target)
    assert target.fileno() == -1
    with pytest.raises(ConnectionLost):
        target.flush()


def test_a_descriptor_the_program_took_over_is_left_alone(pair: Pair, tmp_path: Path) -> None:
    _, target = pair
    number = target.fileno()
    with (tmp_path / "file").open("wb") as file:
        os.dup2(file.fileno(), number)  # as after os.closerange() and an open()
        target.queue(encode(Note("must not land in the file")))
        with pytest.raises(ConnectionLost, match="closed the connection"):
            target.flush()
        os.fstat(number)  # and it was not closed
        os.close(number)
    assert (tmp_path / "file").read_bytes() == b""


def test_a_descriptor_the_program_closed_is_an_end(pair: Pair) -> None:
    _, target = pair
    os.close(target.fileno())
    for step in (target.feed, target.flush, target.wait):
        with pytest.raises(ConnectionLost):
            step()


@given(st.lists(st.binary(max_size=40), max_size=8), st.lists(st.integers(1, 20)))
def test_frames_survive_any_cut(frames: list[bytes], cuts: list[int]) -> None:
    sent = bytearray()
    writer = FrameWriter()
    for frame in frames:
        writer.queue(frame)
    pieces = iter(cuts)

    def send(chunk: memoryview) -> int:
        size = next(pieces, 0)
        if not size:
            raise BlockingIOError
        sent.extend(chunk[:size])
        return min(size, len(chunk))

    while not writer.flush(send):
        pieces = iter([7] * 100)
    assert writer.pending_bytes == 0
    reader = FrameReader()
    received = []
    for position in range(len(sent)):
        reader.feed(bytes(sent[position : position + 1]))
        while (frame_found := reader.next_frame()) is not None:
            received.append(frame_found)
    assert received == frames
    assert len(reader) == 0


def test_a_frame_beyond_two_gib_would_have_a_long_header() -> None:
    assert frame_header(5) == b"\0\0\0\5"
    assert frame_header(1 << 32) == b"\xff" * 4 + (1 << 32).to_bytes(8, "big")


# Across processes


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
