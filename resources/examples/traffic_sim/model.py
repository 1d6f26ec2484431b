"""How a driver follows the car ahead: the intelligent driver model (Treiber, Hennecke, Helbing)."""

import math
from dataclasses import dataclass


@dataclass
class Car:
    """One car: where its front bumper is on the ring, and how fast it goes."""

    position: float
    speed: float = 0.0
    acceleration: float = 0.0
    length_m: float = 5.0


@dataclass(frozen=True)
class Driver:
    """The habits all drivers share; SI units."""

    wanted_speed: float = 28.0
    headway_s: float = 1.0
    standstill_gap_m: float = 2.0
    comfort_acceleration: float = 0.5
    comfort_braking: float = 1.6

    def accelerate(self, speed: float, gap_m: float, approach: float) -> float:
        """Return the acceleration; `approach` is how much faster we are than the car ahead."""
        braking = speed * approach
        braking /= 2 * math.sqrt(self.comfort_acceleration * self.comfort_braking)
        wanted_gap = self.standstill_gap_m + max(0.0, speed * self.headway_s + braking)
        free_road = 1 - (speed / self.wanted_speed) ** 4
        interaction = (wanted_gap / max(gap_m, 0.1)) ** 2
        return self.comfort_acceleration * (free_road - interaction)
