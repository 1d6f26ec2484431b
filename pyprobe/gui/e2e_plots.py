"""Plot facts: what each plot shows and where on the screen, as the end-to-end report tells it."""

import re
from typing import Any

from PyQt6.QtCore import QRect, QRectF
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from pyprobe.gui.e2e_rects import global_rect, rect_list
from pyprobe.plots.axis_range import AxisRange
from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.image import ImageLens
from pyprobe.plots.image_canvas import ImageCanvas
from pyprobe.plots.measured_canvas import MeasuredCanvas
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.trace_panel import TracePanel

Facts = dict[str, Any]

_MNEMONIC = re.compile("&(.)")  # also makes one of two


def plot_facts(panel: TracePanel) -> Facts:
    """Return what a panel shows; ``lens`` is ``""`` while it shows a sentence."""
    lens = panel.lens
    facts: Facts = {
        "id": panel.trace.id,
        "title": panel.title(),
        "rect": global_rect(panel),
        "header": global_rect(panel.header),
        "readout": panel.header.readout,
        "warnings": list(panel.header.content.warnings) if panel.header.content else [],
        "linked": panel.link_action.isChecked(),
        "strip": [[row.title, dict(row.values)] for row in panel.strip.rows],
        "traces": [
            {
                "title": trace.title,
                "color": trace.color,
                "style": trace.style.value,
                "side": trace.side.value,
                "hidden": trace.is_hidden,
                "earlier": len(trace.earlier),
            }
            for trace in panel.drawn_traces()
        ],
    }
    if lens is None or not lens.isVisible():
        return {**facts, "lens": "", "sentence": panel.placeholder.sentence}
    facts |= {"lens": panel.lens_name, "focused": lens.hasFocus()}
    return facts | (_axes_facts(lens) if isinstance(lens, PlotCanvas) else {})


def _axes_facts(lens: PlotCanvas) -> Facts:
    frame = lens.frame
    facts: Facts = {
        "area": _area_rect(lens, QRectF(frame.left, frame.top, frame.width, frame.height)),
        "x": _range_facts(lens.x_range),
        "y": _range_facts(lens.y_range),
        "mouse": lens.gestures.mode.value,
        "grid": lens.grid_action.isChecked(),
        "legend": {entry.text: _area_rect(lens, place) for place, entry in lens.legend_areas},
    }
    if isinstance(lens, CurveCanvas):
        facts |= {"x_scale": lens.x_scale.value, "y_scale": lens.y_scale.value}
        facts["right"] = _range_facts(lens.right_range) if lens.has_right_axis else None
    if isinstance(lens, MeasuredCanvas):
        cursors, markers = lens.instruments.cursors, lens.instruments.markers
        facts["cursors"] = list(cursors.x or ())
        facts["markers"] = [marker.to_dict() for marker in markers.markers]
    if isinstance(lens, ImageCanvas):
        facts |= {"levels": list(lens.levels), "bar": _area_rect(lens, lens.bar.area)}
    if isinstance(lens, ImageLens):
        facts["places"] = list(lens.stack.places)
        facts["sliders"] = [global_rect(slider) for slider in lens.stack_bar.sliders.values()]
        facts["profile"] = lens.strip.values[:, 0].tolist() if lens.strip.isVisible() else []
    return facts


def _range_facts(axis: AxisRange) -> Facts:
    return {
        "low": axis.low,
        "high": axis.high,
        "mode": axis.mode.value,
        "locked": axis.is_locked,
    }


def menu_facts(menu: QMenu) -> list[Facts]:
    """Return the entries of a menu that is shown."""
    return [_entry_facts(menu, action) for action in menu.actions() if not action.isSeparator()]


def entry_text(action: QAction) -> str:
    """Return an action's text as it is read, without its keys."""
    return _MNEMONIC.sub(r"\1", action.text().partition("\t")[0])


def _entry_facts(menu: QMenu, action: QAction) -> Facts:
    place = menu.actionGeometry(action)
    return {
        "text": entry_text(action),
        "rect": rect_list(QRect(menu.mapToGlobal(place.topLeft()), place.size())),
        "enabled": action.isEnabled(),
        "checked": action.isChecked(),
    }


def _area_rect(widget: QWidget, area: QRectF) -> list[int]:
    inside = area.toRect()
    return rect_list(QRect(widget.mapToGlobal(inside.topLeft()), inside.size()))
