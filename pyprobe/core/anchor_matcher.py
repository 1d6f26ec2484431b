"""AnchorMatcher: which of many anchors stand in a file, on a line, and name a variable there."""

import re
from collections.abc import Container

from pyprobe.core.anchor import ProbeAnchor

_ROOT = re.compile(r"\w+")


class AnchorMatcher:
    """A set of anchors, indexed by file and line.

    Every look-up costs O(1) in the number of anchors elsewhere. Adding twice and removing what is
    absent do nothing. ``files`` and ``all_anchors`` are properties that give copies, so that a
    caller may change the matcher while going through them.
    """

    def __init__(self) -> None:
        # Dicts as ordered sets: anchors come out in the order they were added.
        self._lines_by_file: dict[str, dict[int, dict[ProbeAnchor, None]]] = {}
        self._anchors: dict[ProbeAnchor, None] = {}

    def add(self, anchor: ProbeAnchor) -> None:
        """Add an anchor."""
        self._anchors[anchor] = None
        self._lines_by_file.setdefault(anchor.file, {}).setdefault(anchor.line, {})[anchor] = None

    def remove(self, anchor: ProbeAnchor) -> None:
        """Remove an anchor."""
        if anchor not in self._anchors:
            return
        del self._anchors[anchor]
        lines = self._lines_by_file[anchor.file]
        del lines[anchor.line][anchor]
        if not lines[anchor.line]:
            del lines[anchor.line]
        if not lines:
            del self._lines_by_file[anchor.file]

    def clear(self) -> None:
        """Remove all anchors."""
        self._anchors.clear()
        self._lines_by_file.clear()

    def match(self, file: str, line: int, local_vars: Container[str]) -> list[ProbeAnchor]:
        """Return the anchors on a line whose variable is among ``local_vars``.

        The variable of ``a.b`` and of ``a[i]`` is ``a``.
        """
        found = self._lines_by_file.get(file, {}).get(line, {})
        return [anchor for anchor in found if _variable(anchor.symbol) in local_vars]

    def has_file(self, file: str) -> bool:
        """Whether any anchor stands in this file."""
        return file in self._lines_by_file

    def has_location(self, file: str, line: int) -> bool:
        """Whether any anchor stands on this line."""
        return line in self._lines_by_file.get(file, {})

    @property
    def files(self) -> set[str]:
        """The files that hold anchors, as a copy."""
        return set(self._lines_by_file)

    @property
    def all_anchors(self) -> set[ProbeAnchor]:
        """All anchors, as a copy."""
        return set(self._anchors)


def _variable(symbol: str) -> str:
    root = _ROOT.match(symbol)
    return root.group() if root else symbol
