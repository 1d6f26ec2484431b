"""Lens guard: what a lens of another package raises, or returns wrongly, stays in its own plot."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PyQt6.QtGui import QAction

from pyprobe.errors import LensError
from pyprobe.plots.lens import LensWidget, failure_sentence
from pyprobe.plots.readings import Reading

_Check = Callable[[Any], object]


def guard(lens: LensWidget) -> LensWidget:
    """Let what the panel asks of a lens never raise: ``failed`` tells, and it gets nothing instead.

    ``show_traces`` is left out: what it raises the panel shows, and draws nothing then.
    """
    for name, (nothing, is_right) in _ANSWERS.items():
        setattr(lens, name, _guarded(lens, name, nothing, is_right))
    return lens


def _guarded(lens: LensWidget, name: str, nothing: Any, is_right: _Check) -> Callable[..., Any]:
    ask = getattr(lens, name)

    def answer(*arguments: object) -> Any:
        try:
            found = ask(*arguments)
            if not is_right(found):
                raise LensError(f"its {name}() returned what it may not: {found!r:.60}")
        except Exception as error:  # noqa: BLE001 - a package may fail in any way
            lens.failed.emit(failure_sentence(error))
            return nothing
        return found

    return answer


def _all_are(kind: type) -> _Check:
    return lambda found: all(isinstance(one, kind) for one in found)


def _is_state(found: Any) -> bool:
    return isinstance(found, Mapping) and bool(json.dumps(dict(found)))


def _is_table(found: Any) -> bool:
    return isinstance(found, Mapping) and all(
        isinstance(name, str) and isinstance(column, np.ndarray) and not column.dtype.hasobject
        for name, column in found.items()
    )


def _is_nothing(found: Any) -> bool:
    return True


_ANSWERS: dict[str, tuple[Any, _Check]] = {
    "set_theme": (None, _is_nothing),
    "state": ({}, _is_state),
    "restore": (None, _is_nothing),
    "notes": ((), _all_are(str)),
    "view_actions": ((), _all_are(QAction)),
    "header_actions": ((), _all_are(QAction)),
    "x_kind": ("", lambda found: isinstance(found, str)),
    "show_x": (None, _is_nothing),
    "data": ({}, _is_table),
    "readings": ((), _all_are(Reading)),
}
