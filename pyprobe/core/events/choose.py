"""Chooses the event source for this interpreter, and says why."""

import os
import sys

from pyprobe.core.door import Door
from pyprobe.core.events.base import EventSource
from pyprobe.errors import PyProbeError

EVENT_SOURCE_VARIABLE = "PYPROBE_EVENT_SOURCE"


def choose_event_source(door: Door) -> tuple[EventSource, str]:
    """Return the source and one sentence of reason.

    The environment variable ``PYPROBE_EVENT_SOURCE`` (``monitoring`` or ``settrace``) overrides.

    Raises:
        PyProbeError: the variable names a source that this interpreter does not have.
    """
    version = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    wanted = os.environ.get(EVENT_SOURCE_VARIABLE, "")
    if wanted not in ("", "monitoring", "settrace"):
        raise PyProbeError(
            f"{EVENT_SOURCE_VARIABLE} is {wanted!r}; it can be monitoring or settrace"
        )
    if sys.version_info >= (3, 12) and wanted != "settrace":
        from pyprobe.core.events.monitoring import MonitoringSource

        return MonitoringSource(door), f"{version} has sys.monitoring: probes are almost free"
    if wanted == "monitoring":
        raise PyProbeError(f"{version} has no sys.monitoring; it came with Python 3.12")
    from pyprobe.core.events.settrace import SettraceSource

    reason = (
        f"{EVENT_SOURCE_VARIABLE} asks for it"
        if wanted
        else f"{version} has no sys.monitoring: probed functions run slower than on 3.12 or newer"
    )
    return SettraceSource(door), reason
