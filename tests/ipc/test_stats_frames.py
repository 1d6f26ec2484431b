"""A frame of counters says what one that is built from the start does."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.ipc import stats_frames
from pyprobe.ipc.codec import decode
from pyprobe.ipc.messages import Message, Stats
from pyprobe.ipc.stats_frames import ProbeCounters, StatsFrames

_COUNTS = st.integers(0, (1 << 64) - 1)
_PROBES = st.lists(
    st.builds(
        ProbeCounters,
        st.integers(0, 1 << 40),
        st.sampled_from(["every", "sampled", "every 50 ms"]),
        _COUNTS,
        _COUNTS,
    ),
    max_size=4,
    unique_by=lambda probe: probe.probe_id,
)
COUNTERS = (10, 2, 300, 4_000, 0)


def message(counters: Sequence[int], probes: list[ProbeCounters]) -> Message:
    captured, dropped, cost_ns, elapsed_ns, refused = counters
    told: dict[str, object] = {
        str(probe.probe_id): [probe.captured, probe.dropped, probe.mode] for probe in probes
    }
    return Stats(captured, dropped, cost_ns, elapsed_ns, refused, told)


def some_probes(count: int) -> list[ProbeCounters]:
    return [ProbeCounters(number, "every", 3 * number, number) for number in range(count)]


@given(st.lists(st.tuples(st.tuples(*[_COUNTS] * 5), _PROBES), min_size=1, max_size=4))
def test_probes_come_and_go(told: list[tuple[tuple[int, ...], list[ProbeCounters]]]) -> None:
    frames = StatsFrames()
    for counters, probes in told:
        for _ in range(2):  # the second one is filled in
            assert decode(frames.frame_of(counters, probes)) == message(counters, probes)


def test_the_same_probes_again_are_only_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = StatsFrames()
    frames.frame_of(COUNTERS, some_probes(2))
    monkeypatch.setattr(stats_frames, "encode", None)  # nothing calls it
    later = [probe._replace(captured=1 << 40) for probe in some_probes(2)]
    assert decode(frames.frame_of(COUNTERS, later)) == message(COUNTERS, later)


def test_another_mode_is_told() -> None:
    frames = StatsFrames()
    for mode in ("every", "sampled"):
        probes = [ProbeCounters(7, mode, 5, 0)]
        assert decode(frames.frame_of(COUNTERS, probes)) == message(COUNTERS, probes)


@pytest.mark.parametrize("count", [stats_frames._MOST_PROBES, stats_frames._MOST_PROBES + 1, 1_000])
def test_many_probes(count: int) -> None:
    frames = StatsFrames()
    for _ in range(2):
        frame = frames.frame_of(COUNTERS, some_probes(count))
        assert decode(frame) == message(COUNTERS, some_probes(count))


def test_a_number_of_more_than_64_bits_is_refused_as_ever() -> None:
    frames = StatsFrames()
    frames.frame_of(COUNTERS, [])
    with pytest.raises(Exception, match="cannot be encoded"):
        frames.frame_of((1 << 64, 0, 0, 0, 0), [])
