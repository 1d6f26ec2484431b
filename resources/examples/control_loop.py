"""A temperature controller: PID with anti-windup, a thermal plant with dead time, disturbances.

An oven is heated by a valve that saturates. The set point jumps, somebody opens the door now and
then, and the sensor is noisy. Worth probing: `temperature`, `setpoint`, `command`, `self.integral`
(watch it stop growing while the valve is saturated), `error`.

    python control_loop.py [--steps N] [--pause SECONDS]
"""

import argparse
import itertools
import random
import time
from collections import deque
from dataclasses import dataclass, field

STEP_S = 0.5
AMBIENT_C = 20.0


@dataclass
class Pid:
    """A PID controller in parallel form with a filtered derivative and back-calculation."""

    gain: float = 0.05
    integral_time_s: float = 60.0
    derivative_time_s: float = 6.0
    tracking_time_s: float = 20.0
    low: float = 0.0
    high: float = 1.0
    integral: float = 0.0
    derivative: float = 0.0
    last_measured: float | None = None

    def update(self, setpoint: float, measured: float) -> float:
        """Return the command for one step, between `low` and `high`."""
        error = setpoint - measured
        if self.last_measured is not None:
            slope = (measured - self.last_measured) / STEP_S
            self.derivative += 0.2 * (-slope * self.derivative_time_s - self.derivative)
        self.last_measured = measured
        wanted = self.gain * (error + self.derivative) + self.integral
        command = min(max(wanted, self.low), self.high)
        drive = self.gain * error / self.integral_time_s
        unwind = (command - wanted) / self.tracking_time_s
        self.integral += STEP_S * (drive + unwind)
        return command


@dataclass
class Oven:
    """First-order heat balance behind a dead time in the valve."""

    temperature: float = AMBIENT_C
    heater_c_per_s: float = 1.6
    loss_per_s: float = 0.008
    door_open: bool = False
    pipeline: deque[float] = field(default_factory=lambda: deque([0.0] * 8, maxlen=8))

    def step(self, command: float) -> float:
        """Advance by one step and return the temperature."""
        power = self.pipeline[0]
        self.pipeline.append(command)
        loss = self.loss_per_s * (4.0 if self.door_open else 1.0)
        heating = self.heater_c_per_s * power
        cooling = loss * (self.temperature - AMBIENT_C)
        self.temperature += STEP_S * (heating - cooling)
        return self.temperature


def setpoint_at(step: int) -> float:
    """Return the programme of the oven: three plateaus, over and over."""
    plateaus = (80.0, 150.0, 110.0)
    return plateaus[step // 400 % len(plateaus)]


def run(steps: int, pause_s: float) -> None:
    noise = random.Random(11)
    controller, oven = Pid(), Oven()
    temperature = oven.temperature
    for step in itertools.count() if steps == 0 else range(steps):
        setpoint = setpoint_at(step)
        oven.door_open = step % 400 in range(220, 250)
        measured = temperature + noise.gauss(0.0, 0.15)
        command = controller.update(setpoint, measured)
        temperature = oven.step(command)
        deviation = abs(setpoint - temperature)
        if step % 100 == 0:
            print(f"t = {step * STEP_S:7.1f} s   {temperature:6.1f} °C   valve {command:4.0%}")
        if step % 400 == 399:
            print(f"end of plateau at {setpoint:.0f} °C, off by {deviation:.1f} °C")
        time.sleep(pause_s)


def main() -> None:
    parser = argparse.ArgumentParser(description="Control an oven.")
    parser.add_argument("--steps", type=int, default=0, help="how many steps; 0: for ever")
    parser.add_argument("--pause", type=float, default=0.005, help="seconds between steps")
    options = parser.parse_args()
    run(options.steps, options.pause)


if __name__ == "__main__":
    main()
