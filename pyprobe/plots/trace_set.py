"""TraceSet: which traces one plot draws, and the look each of them has there. No Qt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyprobe.plots.drawn_trace import DrawnTrace, LineStyle, Side
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.trace import Trace


@dataclass(frozen=True, slots=True)
class Look:
    """How a trace is drawn in one plot.

    ``color_index`` and ``sample_rate_hz`` are None for the trace's own.
    """

    style: LineStyle = LineStyle.SOLID
    side: Side = Side.LEFT
    is_hidden: bool = False
    color_index: int | None = None
    sample_rate_hz: float | None = None

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON takes it."""
        return {
            "style": self.style.value,
            "side": self.side.value,
            "hidden": self.is_hidden,
            "color": self.color_index,
            "sample_rate_hz": self.sample_rate_hz,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "Look":
        """Return what ``to_dict`` gave; what is not understood is as in a new look."""
        styles = {style.value: style for style in LineStyle}
        sides = {side.value: side for side in Side}
        color, rate_hz = data.get("color"), data.get("sample_rate_hz")
        return cls(
            styles.get(str(data.get("style")), LineStyle.SOLID),
            sides.get(str(data.get("side")), Side.LEFT),
            data.get("hidden") is True,
            color if isinstance(color, int) and not isinstance(color, bool) else None,
            float(rate_hz) if isinstance(rate_hz, int | float) and rate_hz > 0 else None,
        )


Shown = tuple[tuple[Trace, ...], Mapping[int, Look]]


class TraceSet:
    """The plot's own trace, which always stays, and those laid over it, in the order they came."""

    def __init__(self, own: Trace) -> None:
        self.own = own
        self._overlays: list[Trace] = []
        self._looks: dict[int, Look] = {}

    @property
    def traces(self) -> tuple[Trace, ...]:
        """All traces, the own one first."""
        return (self.own, *self._overlays)

    @property
    def overlays(self) -> tuple[Trace, ...]:
        """The traces laid over the own one."""
        return tuple(self._overlays)

    def __contains__(self, trace: Trace) -> bool:
        return any(one.id == trace.id for one in self.traces)

    def add(self, trace: Trace, place: int | None = None) -> bool:
        """Lay a trace over the others; False when it is there already."""
        if trace in self:
            return False
        self._overlays.insert(len(self._overlays) if place is None else place, trace)
        return True

    def remove(self, trace: Trace) -> int | None:
        """Take a trace away and return the place it had; its look waits for it to come back."""
        for place, one in enumerate(self._overlays):
            if one.id == trace.id:
                del self._overlays[place]
                return place
        return None

    def look(self, trace: Trace) -> Look:
        """Return how a trace is drawn here."""
        return self._looks.get(trace.id, Look())

    def set_look(self, trace: Trace, look: Look) -> None:
        """Draw a trace in another way."""
        self._looks[trace.id] = look

    def shown(self) -> Shown:
        """Return what is drawn and how, for ``bring_back``."""
        return self.overlays, dict(self._looks)

    def bring_back(self, shown: Shown) -> None:
        """Draw what was drawn once."""
        self._overlays, self._looks = list(shown[0]), dict(shown[1])

    def drawn(
        self, color_of: Callable[[int], str], reader_of: Callable[[Trace], HistoryReader]
    ) -> tuple[DrawnTrace, ...]:
        """Return what a lens gets; ``color_of`` gives the ``#rrggbb`` of a colour index."""
        drawn = []
        for trace in self.traces:
            look = self.look(trace)
            index = trace.color_index if look.color_index is None else look.color_index
            drawn.append(
                DrawnTrace(
                    title=trace.title,
                    color=color_of(index),
                    history=reader_of(trace),
                    earlier=tuple(trace.earlier),
                    style=look.style,
                    side=look.side,
                    is_hidden=look.is_hidden,
                    sample_rate_hz=look.sample_rate_hz or trace.sample_rate_hz,
                )
            )
        return tuple(drawn)

    # Memory.

    def to_dict(self, key_of: Callable[[Trace], str]) -> dict[str, object]:
        """Return overlays and looks; ``key_of`` names a trace so that it is found again."""
        return {
            "overlays": [key_of(trace) for trace in self._overlays],
            "looks": {
                key_of(trace): self.look(trace).to_dict()
                for trace in self.traces
                if self.look(trace) != Look()
            },
        }

    def restore(
        self, data: Mapping[str, object], traces: Sequence[Trace], key_of: Callable[[Trace], str]
    ) -> None:
        """Take over what ``to_dict`` gave; traces that are not there are left out."""
        by_key = {key_of(trace): trace for trace in traces}
        overlays, looks = data.get("overlays"), data.get("looks")
        for key in overlays if isinstance(overlays, list) else ():
            if isinstance(key, str) and key in by_key:
                self.add(by_key[key])
        for key, look in looks.items() if isinstance(looks, dict) else ():
            if key in by_key and isinstance(look, dict):
                self.set_look(by_key[key], Look.from_dict(look))


def toggled(look: Look) -> Look:
    """Return the look with hidden and shown exchanged."""
    return replace(look, is_hidden=not look.is_hidden)
