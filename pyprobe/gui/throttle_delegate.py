"""ThrottleDelegate: edits a throttle in the probe list, and tells whether it was refused."""

from PyQt6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PyQt6.QtWidgets import QLineEdit, QStyledItemDelegate, QWidget


class ThrottleDelegate(QStyledItemDelegate):
    """``is_refused``: the model has not taken what was entered last."""

    is_refused = False

    def setModelData(
        self, editor: QWidget | None, model: QAbstractItemModel | None, index: QModelIndex
    ) -> None:
        if isinstance(editor, QLineEdit) and model is not None:
            taken = model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)
            self.is_refused = not taken
