"""CostNotice: says which probe it is that slows the program down, and what to choose instead."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pyprobe.gui.messages import Action, Level
from pyprobe.gui.status_bar import format_rate
from pyprobe.session.probe import Probe

if TYPE_CHECKING:
    from pyprobe.gui.window_base import WindowBase

_KEY = "cost"
_NOTICE_FROM_SHARE = 0.3  # of the program's time; what is over the budget by less is in the bar
_LOOKS = 8  # in a row, ten a second at most: a start or a burst is no news
AUTO = "auto"


def costliest(probes: Iterable[tuple[Probe, float]]) -> tuple[Probe, float] | None:
    """Return the probe with the most captures a second, and these, of those the budget is not for.

    A probe whose throttle is ``auto`` keeps to the budget by itself.
    """
    able = [(probe, rate) for probe, rate in probes if probe.throttle != AUTO and rate > 0]
    return max(able, key=lambda pair: pair[1], default=None)


def cost_sentence(share: float, budget_percent: float, probe: Probe, rate: float) -> str:
    """Return what probing costs, why, and what would cost less."""
    return (
        f"Probing takes {share * 100.0:.0f} % of the program's time, most of it for"
        f" {probe.anchor.symbol} in line {probe.occurrence.line}: its throttle is"
        f" {probe.mode or probe.throttle}, {format_rate(rate)} captures a second."
        f" With auto all probing keeps to {budget_percent:g} %."
    )


class CostNotice:
    """Keeps the status bar's share up to date; a notice stands as long as the cost is high.

    ``set_throttle`` gives a probe, by its id, the throttle that is chosen in the notice.
    """

    def __init__(self, window: "WindowBase", set_throttle: Callable[[int, str], object]) -> None:
        self._window = window
        self._set_throttle = set_throttle
        self._looks = 0

    def update(self, share: float, *, runs: bool, rates: Iterable[tuple[Probe, float]]) -> None:
        """Show the share of the program's time, and tell once where it is much too high."""
        window = self._window
        budget = window.preferences.budget_percent
        found = costliest(rates) if share * 100.0 > budget + 2.0 else None
        advice = "" if found is None else cost_sentence(share, budget, *found)
        window.status.show_share(share, budget, advice)
        is_high = runs and found is not None and share >= _NOTICE_FROM_SHARE
        self._looks = self._looks + 1 if is_high else 0
        if found is not None and self._looks == _LOOKS:
            self._post(found[0], advice)
        elif not is_high:
            window.messages.withdraw(_KEY)

    def _post(self, probe: Probe, advice: str) -> None:
        def choose(throttle: str) -> None:
            self._set_throttle(probe.id, throttle)

        actions = (
            Action("Use auto", lambda: choose(AUTO)),
            Action("Every 50 ms", lambda: choose("50ms")),
        )
        self._window.messages.post(advice, Level.WARN, key=_KEY, actions=actions)
