"""Which lens draws a value: chosen by the value, unless the user picked another. Pure."""

from dataclasses import dataclass, field
from enum import Enum

from pyprobe.ipc.columns import ValueKind


class LensName(Enum):
    """Every lens; the value is its name in remembered layouts."""

    SCALAR_HISTORY = "scalar history"
    WAVEFORM = "waveform"
    IMAGE = "image"
    TEXT = "text"


class ValueForm(Enum):
    """The forms of value that lenses tell apart; the value is its name in remembered layouts."""

    SCALAR = "scalar"
    SERIES = "series"  # 1-D numbers
    PLANE = "plane"  # 2-D numbers
    OTHER = "other"


_ACCEPTED: dict[ValueForm, tuple[LensName, ...]] = {
    ValueForm.SCALAR: (LensName.SCALAR_HISTORY, LensName.TEXT),
    ValueForm.SERIES: (LensName.WAVEFORM, LensName.TEXT),
    ValueForm.PLANE: (LensName.IMAGE, LensName.TEXT),
    ValueForm.OTHER: (LensName.TEXT,),
}
_NUMBER_KINDS = "biufc"  # of numpy dtypes: bool, ints, floats, complex


def value_form(kind: ValueKind, dtype_kind: str, shape: tuple[int, ...]) -> ValueForm:
    """Return the form of a value.

    ``dtype_kind`` is numpy's one letter for an array (``f``, ``c``, ``U``, ``O`` …), else ignored.
    """
    if kind in (ValueKind.FLOAT, ValueKind.INT, ValueKind.BOOL, ValueKind.COMPLEX):
        return ValueForm.SCALAR
    if kind is ValueKind.ARRAY and dtype_kind in _NUMBER_KINDS:
        return {1: ValueForm.SERIES, 2: ValueForm.PLANE}.get(len(shape), ValueForm.OTHER)
    return ValueForm.OTHER


def lenses_for(form: ValueForm) -> tuple[LensName, ...]:
    """Return the lenses that can draw this form, the usual one first."""
    return _ACCEPTED[form]


@dataclass(slots=True)
class LensChoice:
    """One probe's choice: the user's pick for each form, the usual lens for all others."""

    picks: dict[ValueForm, LensName] = field(default_factory=dict)

    def lens_for(self, form: ValueForm) -> LensName:
        """Return the lens to draw a value of this form with."""
        return self.picks.get(form, _ACCEPTED[form][0])

    def pick(self, form: ValueForm, lens: LensName) -> None:
        """Remember what the user wants for this form.

        Raises:
            ValueError: that lens cannot draw it.
        """
        if lens not in _ACCEPTED[form]:
            raise ValueError(f"{lens.value} cannot draw {form.value} values")
        self.picks[form] = lens
