"""Lets a probe capture any Python values, sent the whole way as the target would."""

from dataclasses import replace
from typing import Any

import numpy as np

from pyprobe.session.probe import Probe, ProbeStatus
from tests.ipc.wire import packed, send
from tests.plots.samples import STEP_NS


def capture(probe: Probe, *values: Any) -> None:
    """Let the probe capture these values, one every millisecond."""
    for column in send([packed(value) for value in values], first_seq=probe.history.count):
        seq: np.ndarray[Any, np.dtype[np.int64]] = column.seq
        probe.history.append(replace(column, t_ns=seq * STEP_NS))
    probe.status = ProbeStatus.LIVE
