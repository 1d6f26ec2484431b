"""What is little is sent and received as by the socket itself, and nobody else runs meanwhile."""

import socket
import sys
from collections.abc import Iterator

import pytest

from pyprobe.ipc.gil_socket import GilSocket
from tests.gil import somebody_wants_the_gil

Pair = tuple[GilSocket, GilSocket, socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for one in (ours, theirs):
            one.setblocking(False)
        yield GilSocket(ours), GilSocket(theirs), ours, theirs


def received(taker: GilSocket) -> bytes:
    parts = []
    try:
        while True:
            parts.append(taker.receive()[0])
    except BlockingIOError:
        return b"".join(parts)


@pytest.mark.parametrize("size", [1, 100, 1 << 12, (1 << 12) + 1, 1 << 14, (1 << 14) + 1, 1 << 16])
def test_bytes_of_any_number_arrive_as_they_are(pair: Pair, size: int) -> None:
    giver, taker, _ours, _theirs = pair
    data = bytes(number & 0xFF for number in range(size)).replace(b"\0", b"\0\n")[:size]
    assert giver.send(memoryview(data)) == size
    assert received(taker) == data


def test_it_says_whether_there_may_be_more(pair: Pair) -> None:
    giver, taker, _ours, _theirs = pair
    giver.send(memoryview(bytes(5000)))
    assert [taker.receive()[1], taker.receive()[1]] == [True, False]


def test_a_full_socket_takes_nothing_and_what_it_took_is_counted(pair: Pair) -> None:
    giver, taker, _ours, _theirs = pair
    taken: list[int] = []

    def fill() -> None:
        while True:
            taken.append(giver.send(memoryview(bytes(9000))))

    with pytest.raises(BlockingIOError):
        fill()
    assert len(received(taker)) == sum(taken)


def test_an_empty_socket_has_nothing(pair: Pair) -> None:
    with pytest.raises(BlockingIOError):
        pair[1].receive()


def test_the_other_side_may_be_gone(pair: Pair) -> None:
    giver, _taker, _ours, theirs = pair
    theirs.close()
    assert giver.receive() == (b"", False)
    with pytest.raises(BrokenPipeError):
        giver.send(memoryview(b"x"))


def test_a_socket_that_was_closed_is_an_error(pair: Pair) -> None:
    giver, _taker, ours, _theirs = pair
    ours.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        giver.send(memoryview(b"x"))
    with pytest.raises(OSError, match="Bad file descriptor"):
        giver.receive()


def test_another_thread_that_wants_the_gil_does_not_get_it_meanwhile(pair: Pair) -> None:
    giver, taker, _ours, _theirs = pair
    with somebody_wants_the_gil() as turns:
        begun = turns()
        for _ in range(50_000):  # the GIL changes hands once in thousands
            giver.send(memoryview(b"x"))
            taker.receive()
        assert turns() == begun


def test_what_sends_in_one_call_takes_what_the_socket_takes(pair: Pair) -> None:
    giver, taker, _ours, theirs = pair
    send = giver.sending(b"all of it")
    if send is None:
        assert sys.platform != "linux"  # elsewhere a signal may come of it
        return
    assert send() == 9
    assert received(taker) == b"all of it"
    assert giver.sending(bytes(1 << 15)) is None  # the GIL would change hands
    while send() > 0:
        pass
    assert send() == -1
    theirs.close()
    assert send() == -1


def test_nothing_is_sent_in_one_call_where_a_signal_could_end_the_program(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyprobe.ipc.gil_socket._NO_SIGNAL", 0)
    assert pair[0].sending(b"all of it") is None
