"""What the header and the placeholder say."""

import numpy as np
import pytest

from pyprobe.plots.header_text import header_content
from pyprobe.session.probe import ProbeStatus
from tests.plots.samples import append_scalars, make_probe


def test_everything_that_was_lost_is_told_first() -> None:
    probe = make_probe("x", 10)
    append_scalars(probe, np.arange(1234) * 0.5)
    probe.status = ProbeStatus.LIVE
    probe.mode = "1 / 10"
    probe.dropped = 5678
    probe.run_code = True
    content = header_content(probe, ("min/max of 4 each",))
    assert content.title == "x @ script.py:10"
    assert content.value == "616.5"
    assert content.warnings == ("5,678 dropped", "runs code")
    assert content.facts == ("1 / 10", "min/max of 4 each", "1,234 captured", "live")
    assert "last value 616.5" in content.sentence()


@pytest.mark.parametrize(
    ("status", "detail", "sentence"),
    [
        (ProbeStatus.ARMED, "", "armed: waiting for line 10 to run"),
        (ProbeStatus.FINISHED, "", "finished: nothing was captured on line 10"),
        (ProbeStatus.INVALID, "no x in line 10", "invalid: no x in line 10"),
        (
            ProbeStatus.INVALID,
            "",
            "invalid: it cannot be placed in the program as it is now",
        ),
    ],
)
def test_waiting(status: ProbeStatus, detail: str, sentence: str) -> None:
    probe = make_probe("x", 10)
    probe.status, probe.detail = status, detail
    assert probe.waiting_sentence() == sentence


def test_why_it_became_invalid_is_told_beside_the_data() -> None:
    probe = make_probe()
    append_scalars(probe, np.array([1.0]))
    probe.status, probe.detail = ProbeStatus.INVALID, "the line is gone"
    assert header_content(probe, ()).warnings == ("the line is gone",)


def test_a_lens_that_was_chosen_and_is_not_installed_is_told() -> None:
    probe = make_probe()
    append_scalars(probe, np.array([1.0]))
    assert header_content(probe, (), missing_lens="stems").warnings == ("no lens “stems” here",)
