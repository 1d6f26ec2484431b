"""UndoStack: what the user has done, by name, so that it can be undone and done again."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction, QUndoCommand, QUndoStack

_MOST_ENTRIES = 200
_MERGE_WITHIN_S = 1.0

Change = Callable[[], object]


class UndoStack(QObject):
    """Remembers changes of the window. Nothing is remembered while a change is undone or redone,
    so that what a change brings about is not taken for another one.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._stack = QUndoStack(self)
        self._stack.setUndoLimit(_MOST_ENTRIES)
        self._is_quiet = False
        self._group: list[tuple[Change, Change]] | None = None

    def push(self, text: str, redo: Change, undo: Change, *, merge: object = None) -> None:
        """Remember a change that has just been made.

        ``text`` follows "Undo" and "Redo" in the menu: "remove probe x". Changes that follow each
        other within a second with the same ``merge`` become one, such as the steps of a wheel;
        without a ``text`` such a change has come to nothing, and so is forgotten.
        """
        if self._is_quiet:
            return
        if not text:
            self._forget(merge)
            return
        if self._group is not None:
            self._group.append((redo, undo))
            return
        previous = self._newest()
        if previous is None or not previous.takes(text, redo, merge):
            self._stack.push(_Step(self, text, redo, undo, merge))

    def _newest(self) -> "_Step | None":
        """The last change, unless it has been undone."""
        index = self._stack.index()
        last = self._stack.command(index - 1) if 0 < index == self._stack.count() else None
        return last if isinstance(last, _Step) else None

    def _forget(self, merge: object) -> None:
        newest = self._newest()
        if newest is not None and newest.is_of(merge):
            newest.setObsolete(True)
            self._stack.undo()

    @contextmanager
    def group(self, text: str) -> Iterator[None]:
        """Remember what is done within as one change of this name."""
        outer, self._group = self._group, []
        try:
            yield
        finally:
            changes, self._group = self._group, outer
            if changes:
                redos, undos = [one[0] for one in changes], [one[1] for one in changes[::-1]]
                self.push(text, partial(_each, redos), partial(_each, undos))

    @property
    def is_quiet(self) -> bool:
        """Whether changes are not remembered just now."""
        return self._is_quiet

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Remember nothing of what is done within."""
        was, self._is_quiet = self._is_quiet, True
        try:
            yield
        finally:
            self._is_quiet = was

    def clear(self) -> None:
        """Forget everything."""
        self._stack.clear()

    def undo(self) -> None:
        """Take back the last change."""
        self._stack.undo()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._stack.redo()

    @property
    def undo_text(self) -> str:
        """What ``undo`` would take back; ``""`` if there is nothing."""
        return self._stack.undoText()

    @property
    def redo_text(self) -> str:
        """What ``redo`` would do again; ``""`` if there is nothing."""
        return self._stack.redoText()

    def make_actions(self, parent: QObject) -> tuple[QAction, QAction]:
        """Return actions that undo and redo, and say what."""
        undo, redo = QAction("&Undo", parent), QAction("&Redo", parent)
        undo.triggered.connect(lambda _on: self.undo())
        redo.triggered.connect(lambda _on: self.redo())
        for action, can_change, text_change in (
            (undo, self._stack.canUndoChanged, self._stack.undoTextChanged),
            (redo, self._stack.canRedoChanged, self._stack.redoTextChanged),
        ):
            verb = action.text()
            action.setEnabled(False)
            can_change.connect(action.setEnabled)
            text_change.connect(
                lambda what, action=action, verb=verb: action.setText(f"{verb} {what}".rstrip())
            )
        return undo, redo


class _Step(QUndoCommand):
    """One change; it has been made already when it is pushed."""

    def __init__(
        self, stack: UndoStack, text: str, redo: Change, undo: Change, merge: object
    ) -> None:
        super().__init__(text)
        self._stack = stack
        self._redo, self._undo = redo, undo
        self._merge = merge
        self._made_s = monotonic()
        self._is_made = True

    def takes(self, text: str, redo: Change, merge: object) -> bool:
        """Take a change in that goes on with this one; False if it does not."""
        now_s = monotonic()
        if merge is None or merge != self._merge or now_s - self._made_s > _MERGE_WITHIN_S:
            return False
        self._made_s = now_s
        self._redo = redo
        self.setText(text)
        return True

    def is_of(self, merge: object) -> bool:
        """Whether it was made with this."""
        return merge is not None and merge is self._merge

    def redo(self) -> None:
        if self._is_made:  # pushing calls this, too
            self._is_made = False
            return
        with self._stack.quiet():
            self._redo()

    def undo(self) -> None:
        with self._stack.quiet():
            self._undo()


def _each(changes: Iterable[Change]) -> None:
    for change in changes:
        change()
