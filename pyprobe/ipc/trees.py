"""Trees: how values with parts travel. The parts in one flat form, their contents in columns.

Captures of one probe mostly have the same parts, and only the numbers in them differ. So what a
tree looks like, its *form*, is sent once for all captures of a column that share it; the contents
follow, each sort packed with all others of its sort. A column's ``x`` is a TreeColumn.

A form is a list of *specs*, one a node: first the root, then the root's children, then the children
of the first of these that has any, and so on, level by level. A spec is one of::

    "n"                                   None
    "f" "i" "b" "c" + dtype               a number; dtype as in a column's "d", "" for Python's own
    "s"  "S"                              a str, and one that was cut
    ["t", kind, type, cut]                any other value as text: see TextRecord
    ["v", store, type, length]            a list or tuple of numbers; store is f, i, b or c
    ["a", type, dtype, shape, full_shape, reduced]      an array in "a": see ArrayRecord
    ["A", type, dtype, shape, full_shape, reduced]      an array in a slot of the ring
    ["r", type]                           a container that this very node lies in
    ["d", kind, type]                     a container that was not looked into
    [layout, kind, type, length, labels]  a branch: TreeLayout value, the classifier's word, its
                                          type's name, how many children the value has, and the
                                          labels of those that follow: a list, or (items) a count

A label is a str, an int, or ``[text]`` for a key of any other type.
"""

from enum import Enum
from typing import TypedDict

MOST_SPECS = 4096  # a reader takes no larger form; a writer makes far smaller ones
DATA_ALIGNMENT = 16


class TreeLayout(Enum):
    """What the children of a branch are to it."""

    ITEMS = "items"  # elements by position
    KEYS = "keys"  # values by key
    ATTRIBUTES = "attributes"  # an object's attributes by name
    TABLE = "table"  # the index, then columns by name, as arrays of equal length
    SERIES = "series"  # attributes values, index, name: a column by itself
    LABELLED = "labelled"  # attributes values, dims, coords, name, attrs: an array with coordinates
    DATASET = "dataset"  # attributes variables, coords, attrs: arrays over shared coordinates
    SPARSE = "sparse"  # attributes format, shape and the arrays of that format
    CATEGORIES = "categories"  # attributes codes (-1: missing) and categories
    RANGE = "range"  # attributes start, stop, step: numbers that are not written out


class TreeColumn(TypedDict):
    """The values of a TREE column; each sort in order of captures, within one in order of specs.

    ``rows``: the position in ``forms`` of each capture's form, int64[n], empty where there is only
    one form. ``f``: float64 of floats and complex numbers (two each). ``i``: int64 of ints and
    bools. ``t``: all texts in one; ``tl``: the length of each in characters, int64. ``a``: the data
    of arrays, each begun at a multiple of 16. ``s``: int64 pairs, the slots of arrays in the ring.
    """

    forms: list[object]
    rows: bytes
    f: bytes
    i: bytes
    t: str
    tl: bytes
    a: bytes
    s: bytes
