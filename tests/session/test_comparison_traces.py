"""What a difference says for itself while it is taken and when there is none."""

from pyprobe.session.comparison_traces import DifferenceTrace
from pyprobe.session.history import History
from pyprobe.session.probe import ProbeStatus
from tests.plots.samples import make_probe


def test_a_difference_that_is_being_taken_is_not_called_none() -> None:
    difference = DifferenceTrace(make_probe("x", 10), "B.mcap", History(), iter(()))
    statuses = [difference.status]
    assert difference.waiting_sentence() == "the difference from B.mcap is being taken …"
    assert not difference.load()
    statuses.append(difference.status)
    assert statuses == [ProbeStatus.LIVE, ProbeStatus.FINISHED]
    assert difference.waiting_sentence() == "no captures of which there is a difference"
