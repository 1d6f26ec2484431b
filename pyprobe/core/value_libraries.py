"""Reads the data of pandas, PIL and torch values, where the program has loaded these libraries.

Of pandas and PIL only their own classes are read, never a subclass, which could run code of the
program.
"""

from itertools import islice
from typing import Any

from pyprobe.core.plain_access import plain_dict
from pyprobe.core.plain_types import class_name, namespace_of
from pyprobe.core.value_arrays import pack_numpy_scalar, pack_plain_array, pack_raw
from pyprobe.core.value_modules import loaded_library
from pyprobe.core.value_numpy import NumpyTypes, numpy_types
from pyprobe.core.value_torch import describe_tensor, is_tensor, tensor_array, tensor_shape
from pyprobe.ipc.packed import NoRoom, PackedArray, PackedScalar, PackedText
from pyprobe.ipc.ring import RingWriter

_IMAGE_DTYPES = {
    "L": ("|u1", 0),
    "RGB": ("|u1", 3),
    "RGBA": ("|u1", 4),
    "LA": ("|u1", 2),
    "CMYK": ("|u1", 4),
    "YCbCr": ("|u1", 3),
    "HSV": ("|u1", 3),
    "I": ("<i4", 0),
    "F": ("<f4", 0),
    "I;16": ("<u2", 0),
}
_SENT_AS = {"1": "L", "P": "RGB", "PA": "RGBA", "La": "LA", "RGBa": "RGBA", "RGBX": "RGB"}
_MOST_LABELS = 20
_LIBRARIES = frozenset(("PIL", "pandas", "scipy", "torch", "xarray"))


def library_of(kind: type) -> str:
    """Return the library that a class says it is from, if we know to read any of its classes."""
    module = namespace_of(kind).get("__module__")
    if type(module) is not str:
        return ""
    root = module.partition(".")[0]
    return root if root in _LIBRARIES else ""


def library_shape(value: object) -> tuple[int, ...] | None:
    """Return the shape of a Series, DataFrame, image or tensor; None for anything else."""
    kind = type(value)
    pandas = loaded_library("pandas")
    if pandas and (kind is pandas.get("Series") or kind is pandas.get("DataFrame")):
        return _pandas_shape(value, kind)
    if _is_image(kind):
        width, height = value.size  # type: ignore[attr-defined]
        bands = _IMAGE_DTYPES.get(_mode(value), ("", 0))[1]
        return (height, width, bands) if bands else (height, width)
    return tensor_shape(value) if is_tensor(kind) else None


def _pandas_shape(value: Any, kind: type) -> tuple[int, ...] | None:
    is_frame = kind is loaded_library("pandas").get("DataFrame")
    axes = (value._mgr.axes[1], value._mgr.axes[0]) if is_frame else (value._values,)
    return tuple(map(len, axes)) if all(map(is_pandas_own, axes)) else None


def is_pandas_own(value: object) -> bool:
    """Tell whether an index or array is of pandas' or numpy's own, so that it can be asked."""
    kind = type(value)
    numpy = numpy_types()
    if numpy is not None and kind is numpy.ndarray:
        return True
    name = class_name(kind)
    spaces = (loaded_library("pandas"), loaded_library("pandas.arrays"))
    return any(space.get(name) is kind for space in spaces)


def pack_library(
    value: Any, *, reduce_above: int, ring: RingWriter | None
) -> PackedArray | PackedScalar | PackedText | NoRoom | None:
    """Copy the data of such a value as an array; None if it is none, or not plain numbers.

    A tensor without axes, such as a loss, is the number it holds.
    """
    kind = type(value)
    if is_tensor(kind):
        return _pack_tensor(value, kind, reduce_above, ring)
    if not library_of(kind):
        return None
    if _is_image(kind):
        return _pack_image(value, reduce_above, ring)
    numpy = numpy_types()
    if numpy is None:
        return None
    pandas = loaded_library("pandas")
    array: Any = None
    if pandas and kind is pandas.get("Series") and _counts_from_zero(value.index, pandas):
        array = _numbers(value._values, numpy)
    if array is None:
        return None
    return pack_plain_array(array, kind.__name__, numpy, reduce_above=reduce_above, ring=ring)


def _numbers(values: Any, numpy: NumpyTypes) -> Any:
    return values if type(values) is numpy.ndarray and values.dtype.kind in "biufcmM" else None


def _counts_from_zero(index: Any, pandas: dict[str, Any]) -> bool:
    """Tell whether an index says no more than the positions do."""
    return type(index) is pandas.get("RangeIndex") and index.start == 0 and index.step == 1


def describe_library(value: Any) -> str | None:
    """Return what such a value is, where its data is no array of plain numbers; else None."""
    pandas = loaded_library("pandas")
    kind = type(value)
    if pandas and (kind is pandas.get("DataFrame") or kind is pandas.get("Series")):
        return _describe_pandas(value, kind)
    if pandas and (said := _describe_pandas_scalar(value, kind, pandas)):
        return said
    if _is_image(kind):
        return f"{value.mode} image of {value.size[0]} × {value.size[1]}"
    return describe_tensor(value) if is_tensor(kind) else _describe_torch(value, kind)


def _describe_torch(value: Any, kind: type) -> str | None:
    """Return the name of a dtype or a device of torch's, which stand beside tensors everywhere."""
    torch = loaded_library("torch")
    named = torch and (kind is torch.get("dtype") or kind is torch.get("device"))
    return str(value) if named else None


def _describe_pandas_scalar(value: Any, kind: type, pandas: dict[str, Any]) -> str:
    for name in ("NaT", "NA"):
        if value is pandas.get(name):
            return name
    spans = kind is pandas.get("Period") or kind is pandas.get("Interval")
    return str(value) if spans else ""


def _describe_pandas(value: Any, kind: type) -> str:
    shape = _pandas_shape(value, kind)
    if shape is None:
        return kind.__name__
    if len(shape) == 1:
        numpy_dtype = getattr(value._values.dtype, "name", "")
        return f"Series of {shape[0]}: {numpy_dtype}"
    return f"DataFrame of {shape[0]} × {shape[1]}: {', '.join(_labels(value._mgr.axes[0]))}"


def _labels(index: Any) -> list[str]:
    """Return the first labels of an index, as far as they are text or ints."""
    values = list(islice(iter(index._values), _MOST_LABELS))
    labels = [str(label) if type(label) is str or type(label) is int else "…" for label in values]
    return [*labels, "…"] if len(index) > len(values) else labels


def _is_image(kind: type) -> bool:
    """Tell whether a class is PIL's Image or one of its own file formats."""
    base = loaded_library("PIL.Image").get("Image")
    if base is None:
        return False
    if kind is base:
        return True
    module = namespace_of(kind).get("__module__")
    if type(module) is not str or not module.startswith("PIL."):
        return False
    return any(found is kind for found in loaded_library(module).values()) and issubclass(
        kind, base
    )


def _mode(image: Any) -> str:
    """Return the mode an image is sent in: black and white as grey, palettes as their colours."""
    mode: str = image.mode
    if mode == "P" and "transparency" in image.info:
        return "RGBA"
    return _SENT_AS.get(mode, mode)


def _pack_image(
    image: Any, reduce_above: int, ring: RingWriter | None
) -> PackedArray | NoRoom | None:
    own = plain_dict(image) or {}
    loaded = own.get("_im", own.get("im"))
    form = _IMAGE_DTYPES.get(_mode(image))
    if class_name(type(loaded)) != "ImagingCore" or form is None:
        return None  # closed, or not loaded from its file yet: loading is the program's to do
    name = type(image).__name__
    if _mode(image) != image.mode:
        image = image.convert(_mode(image))
    dtype, bands = form
    width, height = image.size
    shape = [height, width, bands] if bands else [height, width]
    data = image.tobytes()
    step = 1
    while reduce_above and len(data) // (step * step) > reduce_above:
        step += 1
    if step == 1:
        return pack_raw(data, dtype, shape, name, ring)
    small = image.reduce(step)
    full_shape = shape
    shape = [small.size[1], small.size[0], *shape[2:]]
    reduced = f"mean of {step} × {step} pixels"
    return pack_raw(
        small.tobytes(), dtype, shape, name, ring, full_shape=full_shape, reduced=reduced
    )


def _pack_tensor(
    tensor: Any, kind: type, reduce_above: int, ring: RingWriter | None
) -> PackedArray | PackedScalar | PackedText | NoRoom | None:
    numpy = numpy_types()
    array = tensor_array(tensor, numpy) if numpy is not None else None
    if numpy is None or array is None:
        return None
    if not array.ndim:
        return pack_numpy_scalar(array[()], numpy, ring)
    name = class_name(kind)
    return pack_plain_array(array, name, numpy, reduce_above=reduce_above, ring=ring)
