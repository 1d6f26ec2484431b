"""Value traits: what a lens is told of a value to say how well it can draw it. Pure."""

from dataclasses import dataclass
from enum import Enum

from pyprobe.ipc.columns import ValueKind
from pyprobe.ipc.tree_form import TreeNode
from pyprobe.ipc.tree_reader import Tree
from pyprobe.ipc.trees import TreeLayout
from pyprobe.plots.inner_array import dense_shape, inner_node
from pyprobe.session.tree_value import TreeValue
from pyprobe.session.values import ArrayValue, Value

NUMBER_KINDS = "biufc"  # of numpy dtypes: bool, ints, floats, complex
_SCALAR_DTYPE_KINDS = {
    ValueKind.FLOAT: "f",
    ValueKind.INT: "i",
    ValueKind.BOOL: "b",
    ValueKind.COMPLEX: "c",
}


class ValueForm(Enum):
    """The forms of value that lenses tell apart; the value is its name in remembered layouts."""

    SCALAR = "scalar"
    SERIES = "series"  # 1-D numbers
    PLANE = "plane"  # 2-D numbers
    STACK = "stack"  # numbers in more than two dimensions
    TREE = "tree"  # a value with parts
    TABLE = "table"  # rows and named columns
    SAMPLES = "samples"  # a value with parts that holds samples and their step
    SPARSE = "sparse"  # a matrix of which only some numbers are stored
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ValueTraits:
    """A value without its content.

    ``dtype_kind`` is numpy's one letter (``f``, ``c``, ``U``, ``O`` …) for numbers and arrays, and
    ``""`` for texts. ``dtype`` is the classifier's word: ``float64``, ``str``, ``dict`` …
    ``inner`` is the form of the array in a value with parts that lenses for arrays can draw.
    ``has_columns``: it is a list, a dict or an object that holds 1-D arrays.
    """

    kind: ValueKind
    form: ValueForm
    dtype_kind: str
    dtype: str
    shape: tuple[int, ...]
    type_name: str
    has_columns: bool = False
    inner: ValueForm | None = None

    @property
    def is_complex(self) -> bool:
        """Whether the numbers have an imaginary part."""
        return self.dtype_kind == "c"

    @property
    def family(self) -> str:
        """The values for which a user's pick of a lens holds, such as ``complex series``."""
        return f"complex {self.form.value}" if self.is_complex else self.form.value


def traits_of(value: Value) -> ValueTraits:
    """Return what lenses are told of a value."""
    if isinstance(value, ArrayValue):
        dtype_kind = str(value.array.dtype.kind)
    else:
        dtype_kind = _SCALAR_DTYPE_KINDS.get(value.kind, "")
    return ValueTraits(
        kind=value.kind,
        form=_form_of(value, dtype_kind),
        dtype_kind=dtype_kind,
        dtype=value.dtype,
        shape=value.shape,
        type_name=getattr(value, "type_name", value.dtype),
        has_columns=isinstance(value, TreeValue) and _has_columns(value.tree),
        inner=_inner_form(value.tree) if isinstance(value, TreeValue) else None,
    )


def _inner_form(tree: Tree) -> ValueForm | None:
    if dense_shape(tree) is not None:
        return ValueForm.PLANE
    node = inner_node(tree)
    if node is None:
        return None
    if node.array is None:
        return ValueForm.SERIES
    form = _form(ValueKind.ARRAY, node.array.dtype.kind, len(node.array.shape))
    return form if form is not ValueForm.OTHER else None


def _has_columns(tree: Tree) -> bool:
    layout, children = tree.form.root.layout, tree.form.children(tree.form.root)
    is_plain = layout in (TreeLayout.ITEMS, TreeLayout.KEYS, TreeLayout.ATTRIBUTES)
    return is_plain and any(is_row_of_values(child) for child in children)


def is_row_of_values(node: TreeNode) -> bool:
    """Whether a node is a 1-D array, or a list or tuple of numbers."""
    return node.code == "v" or (node.array is not None and len(node.array.shape) == 1)


_TREE_FORMS = {
    TreeLayout.TABLE: ValueForm.TABLE,
    TreeLayout.SERIES: ValueForm.TABLE,
    TreeLayout.LABELLED: ValueForm.TABLE,
    TreeLayout.SPARSE: ValueForm.SPARSE,
}


def _form_of(value: Value, dtype_kind: str) -> ValueForm:
    if isinstance(value, TreeValue):
        layout = value.tree.form.root.layout
        form = _TREE_FORMS.get(layout, ValueForm.TREE) if layout else ValueForm.TREE
        has_samples = form is ValueForm.TREE and _inner_form(value.tree) is ValueForm.SERIES
        return ValueForm.SAMPLES if has_samples else form
    if isinstance(value, ArrayValue) and value.array.dtype.names and value.array.ndim == 1:
        return ValueForm.TABLE
    return _form(value.kind, dtype_kind, len(value.shape))


def _form(kind: ValueKind, dtype_kind: str, dimensions: int) -> ValueForm:
    if kind in _SCALAR_DTYPE_KINDS:
        return ValueForm.SCALAR
    if kind is not ValueKind.ARRAY or dtype_kind not in NUMBER_KINDS or not dimensions:
        return ValueForm.OTHER
    return {1: ValueForm.SERIES, 2: ValueForm.PLANE}.get(dimensions, ValueForm.STACK)
