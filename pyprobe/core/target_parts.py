"""TargetParts: what the runner, its sender, its commands and its service thread all work with."""

from dataclasses import dataclass

from pyprobe.core.budget import Budget
from pyprobe.core.capture_log import CaptureLog
from pyprobe.core.door import Door
from pyprobe.core.engine import Engine
from pyprobe.core.gate import Gate
from pyprobe.ipc.ring import RingWriter
from pyprobe.ipc.target_connection import TargetConnection


@dataclass(slots=True)
class TargetParts:
    """One of each in a target; ``ring`` comes with the front end's configuration."""

    connection: TargetConnection
    gate: Gate
    budget: Budget
    log: CaptureLog
    door: Door
    engine: Engine
    ring: RingWriter | None = None
