"""One captured value with parts, as a front end shows it."""

from collections.abc import Sequence
from functools import cached_property

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.ipc.tree_reader import Tree
from pyprobe.session.tree_text import tree_text
from pyprobe.session.values import TextValue


class TreeValue(TextValue):
    """A value with parts: ``tree`` holds them, ``content`` is its text, made when it is asked for.

    ``dtype`` is the classifier's word: ``dict``, ``object``, ``DataFrame`` …; ``cut`` says that
    something was left out at the source.
    """

    def __init__(self, tree: Tree) -> None:
        root = tree.form.root
        # As the frozen dataclass does it; ``content`` alone is left to be made.
        self.__dict__.update(
            tree=tree,
            dtype=root.kind,
            type_name=root.type,
            cut=tree.form.cut,
            kind=ValueKind.TREE,
            shape=(),
        )

    tree: Tree

    @cached_property
    def content(self) -> str:
        """The value as text."""
        return tree_text(self.tree)


def texts_of(column: Column) -> Sequence[TextValue]:
    """Return the values of a column of texts or trees."""
    if column.kind is ValueKind.TREE:
        return [TreeValue(tree) for tree in column.trees]
    return [
        TextValue(record["text"], record["kind"], record["type"], record["cut"])
        for record in column.texts
    ]
