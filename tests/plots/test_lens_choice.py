"""Which lens draws what: the whole table."""

import pytest

from pyprobe.ipc.columns import ValueKind
from pyprobe.plots.lens_choice import LensChoice, LensName, ValueForm, lenses_for, value_form

TABLE = [
    (ValueKind.FLOAT, "", (), LensName.SCALAR_HISTORY),
    (ValueKind.INT, "", (), LensName.SCALAR_HISTORY),
    (ValueKind.BOOL, "", (), LensName.SCALAR_HISTORY),
    (ValueKind.COMPLEX, "", (), LensName.SCALAR_HISTORY),
    (ValueKind.ARRAY, "f", (0,), LensName.WAVEFORM),
    (ValueKind.ARRAY, "f", (1,), LensName.WAVEFORM),
    (ValueKind.ARRAY, "i", (8,), LensName.WAVEFORM),
    (ValueKind.ARRAY, "u", (8,), LensName.WAVEFORM),
    (ValueKind.ARRAY, "b", (8,), LensName.WAVEFORM),
    (ValueKind.ARRAY, "c", (8,), LensName.WAVEFORM),
    (ValueKind.ARRAY, "f", (4, 5), LensName.IMAGE),
    (ValueKind.ARRAY, "f", (0, 5), LensName.IMAGE),
    (ValueKind.ARRAY, "b", (4, 5), LensName.IMAGE),
    (ValueKind.ARRAY, "c", (4, 5), LensName.IMAGE),
    (ValueKind.ARRAY, "f", (), LensName.TEXT),
    (ValueKind.ARRAY, "f", (2, 3, 4), LensName.TEXT),
    (ValueKind.ARRAY, "U", (3,), LensName.TEXT),
    (ValueKind.ARRAY, "S", (3, 3), LensName.TEXT),
    (ValueKind.ARRAY, "V", (3,), LensName.TEXT),
    (ValueKind.ARRAY, "M", (3,), LensName.TEXT),
    (ValueKind.ARRAY, "O", (3,), LensName.TEXT),
    (ValueKind.TEXT, "", (), LensName.TEXT),
]


@pytest.mark.parametrize(("kind", "dtype_kind", "shape", "lens"), TABLE)
def test_the_usual_lens(
    kind: ValueKind, dtype_kind: str, shape: tuple[int, ...], lens: LensName
) -> None:
    assert LensChoice().lens_for(value_form(kind, dtype_kind, shape)) is lens


def test_a_pick_holds_for_its_form_and_comes_back() -> None:
    choice = LensChoice()
    choice.pick(ValueForm.SERIES, LensName.TEXT)
    assert choice.lens_for(ValueForm.SERIES) is LensName.TEXT
    assert choice.lens_for(ValueForm.PLANE) is LensName.IMAGE
    assert choice.lens_for(ValueForm.SERIES) is LensName.TEXT


def test_a_lens_that_cannot_draw_it_is_refused() -> None:
    with pytest.raises(ValueError, match="image cannot draw scalar values"):
        LensChoice().pick(ValueForm.SCALAR, LensName.IMAGE)


def test_everything_can_be_read_as_text() -> None:
    assert all(LensName.TEXT in lenses_for(form) for form in ValueForm)
