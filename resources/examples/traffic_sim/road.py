"""A ring road with cars on it, advanced in small steps."""

import random

from traffic_sim.model import Car, Driver


class RingRoad:
    """Cars in driving order on a closed road; the last one follows the first."""

    def __init__(self, *, length_m: float, cars: int, driver: Driver, seed: int) -> None:
        self.length_m = length_m
        self.driver = driver
        self.random = random.Random(seed)
        spacing = length_m / cars
        self.cars = [
            Car(position=index * spacing + self.random.uniform(-1.0, 1.0)) for index in range(cars)
        ]

    def gap_ahead(self, index: int) -> float:
        """Return the free metres between a car and the one ahead."""
        car, ahead = self.cars[index], self.cars[(index + 1) % len(self.cars)]
        return (ahead.position - car.position) % self.length_m - ahead.length_m

    def advance(self, step_s: float) -> None:
        """Let all drivers decide, then move all cars."""
        for index, car in enumerate(self.cars):
            ahead = self.cars[(index + 1) % len(self.cars)]
            gap_m = self.gap_ahead(index)
            noise = self.random.gauss(0.0, 0.05)
            approach = car.speed - ahead.speed
            car.acceleration = self.driver.accelerate(car.speed, gap_m, approach) + noise
        for car in self.cars:
            car.speed = max(0.0, car.speed + car.acceleration * step_s)
            car.position = (car.position + car.speed * step_s) % self.length_m
