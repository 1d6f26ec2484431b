"""Reads torch's tensors where they lie in memory, without any operation of torch's.

Operations are heard by modes and profilers of the program, and ``Tensor.numpy`` leaves a storage
that can be resized no more. What is asked of a tensor is what its C class knows of itself.
"""

from math import prod
from typing import Any

from pyprobe.core.plain_types import find_in_class, has_base, namespace_of
from pyprobe.core.value_modules import loaded_library
from pyprobe.core.value_numpy import NumpyTypes

_DTYPES = {
    **{f"torch.{name}": name for name in ("float16", "float32", "float64", "bool")},
    **{f"torch.{name}": name for name in ("int8", "int16", "int32", "int64")},
    **{f"torch.{name}": name for name in ("uint8", "uint16", "uint32", "uint64")},
    **{f"torch.{name}": name for name in ("complex64", "complex128")},
    "torch.bfloat16": "uint16",  # the upper half of a float32
    "torch.complex32": "uint32",  # two float16
}
_STRIDED = "torch.strided"
# What torch says of a tensor that has no such data, or is inside a transformation.
REFUSALS = (RuntimeError, NotImplementedError, TypeError)


def is_tensor(kind: type) -> bool:
    """Tell whether a class is a tensor's whose data torch itself keeps.

    A subclass is read as its base is, unheard; one that stands for other data is none.
    """
    base = loaded_library("torch").get("Tensor")
    if base is None or not (kind is base or has_base(kind, base)):
        return False
    return find_in_class(kind, "__torch_dispatch__") is find_in_class(base, "__torch_dispatch__")


def tensor_array(tensor: Any, numpy: NumpyTypes) -> Any:
    """Return a tensor's memory as an array, to be used while the tensor lives; None if it is none.

    Nothing waits for a device: only what lies in the processor's memory is read.
    """
    with unheard():
        if fact(tensor, "device").type != "cpu":
            return None
        if fact(tensor, "is_quantized") or str(fact(tensor, "layout")) != _STRIDED:
            return None
        try:
            return _read(tensor, numpy)
        except REFUSALS:
            return None


def tensor_shape(tensor: Any) -> tuple[int, ...]:
    """Return a tensor's shape; of one that has none ``()``."""
    try:
        with unheard():
            return tuple(fact(tensor, "shape"))
    except REFUSALS:
        return ()


def describe_tensor(tensor: Any) -> str:
    """Return what a tensor is, where its data cannot be read."""
    try:
        with unheard():
            shape, layout = tuple(fact(tensor, "shape")), str(fact(tensor, "layout"))
            where, what = fact(tensor, "device"), fact(tensor, "dtype")
    except REFUSALS:
        return "tensor of no shape"
    sort = "" if layout == _STRIDED else f"{layout.removeprefix('torch.').strip('_')} "
    return f"{sort}tensor of {shape} on {where}: {what}"


def fact(tensor: Any, name: str) -> Any:
    """Return an attribute as torch's own C class has it, whatever a subclass says."""
    own = loaded_library("torch._C")
    base = own.get("TensorBase") or own["_TensorBase"]
    return namespace_of(base)[name].__get__(tensor)


def is_dispatched() -> bool:
    """Tell whether a mode of the program's would be told of each operation."""
    count = loaded_library("torch._C").get("_len_torch_dispatch_stack")
    return count is None or count() > 0


def unheard() -> Any:
    """Return the context in which torch tells no mode of the program that a tensor is read."""
    return loaded_library("torch._C")["DisableTorchFunction"]()


def _read(tensor: Any, numpy: NumpyTypes) -> Any:
    import ctypes  # which torch has loaded

    name = str(fact(tensor, "dtype"))
    if name not in _DTYPES:
        return None
    dtype = numpy.module.dtype(_DTYPES[name])
    shape, strides = tuple(fact(tensor, "shape")), fact(tensor, "stride")()
    if not prod(shape):
        array = numpy.ndarray(shape, dtype)
    else:
        place, storage = fact(tensor, "data_ptr")(), fact(tensor, "untyped_storage")()
        last = sum((length - 1) * step for length, step in zip(shape, strides, strict=True))
        nbytes = (last + 1) * dtype.itemsize
        offset = fact(tensor, "storage_offset")() * dtype.itemsize
        if not place or offset + nbytes > storage.nbytes():
            return None  # its memory was given back
        memory = (ctypes.c_char * nbytes).from_address(place)
        steps = tuple(step * dtype.itemsize for step in strides)
        array = numpy.ndarray(shape, dtype, memory, 0, steps)
    return _as_seen(tensor, name, array, numpy.module)


def _as_seen(tensor: Any, name: str, array: Any, numpy: Any) -> Any:
    """Return the numbers that memory stands for."""
    if name == "torch.bfloat16":
        array = (array.astype("u4") << 16).view("f4")
    elif name == "torch.complex32":
        halves = numpy.ascontiguousarray(array).reshape(-1).view("f2")
        array = halves.astype("f4").view("c8").reshape(array.shape)
    if fact(tensor, "is_conj")():
        array = numpy.conjugate(array)
    return numpy.negative(array) if fact(tensor, "is_neg")() else array
