"""Request: one question of a front end, its fields checked as they are read."""

from pyprobe.core.debug.records import EVALUATION_LIMIT_MS
from pyprobe.core.debug.value_parts import Step
from pyprobe.errors import PyProbeError
from pyprobe.ipc.messages import PlainDict

MOST_LIMIT_MS = 3_600_000
MOST_STEPS = 1000


class Request:
    """Raises PyProbeError where a field is missing or of another kind."""

    def __init__(self, fields: PlainDict) -> None:
        self._fields = fields

    def text(self, key: str, default: str | None = None) -> str:
        """Return a field that is text."""
        found = self._fields.get(key, default)
        if not isinstance(found, str):
            raise PyProbeError(f"a question's {key!r} is {found!r:.40} and not text")
        return found

    def number(self, key: str, default: int | None = None) -> int:
        """Return a field that is a whole number."""
        found = self._fields.get(key, default)
        if not isinstance(found, int) or isinstance(found, bool):
            raise PyProbeError(f"a question's {key!r} is {found!r:.40} and not a whole number")
        return found

    def limit_s(self) -> float:
        """Return how long code of the program may run to answer."""
        limit_ms = self.number("limit_ms", EVALUATION_LIMIT_MS)
        return min(max(limit_ms, 1), MOST_LIMIT_MS) / 1000

    def path(self) -> tuple[str, list[Step]]:
        """Return where a path begins (``""`` in the frame, else a result) and its steps."""
        found = self._fields.get("path", [])
        root = ""
        if not isinstance(found, list) or len(found) > MOST_STEPS:
            raise PyProbeError(f"a question's path is {found!r:.40}")
        if found and isinstance(found[0], str) and found[0].startswith("$"):
            root, found = found[0], found[1:]
        scope = self._fields.get("scope")
        if not root and isinstance(scope, str) and scope.startswith("$"):
            root = scope
        steps: list[Step] = []
        for step in found:
            if not isinstance(step, list):
                raise PyProbeError(f"a step of a path is {step!r:.40}")
            steps.append(step)
        return root, steps
