"""The recorder with values that have parts: on change, and how much it says waits to be sent."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.core import recorder as recorder_module
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.gate import Gate
from pyprobe.core.packer import Packer
from pyprobe.core.recorder import Recorder
from pyprobe.core.slots_in_hand import SlotsInHand
from pyprobe.core.target_probe import TargetProbe
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from pyprobe.core.values import pack
from pyprobe.ipc.packed import PackedArray, PackedTree
from pyprobe.ipc.ring import SMALLEST_RING_BYTES, RingReader, RingWriter
from tests.core.capturing import Capturer

NAN = float("nan")


def a_probe(strategy: ThrottleStrategy) -> TargetProbe:
    occurrence = find_occurrences("x = 1\n")[0]
    return TargetProbe(
        1, ProbeAnchor("a.py", 1, 0, "x"), occurrence, WatchConfig("x", strategy, 0.0)
    )


def captured(values: list[Any], gate: Gate | None = None) -> int:
    """Return how many captures a probe that captures changes makes of these values."""
    log = CaptureLog()
    recorder = Recorder(
        extend=log.extend,
        pack=partial(pack, reduce_above=0, ring=None),
        gate=gate or Gate(),
        budget=Budget(5.0),
    )
    probe = a_probe(ThrottleStrategy.CHANGE_DETECT)
    for value in values:
        recorder.store_changed(probe, value)
    return len(log)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{"a": 1, "b": ["x"]}, {"a": 1, "b": ["x"]}], 1),
        ([{"a": NAN}, {"a": NAN + 0.0}], 1),
        ([{"a": 1}, {"a": 2}, {"a": 2}], 2),
        ([{"a": 1}, {"a": 1.0}], 2),
        ([{"a": 1}, {"b": 1}], 2),
        ([{"a": "x"}, {"a": "y"}], 2),
        ([{"a": np.zeros(3)}, {"a": np.zeros(3)}, {"a": np.ones(3)}], 2),
        ([["x"], ("x",), ["x"]], 3),
    ],
    ids=str,
)
def test_a_change_of_any_part_is_a_change(values: list[Any], expected: int) -> None:
    assert captured(values) == expected


def test_what_waits_in_trees_is_counted() -> None:
    gate = Gate()
    captured([{"a": np.zeros(1000), "t": "x"}], gate)
    assert 8000 < gate.waiting_bytes < 9000


@pytest.mark.parametrize("other", [1, True, 1j, "x", np.float64(1.0), 1 << 70, None], ids=repr)
def test_a_probe_that_has_captured_anything_but_floats_is_known_for_good(other: object) -> None:
    log = CaptureLog()
    recorder = Recorder(
        extend=log.extend,
        pack=partial(pack, reduce_above=0, ring=None),
        gate=Gate(),
        budget=Budget(5.0),
    )
    probe = a_probe(ThrottleStrategy.NONE)
    for value, expected in ((1.0, False), (other, True), (2.0, True)):
        recorder.store(probe, value)
        assert probe.has_others is expected


def test_a_probe_that_takes_the_place_of_another_answers_for_its_captures(tmp_path: Path) -> None:
    capturer = Capturer()
    capturer.engine.start()
    try:
        (occurrence,) = find_occurrences("x = 1\n")
        anchor = ProbeAnchor(str(tmp_path / "a.py"), 1, 0, "x")
        config = WatchConfig("x", ThrottleStrategy.NONE, 0.0)
        assert not capturer.engine.add(5, anchor, occurrence, config).has_others
        assert capturer.engine.add(5, anchor, occurrence, config).has_others
    finally:
        capturer.engine.stop()


LARGE = np.zeros(20_000)


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[tuple[RingReader, RingWriter]]:
    reader = RingReader(SMALLEST_RING_BYTES, folder=str(tmp_path))
    writer = RingWriter(reader.path, reader.size)
    yield reader, writer
    writer.close()
    reader.close()


def a_target(writer: RingWriter) -> tuple[Recorder, CaptureLog]:
    """Return a recorder as a target has it, and its log."""
    log, packer = CaptureLog(), Packer()
    packer.set_ring(writer)
    in_hand = SlotsInHand(log)
    in_hand.ring = writer
    recorder = Recorder(
        extend=log.extend,
        pack=packer,
        gate=Gate(),
        budget=Budget(5.0),
        pack_to_keep=partial(pack, reduce_above=0, ring=None),
        share=packer.share,
        in_hand=in_hand,
    )
    return recorder, log


def test_a_large_array_that_is_the_same_is_no_change(
    ring: tuple[RingReader, RingWriter],
) -> None:
    """Though each copy would lie elsewhere in the ring."""
    reader, writer = ring
    recorder, log = a_target(writer)
    probe = a_probe(ThrottleStrategy.CHANGE_DETECT)
    other = LARGE.copy()
    other[-1] = 1.0
    for value in (LARGE, LARGE.copy(), other, other.copy(), {"a": other}, {"a": other.copy()}):
        recorder.store_changed(probe, value)
    _seq, rows = log.drain()
    first, second, third = rows.values
    for packed, value in ((first, LARGE), (second, other)):
        assert isinstance(packed, PackedArray)
        position, size = packed.slot
        assert reader.read(position, size) == value.tobytes()
    assert isinstance(third, PackedTree)


def test_a_change_that_finds_no_room_is_taken_at_the_next_hit(
    ring: tuple[RingReader, RingWriter],
) -> None:
    _reader, writer = ring
    recorder, log = a_target(writer)
    probe = a_probe(ThrottleStrategy.CHANGE_DETECT)
    taken = [writer.reserve(writer.largest // 2) for _ in range(3)]
    while taken[-1] is not None:
        taken.append(writer.reserve(60_000))
    assert not recorder.store_changed(probe, LARGE)
    assert probe.dropped == 1
    for slot in taken:
        if slot is not None:
            writer.forget(slot.position, slot.size)
    assert recorder.store_changed(probe, LARGE)
    assert not recorder.store_changed(probe, LARGE)
    assert len(log) == 1


class Late(Exception):
    """What a signal handler of the program raises."""


def test_a_hit_that_is_broken_off_before_it_is_logged_leaves_no_slot_in_use(
    ring: tuple[RingReader, RingWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the log has been drained since the slot was taken: it was not in there."""
    _reader, writer = ring
    recorder, log = a_target(writer)

    def late() -> int:
        log.extend((2, 0, 0, 1.0))
        log.drain()
        raise Late

    monkeypatch.setattr(recorder_module, "get_ident", late)
    with pytest.raises(Late):
        recorder.store(a_probe(ThrottleStrategy.NONE), LARGE)
    assert not len(log)
    assert writer.free_bytes() == writer.size


@pytest.mark.parametrize("after", ["packing", "logging", "being drained"])
def test_a_hit_that_is_broken_off_leaves_no_slot_in_use(
    ring: tuple[RingReader, RingWriter], after: str
) -> None:
    """What is in the log has to stay, or may have been sent already."""
    reader, writer = ring
    recorder, log = a_target(writer)
    probe = a_probe(ThrottleStrategy.NONE)
    pack_plainly, extend = recorder._pack, recorder._extend

    def packing(value: object) -> object:
        pack_plainly(value)
        raise Late

    def logging(entry: tuple[int, int, int, object]) -> None:
        extend(entry)
        raise Late

    drained: list[object] = []

    def draining(entry: tuple[int, int, int, object]) -> None:
        extend(entry)
        drained.extend(log.drain()[1].values)
        raise Late

    if after == "packing":
        recorder._pack = packing
    else:
        recorder._extend = logging if after == "logging" else draining
    with pytest.raises(Late):
        recorder.store(probe, LARGE)
    sent = [*drained, *log.drain()[1].values]
    assert len(sent) == (after != "packing")
    for packed in sent:
        assert isinstance(packed, PackedArray)
        position, size = packed.slot
        assert reader.read(position, size) == LARGE.tobytes()
    assert writer.free_bytes() == writer.size
