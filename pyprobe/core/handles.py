"""Handles of monitors and conditions inside a program, and the words that make them."""

from collections.abc import Callable
from typing import Protocol


class Switches(Protocol):
    """Who keeps what handles stand for."""

    def switch(self, handle_id: int, *, on: bool) -> None: ...

    def remove(self, handle_id: int) -> None: ...

    def is_on(self, handle_id: int) -> bool: ...


class BaseHandle:
    """A monitor or a condition. Every method may be called any number of times, and at any time."""

    def __init__(self, switches: Switches, handle_id: int) -> None:
        self._switches = switches
        self.id = handle_id

    def enable(self) -> None:
        """Go on after ``disable``; what was removed stays away."""
        self._switches.switch(self.id, on=True)

    def disable(self) -> None:
        """Do nothing until ``enable``."""
        self._switches.switch(self.id, on=False)

    def remove(self) -> None:
        """Be gone for good."""
        self._switches.remove(self.id)

    @property
    def is_enabled(self) -> bool:
        """Whether it is there and not disabled."""
        return self._switches.is_on(self.id)


class HandleOwner(Switches, Protocol):
    """Who keeps the handles inside a program."""

    def problem(self, handle_id: int) -> str: ...


class Handle(BaseHandle):
    """A handle inside a program."""

    def __init__(self, owner: HandleOwner, handle_id: int) -> None:
        super().__init__(owner, handle_id)
        self._owner = owner

    @property
    def problem(self) -> str:
        """Why a condition is asked no more, as it cannot be decided; ``""`` where all is well."""
        return self._owner.problem(self.id)


class When:
    """A condition, and what is to happen when it holds; each method makes a handle of it.

    ``make`` does so for the name of an action and the label of its snapshots.
    """

    def __init__(self, make: Callable[[str, str], Handle]) -> None:
        self._make = make

    def snapshot(self, label: str) -> Handle:
        """Keep the values of all probes and the locals of the frame that was hit."""
        return self._make("snapshot", label)

    def pause(self) -> Handle:
        """Have the thread that hits stand there until it is let go on."""
        return self._make("pause", "")

    def start(self) -> Handle:
        """Begin to capture; nothing is captured before."""
        return self._make("start", "")

    def stop(self) -> Handle:
        """Capture nothing more; the program goes on."""
        return self._make("stop", "")
