"""How a tree is put into bytes for the store on disk. Its form stays in memory, shared by many."""

import struct

import numpy as np

from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.tree_form import TreeForm
from pyprobe.ipc.tree_reader import Tree
from pyprobe.session.array_store_file import Buffer

_MOST_NODES = 200_000  # of all forms together; trees with further forms are not kept
_ALIGNMENT = 16
_HEAD = struct.Struct("<Q")


class TreeForms:
    """The forms of the trees of one history."""

    def __init__(self) -> None:
        self._forms: list[TreeForm] = []
        self._codes: dict[int, int] = {}
        self._nodes = 0

    def pack(self, tree: Tree) -> tuple[Buffer, ...] | None:
        """Return the bytes of a tree, beginning with a multiple of 16; ``None`` for no room."""
        code = self._code(tree.form)
        if code is None:
            return None
        texts = [text.encode("utf-8", "surrogatepass") for text in tree.texts]
        lengths = np.array([len(text) for text in texts], "<u8").tobytes()
        parts = [_HEAD.pack(code), tree.floats.tobytes(), tree.ints.tobytes(), lengths, *texts]
        head = b"".join(parts)
        buffers: list[Buffer] = [head + bytes(-len(head) % _ALIGNMENT)]
        for value in tree.arrays:
            plain = np.ascontiguousarray(value.array).reshape(-1).view(np.uint8)
            buffers += [plain.data, bytes(-plain.nbytes % _ALIGNMENT)]
        return tuple(buffer for buffer in buffers if len(buffer))

    def _code(self, form: TreeForm) -> int | None:
        code = self._codes.get(id(form))  # which stays that form's, as it is kept
        if code is None:
            if self._nodes + len(form.nodes) > _MOST_NODES:
                return None
            code = self._codes[id(form)] = len(self._forms)
            self._forms.append(form)
            self._nodes += len(form.nodes)
        return code

    def unpack(self, data: bytes) -> Tree:
        """Return the tree; its numbers and arrays use the memory of ``data``."""
        form = self._forms[_HEAD.unpack_from(data)[0]]
        at = _HEAD.size
        floats = np.frombuffer(data, "<f8", form.floats, at)
        at += floats.nbytes
        ints = np.frombuffer(data, "<i8", form.ints, at)
        at += ints.nbytes
        lengths = np.frombuffer(data, "<u8", form.texts, at)
        at += lengths.nbytes
        texts: list[str] = []
        for length in lengths.tolist():
            texts.append(data[at : at + length].decode("utf-8", "surrogatepass"))
            at += length
        arrays: list[ArrayValue] = []
        for node in form.arrays:
            if (like := node.array) is not None:
                at = -(-at // _ALIGNMENT) * _ALIGNMENT
                array = np.ndarray(like.shape, like.dtype, data, at)
                arrays.append(ArrayValue(array, like.type, like.full_shape, like.reduced))
                at += array.nbytes
        return Tree(form, floats, ints, texts, arrays)
