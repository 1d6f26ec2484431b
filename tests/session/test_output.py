"""The program's output: decoded as it comes, bounded, and never in its way."""

import os
from threading import Thread

from pyprobe.session.output import InputWriter, OutputBuffer, Pump


def pumped(*pieces: bytes) -> tuple[Pump, list[tuple[str, str]]]:
    read_end, write_end = os.pipe()
    buffer = OutputBuffer()
    with os.fdopen(read_end, "rb", buffering=0) as source:
        pump = Pump(source, "stdout", buffer, lambda: None)
        pump.start()
        for piece in pieces:
            os.write(write_end, piece)
        os.close(write_end)
        pump.join()
    return pump, [(stream, text) for stream, text in buffer.take()]


def test_characters_cut_in_the_middle_are_put_together() -> None:
    data = "größer ≠ kleiner".encode()
    _pump, taken = pumped(*(data[at : at + 1] for at in range(len(data))))
    assert "".join(text for _stream, text in taken) == "größer ≠ kleiner"


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    _pump, taken = pumped(b"a\xff\xfeb\n")
    assert taken == [("stdout", "a\\xff\\xfeb\n")]


def test_half_a_line_is_there_at_once() -> None:
    pump, taken = pumped(b"what is your name? ")
    assert taken == [("stdout", "what is your name? ")]
    assert pump.last_line() == "what is your name?"


def test_what_was_written_before_the_end_is_read_though_another_holds_the_stream() -> None:
    read_end, write_end = os.pipe()
    buffer = OutputBuffer()
    with os.fdopen(read_end, "rb", buffering=0) as source, os.fdopen(write_end, "wb"):
        pump = Pump(source, "stdout", buffer, lambda: None)
        os.write(write_end, "last line\n½".encode()[:-1])
        pump.finish()
        pump.start()
        pump.join()
    assert buffer.take() == [("stdout", "last line\n\\xc2")]


def test_another_process_that_floods_the_stream_ends_nothing_too_late() -> None:
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb", buffering=0) as source:
        pump = Pump(source, "stdout", OutputBuffer(), lambda: None)

        def flood() -> None:
            try:
                while True:
                    os.write(write_end, b"x" * 4096)
            except BrokenPipeError:
                os.close(write_end)

        flooding = Thread(target=flood)
        flooding.start()
        pump.finish()
        pump.start()
        pump.join()
    flooding.join()


def test_a_closed_pump_leaves_what_is_there() -> None:
    read_end, write_end = os.pipe()
    buffer = OutputBuffer()
    with os.fdopen(read_end, "rb", buffering=0) as source, os.fdopen(write_end, "wb"):
        pump = Pump(source, "stdout", buffer, lambda: None)
        os.write(write_end, b"nobody wants it\n")
        pump.close()
        pump.start()
        pump.join()
    assert buffer.take() == []


def test_streams_keep_their_order() -> None:
    buffer = OutputBuffer()
    buffer.add("stdout", "one\n")
    buffer.add("stdout", "two\n")
    buffer.add("stderr", "three\n")
    buffer.add("stdout", "four\n")
    assert buffer.take() == [("stdout", "one\ntwo\n"), ("stderr", "three\n"), ("stdout", "four\n")]
    assert buffer.take() == []


def test_a_flood_loses_its_oldest_lines_and_says_how_many() -> None:
    buffer = OutputBuffer()
    for number in range(30_000):
        buffer.add("stdout", f"{number:099}\n")
    ((stream, text),) = buffer.take()
    assert stream == "stdout"
    first, *lines = text.splitlines()
    assert len(text) < 1_100_000
    assert int(lines[-1]) == 29_999
    lost = int(first.removeprefix("… ").removesuffix(" lines not shown").replace(",", ""))
    assert lost + len(lines) == 30_000


def test_only_the_first_piece_wakes() -> None:
    buffer = OutputBuffer()
    assert buffer.add("stdout", "a") is True
    assert buffer.add("stdout", "b") is False


def test_input_reaches_the_program_and_ends() -> None:
    read_end, write_end = os.pipe()
    writer = InputWriter(os.fdopen(write_end, "wb", buffering=0))
    writer.start()
    writer.send("Grüße\n")
    writer.finish()
    with os.fdopen(read_end, "rb") as source:
        assert source.read().decode() == "Grüße\n"
    writer.join()


def test_input_to_a_program_that_is_gone_is_let_go() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    writer = InputWriter(os.fdopen(write_end, "wb", buffering=0))
    writer.start()
    writer.send("nobody listens\n")
    writer.join()
