"""Math memory: a board's math traces as JSON takes them, and brought back from that."""

from collections.abc import Callable, Mapping

from pyprobe.session.math_board import MathBoard
from pyprobe.session.math_expression import rename_traces
from pyprobe.session.trace import Trace

KeyOf = Callable[[Trace], str]


def math_to_list(board: MathBoard, key_of: KeyOf) -> list[dict[str, object]]:
    """Return the math traces as JSON takes them; ``key_of`` gives lasting names of sources."""
    keys = {name: key_of(trace) for name, trace in board.named().items() if trace.id >= 0}
    return [
        {
            "expression": trace.expression,
            "name": trace.name,
            "color": trace.color_index,
            "uses": {name: keys[name] for name in trace.uses if name in keys},
        }
        for trace in board.traces.values()
    ]


def restore_math(board: MathBoard, data: object, key_of: KeyOf) -> None:
    """Add the math traces of ``math_to_list``; what is not understood is passed over."""
    by_key = {key_of(trace): name for name, trace in board.named().items() if trace.id >= 0}
    entries = [
        entry
        for entry in (data if isinstance(data, list) else ())
        if isinstance(entry, Mapping) and isinstance(entry.get("expression"), str)
    ]
    colors = [entry.get("color") for entry in entries]
    traces = [
        board.add(entry["expression"], color_index=color if isinstance(color, int) else 0)
        for entry, color in zip(entries, colors, strict=True)
    ]
    pairs = list(zip(entries, traces, strict=True))
    maths = {one["name"]: trace.name for one, trace in pairs if isinstance(one.get("name"), str)}
    for entry, trace in pairs:
        uses = entry.get("uses")
        known = uses.items() if isinstance(uses, Mapping) else ()
        names = {**maths, **{old: by_key[key] for old, key in known if key in by_key}}
        for name in set(trace.uses) - names.keys():
            names[name] = board.lost_name()  # it must mean no other trace
        board.set_expression(trace, rename_traces(entry["expression"], names))
