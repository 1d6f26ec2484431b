"""Trigger words: conditions built from a probe, an edge and a level, and read back. Pure."""

import re
from enum import Enum

from pyprobe.conditions import parse
from pyprobe.conditions.errors import ConditionSyntaxError
from pyprobe.conditions.syntax import TagRef
from pyprobe.session.probe import Probe


class Form(Enum):
    """The forms that are offered; the value stands in the menu."""

    ABOVE = "Above a level"
    BELOW = "Below a level"
    RISING = "Rising through a level"
    FALLING = "Falling through a level"
    TRUE = "Becomes true"
    FALSE = "Becomes false"
    CHANGED = "Changes"

    @property
    def has_level(self) -> bool:
        """Whether it needs a level."""
        return self in _LEVELS

    @property
    def direction(self) -> int:
        """1 for a rising edge, -1 for a falling one, 0 for none."""
        return {Form.RISING: 1, Form.FALLING: -1}.get(self, 0)


_LEVELS = {
    Form.ABOVE: "{tag} > {level}",
    Form.BELOW: "{tag} < {level}",
    Form.RISING: "rise({tag} > {level})",
    Form.FALLING: "fall({tag} > {level})",
}
_EDGES = {Form.TRUE: "rise({tag})", Form.FALSE: "fall({tag})", Form.CHANGED: "changed({tag})"}
_NUMBER = r"(?P<level>[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"


def condition_text(form: Form, tag: str, level: float = 0.0) -> str:
    """Return a condition of this form."""
    return {**_LEVELS, **_EDGES}[form].format(tag=tag, level=f"{level:.12g}")


def read_level(text: str, tag: str) -> tuple[Form, float] | None:
    """Return form and level of a condition that has one of a tag; None for any other."""
    for form, template in _LEVELS.items():
        pattern = re.escape(template).replace(r"\{tag\}", re.escape(tag))
        pattern = pattern.replace(r"\{level\}", _NUMBER).replace(r"\ ", r"\s*")
        found = re.fullmatch(pattern, text.strip())
        if found:
            return form, float(found["level"])
    return None


def tag_of(probe: Probe) -> str:
    """Return the name a condition has for what a probe watches; ``""`` where it has none."""
    symbol = probe.anchor.symbol
    if probe.occurrence.path.root == "":
        return ""
    try:
        return symbol if isinstance(parse(symbol), TagRef) else ""
    except ConditionSyntaxError:
        return ""
