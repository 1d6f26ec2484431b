"""The budget: the share of the program's time that probing may take.

Time is cut into windows. Each window allows ``share x window``; what is overspent is carried into
the next ones, what is left over is not. So that a short run is captured whole there is a reserve of
eighteen allowances besides. It is lent: what is taken of it is paid back by half of each later
allowance, so that a run of a second or more holds its share from its start to its end. While
nothing is left, probes with throttle ``auto`` are sampled: disabled until there is an allowance
again.
"""

WINDOW_NS = 25_000_000  # as sampled values come in such windows, plots have 40 frames a second
_RESERVE_ALLOWANCES = 18


class Budget:
    """Counts what probing costs. All times in ns of ``perf_counter_ns``."""

    __slots__ = (
        *("_debt_ns", "_reserve_ns", "allowance_ns", "cost_ns", "dispatch_ns", "left_ns", "share"),
        *("window", "window_end_ns"),
    )

    def __init__(self, percent: float) -> None:
        self.cost_ns = 0
        # What happens around a handler that times itself; measured by core.self_measure.
        self.dispatch_ns = 300
        self.window = 0
        self.window_end_ns = 0
        self.share = 0.0
        self.allowance_ns = 0.0
        self.left_ns = 0.0
        self._reserve_ns = 0.0
        self._debt_ns = 0.0
        self.set_percent(percent)

    def set_percent(self, percent: float) -> None:
        """Change the share; takes effect with the next window."""
        self.share = min(max(percent, 0.0), 100.0) / 100.0
        self.allowance_ns = self.share * WINDOW_NS

    def spend(self, ns: int) -> None:
        """Account for time taken from the program."""
        self.cost_ns += ns
        self.left_ns -= ns

    def roll(self, now_ns: int) -> None:
        """Begin the window that holds ``now_ns``."""
        if self.window == 0:
            self._reserve_ns = self.allowance_ns * _RESERVE_ALLOWANCES
            self.left_ns = self._reserve_ns + self.allowance_ns
            self.window_end_ns = now_ns + WINDOW_NS
        else:
            passed = (now_ns - self.window_end_ns) // WINDOW_NS + 1
            self.window_end_ns += passed * WINDOW_NS
            self._refill(passed)
        self.window += 1

    def _refill(self, windows: int) -> None:
        reserve_ns = min(self._reserve_ns, max(self.left_ns, 0.0))
        self._debt_ns += self._reserve_ns - reserve_ns
        self._reserve_ns = reserve_ns
        refill_ns = self.allowance_ns * windows
        paid_ns = min(self._debt_ns, refill_ns / 2)
        self._debt_ns -= paid_ns
        kept_ns = min(self.left_ns, reserve_ns)
        self.left_ns = min(kept_ns + refill_ns - paid_ns, reserve_ns + self.allowance_ns)

    def next_allowance_ns(self) -> int:
        """Return when there will be something left to spend again."""
        if self.left_ns > 0 or self.allowance_ns <= 0:
            return self.window_end_ns
        need_ns = -self.left_ns
        debt_ns = self._debt_ns + self._reserve_ns  # with nothing left, the reserve is spent too
        windows = min(need_ns * 2 // self.allowance_ns, (need_ns + debt_ns) // self.allowance_ns)
        return self.window_end_ns + int(windows) * WINDOW_NS
