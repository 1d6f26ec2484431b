"""The command line of the traffic simulation.

python -m traffic_sim [--steps N] [--cars N] [--pause SECONDS]
python traffic_sim/__main__.py …
"""

import argparse
import itertools
import os
import sys
import time

if not __package__:  # started as a script: the package is the folder around this file
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from traffic_sim.measure import Detector, jam_length
from traffic_sim.model import Driver
from traffic_sim.road import RingRoad

STEP_S = 0.25


def run(steps: int, cars: int, pause_s: float) -> None:
    road = RingRoad(length_m=1_000.0, cars=cars, driver=Driver(), seed=5)
    detector = Detector(position_m=500.0)
    for step in itertools.count() if steps == 0 else range(steps):
        road.advance(STEP_S)
        flow_per_h = detector.update(road.cars, STEP_S)
        jammed = jam_length(road.cars)
        mean_speed = sum(car.speed for car in road.cars) / len(road.cars)
        if step % 240 == 0:
            minutes = step * STEP_S / 60
            print(f"{minutes:5.1f} min  {mean_speed:5.1f} m/s  {jammed:3d} cars in the jam")
            print(f"           {flow_per_h:6.0f} cars/h at the detector")
        time.sleep(pause_s)


def main() -> None:
    parser = argparse.ArgumentParser(prog="traffic_sim", description="Simulate a ring road.")
    parser.add_argument("--steps", type=int, default=0, help="how many steps; 0: for ever")
    parser.add_argument("--cars", type=int, default=50, help="how many cars on the ring")
    parser.add_argument("--pause", type=float, default=0.01, help="seconds between steps")
    options = parser.parse_args()
    run(options.steps, options.cars, options.pause)


if __name__ == "__main__":
    main()
