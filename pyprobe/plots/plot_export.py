"""Plot export: what a plot shows, as a picture or as numbers in a file."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtGui import QPainter, QPixmap
from PyQt6.QtWidgets import QApplication, QWidget

from pyprobe.errors import LensError

PICTURES = ("png", "svg")
TABLES = ("csv", "npz")


def copy_picture(plot: QWidget) -> None:
    """Put a plot on the clipboard as a picture."""
    clipboard = QApplication.clipboard()
    if clipboard is not None:
        clipboard.setPixmap(picture_of(plot))


def picture_of(plot: QWidget) -> QPixmap:
    """Return a plot as it stands on the screen, in the pixels of the screen."""
    return plot.grab()


def save_picture(plot: QWidget, path: Path) -> None:
    """Write a plot as PNG or, in lines and text, as SVG.

    Raises:
        LensError: the file cannot be written.
    """
    if path.suffix.lower() == ".svg":
        _save_svg(plot, path)
    elif not picture_of(plot).save(str(path), "PNG"):
        raise LensError(f"{path} cannot be written")


def _save_svg(plot: QWidget, path: Path) -> None:
    from PyQt6.QtSvg import QSvgGenerator

    try:
        path.write_bytes(b"")  # the generator itself says nothing of what goes wrong
    except OSError as error:
        raise LensError(f"{path} cannot be written: {error.strerror or error}") from error
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(QSize(plot.width(), plot.height()))
    generator.setViewBox(QRectF(0, 0, plot.width(), plot.height()))
    generator.setTitle(plot.accessibleName())
    painter = QPainter(generator)
    try:
        plot.render(painter)
    finally:
        painter.end()


def save_table(data: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Write columns as CSV, shorter ones ending early, or as arrays of an NPZ file.

    The file appears under its name only when it is complete.

    Raises:
        LensError: the file cannot be written.
    """
    write = _write_npz if path.suffix.lower() == ".npz" else _write_csv
    partial = path.with_name(f"{path.name}.part")
    try:
        try:
            write(data, partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise LensError(f"{path} cannot be written: {error.strerror or error}") from error


def _write_npz(data: Mapping[str, NDArray[Any]], path: Path) -> None:
    import zipfile

    # One by one: passed by keyword some of the members' names would be taken for options.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, column in data.items():
            with archive.open(f"{name.replace('/', '_')}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(column), allow_pickle=False)


def _write_csv(data: Mapping[str, NDArray[Any]], path: Path) -> None:
    columns = _flat(data)
    longest = max((len(column) for column in columns.values()), default=0)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for row in range(longest):
            writer.writerow(
                [column[row].item() if row < len(column) else "" for column in columns.values()]
            )


def _flat(data: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return one-dimensional columns; of a plane each column by its number."""
    flat: dict[str, NDArray[Any]] = {}
    for name, array in data.items():
        if array.ndim <= 1:
            flat[name] = np.atleast_1d(array)
        else:
            plane = array.reshape(len(array), -1)
            flat.update({f"{name}[{number}]": plane[:, number] for number in range(plane.shape[1])})
    return flat
