"""Slot: the global, attribute or element that a data breakpoint watches, as it lies in an object.

What holds it is told by others (``slot_holders``). Reading runs no code of the program.
"""

from dataclasses import dataclass

from pyprobe.analysis.occurrence import Bounds, Name, Path, Step, StepKind
from pyprobe.core.plain_access import AbsentError, read_attribute, read_item


@dataclass(frozen=True, slots=True)
class Slot:
    """``steps`` lead from what holds it to its value: one, or two where an element's base is bound.

    An attribute of an object, or the global of a module, lies in a namespace too: a plain dict in
    its place is taken for that.
    """

    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        """The attribute's or global's name; ``""`` for an element."""
        step = self.steps[0]
        return str(step.value) if step.kind is StepKind.ATTRIBUTE else ""

    @property
    def key(self) -> object:
        """The element's key, or the name that the slot has in a namespace."""
        return self.steps[0].value

    def read(self, holder: object) -> object:
        """Return the slot's value.

        Raises:
            PlainAccessError: there is none, or reading it would run code of the program.
        """
        value, steps = holder, self.steps
        if type(value) is dict and self.name:
            try:
                value = dict.__getitem__(value, self.name)
            except KeyError:
                raise AbsentError(f"there is no `{self.name}`") from None
            steps = steps[1:]
        return follow(value, steps)


def follow(value: object, steps: tuple[Step, ...]) -> object:
    """Return what steps of names and constants lead to.

    Raises:
        PlainAccessError: they lead nowhere, or taking them would run code of the program.
    """
    for step in steps:
        if step.kind is StepKind.ATTRIBUTE:
            value = read_attribute(value, str(step.value))
        else:
            value = read_item(value, step.value)
    return value


def global_slot(name: str) -> Slot:
    """Return the slot of a module's variable."""
    return Slot((Step(StepKind.ATTRIBUTE, name),))


def is_constant(path: Path) -> bool:
    """Whether a path's steps are names of attributes and constants: no variable, no slice."""
    return all(
        step.kind is StepKind.ATTRIBUTE
        or (step.kind is StepKind.INDEX and _is_constant_key(step.value))
        for step in path.steps
    )


def _is_constant_key(value: object) -> bool:
    if isinstance(value, Name | Bounds):
        return False
    if isinstance(value, tuple):
        return not any(isinstance(part, Name | Bounds) for part in value)
    return True
