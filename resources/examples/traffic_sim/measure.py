"""What a traffic engineer measures: the flow at a detector and the length of the jam."""

from collections import deque
from collections.abc import Sequence

from traffic_sim.model import Car

JAM_SPEED = 2.0
WINDOW_S = 60.0


class Detector:
    """A loop in the road that counts cars driving over it, averaged over a minute."""

    def __init__(self, position_m: float) -> None:
        self.position_m = position_m
        self.now_s = 0.0
        self.before: dict[int, float] = {}
        self.passages_s: deque[float] = deque()

    def update(self, cars: Sequence[Car], step_s: float) -> float:
        """Count who passed since the last step; return the flow in cars per hour."""
        self.now_s += step_s
        for number, car in enumerate(cars):
            last = self.before.get(number, car.position)
            if last < self.position_m <= car.position:
                self.passages_s.append(self.now_s)
            self.before[number] = car.position
        while self.passages_s and self.passages_s[0] < self.now_s - WINDOW_S:
            self.passages_s.popleft()
        return len(self.passages_s) * 3600.0 / min(WINDOW_S, self.now_s)


def jam_length(cars: Sequence[Car]) -> int:
    """Return how many cars crawl."""
    return sum(car.speed < JAM_SPEED for car in cars)
