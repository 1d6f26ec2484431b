"""What a session counts of its run."""

from pyprobe.ipc.messages import Stats
from pyprobe.session.stats import SessionStats


def report(cost_ns: int, elapsed_ns: int) -> Stats:
    return Stats(0, 0, cost_ns, elapsed_ns, 0, {})


def test_the_recent_share_is_that_of_the_time_since_the_last_report() -> None:
    stats = SessionStats()
    stats.take(report(100, 1_000))
    stats.take(report(600, 2_000))
    assert stats.recent_share == 0.5
    assert stats.share == 0.3


def test_no_more_than_all_of_the_time_can_be_taken() -> None:
    stats = SessionStats()
    stats.take(report(0, 1_000))
    stats.take(report(900, 1_100))  # a capture that lasted longer than since the last report
    assert stats.recent_share == 1.0
