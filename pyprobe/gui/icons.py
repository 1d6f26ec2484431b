"""Icons: the window's own line icons, drawn in the colours of the theme at any resolution."""

from PyQt6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from pyprobe.gui.theme import Theme, blend

_SIZES_PX = (18, 36, 54)  # Qt scales the next larger one down

# Bodies of 24 x 24 drawings; FILL marks a solid shape, everything else is stroked.
_BODIES = {
    "run": '<path class="fill" d="M7 4.5v15l12.5-7.5z"/>',
    "pause": '<path class="fill" d="M6.5 5h4v14h-4zM13.5 5h4v14h-4z"/>',
    "stop": '<rect class="fill" x="6" y="6" width="12" height="12" rx="1.5"/>',
    "restart": '<path d="M19 12a7 7 0 1 1-2.3-5.2"/><path d="M19.5 3.5v4.5h-4.5"/>',
    "arrange": '<rect x="4" y="4" width="7" height="16" rx="1"/>'
    '<rect x="14" y="4" width="6" height="6.5" rx="1"/>'
    '<rect x="14" y="13.5" width="6" height="6.5" rx="1"/>',
    "open": '<path d="M3.5 18.5v-13h6l2 2.5h9v10.5z"/>',
    "find": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5"/>',
    "clear": '<path d="M5 6.5h14M9.5 6V4h5v2M7 6.5l1 13.5h8l1-13.5M10.5 10v6.5M13.5 10v6.5"/>',
    "eof": '<path d="M4 12h12M11 7l5 5-5 5M20 5v14"/>',
    "close": '<path d="M6.5 6.5l11 11M17.5 6.5l-11 11"/>',
    "float": '<path d="M13.5 5H19v5.5M19 5l-7.5 7.5M10 6H5.5v12.5H18V14"/>',
    "remove": '<path d="M6.5 6.5l11 11M17.5 6.5l-11 11"/>',
    "reveal": '<path d="M9 6l-6 6 6 6M15 6l6 6-6 6"/>',
    "previous": '<path d="M6 15l6-6 6 6"/>',
    "next": '<path d="M6 9l6 6 6-6"/>',
    "record": '<circle class="fill" cx="12" cy="12" r="6.5"/>',
    "back": '<path d="M14.5 6l-6 6 6 6"/>',
    "forward": '<path d="M9.5 6l6 6-6 6"/>',
    "over": '<path d="M4 13.5a8 7.5 0 0 1 15-2.5"/><path d="M19.7 5v6h-6"/>'
    '<circle class="fill" cx="11.5" cy="18" r="2.7"/>',
    "into": '<path d="M12 3v9.5M7.5 8.5l4.5 4.5 4.5-4.5"/>'
    '<circle class="fill" cx="12" cy="19" r="2.7"/>',
    "out": '<path d="M12 13.5V4M7.5 8L12 3.5 16.5 8"/>'
    '<circle class="fill" cx="12" cy="19" r="2.7"/>',
    "cursor": '<path d="M3.5 12h9.5M9 7.5l4.5 4.5L9 16.5M19 4.5v15M16.5 4.5h5M16.5 19.5h5"/>',
    "event": '<path class="fill" d="M5 5.5v13l9.5-6.5z"/><path d="M18 5v14"/>',
    "probe": '<path d="M3 12h4l2.5-7 4 14 2.5-7h5"/>',
    "console": '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/>'
    '<path d="M7 9.5l3 2.5-3 2.5M12 15h5"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/>'
    '<circle cx="9" cy="17" r="2"/>',
}

APP_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect x="2" y="2" width="60" height="60" rx="14" fill="#17304f"/>
<path d="M10 34h9l6-17 9 31 6-20 4 6h10" fill="none" stroke="#7cc4ff" stroke-width="4.4"
 stroke-linejoin="round" stroke-linecap="round"/>
<circle cx="44" cy="34" r="5" fill="#ffb454"/></svg>"""


class _LineIcon(QIconEngine):
    """Draws a named icon in the sizes and modes that are asked for: most never are."""

    def __init__(self, name: str, normal: str, faded: str) -> None:
        super().__init__()
        self._name = name
        self._normal = normal
        self._faded = faded
        self._drawn: dict[tuple[bool, int], QIcon] = {}

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        wanted_px = max(size.width(), size.height())
        size_px = next((one for one in _SIZES_PX if one >= wanted_px), _SIZES_PX[-1])
        is_faded = mode is QIcon.Mode.Disabled
        icon = self._drawn.get((is_faded, size_px))
        if icon is None:
            icon = self._drawn[is_faded, size_px] = QIcon()
            shade = self._faded if is_faded else self._normal
            icon.addPixmap(
                _draw(_svg(self._name, shade), size_px), mode if is_faded else QIcon.Mode.Normal
            )
        return icon.pixmap(size, 1.0, mode, state)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        return size.boundedTo(QSize(_SIZES_PX[-1], _SIZES_PX[-1]))

    def availableSizes(
        self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off
    ) -> list[QSize]:
        return [QSize(size_px, size_px) for size_px in _SIZES_PX]

    def paint(
        self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        if painter is None:
            return
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        painter.drawPixmap(rect, self.pixmap(rect.size() * ratio, mode, state))

    def clone(self) -> QIconEngine:
        return _LineIcon(self._name, self._normal, self._faded)


def make_icon(name: str, theme: Theme, *, color: str | None = None) -> QIcon:
    """Return a named icon in the theme's text colour, or in ``color``; faded when disabled."""
    normal = color or blend(theme.text, theme.chrome, 0.85)
    return QIcon(_LineIcon(name, normal, blend(theme.muted, theme.chrome, 0.45)))


def make_picture(name: str, color: str, *, size_px: int, pixel_ratio: float) -> QPixmap:
    """Return a named icon's drawing in one size, for a screen of this pixel ratio."""
    pixmap = _draw(_svg(name, color), round(size_px * pixel_ratio))
    pixmap.setDevicePixelRatio(pixel_ratio)
    return pixmap


def make_app_icon() -> QIcon:
    """Return the application's icon."""
    icon = QIcon()
    for size_px in (32, 64, 128):
        icon.addPixmap(_draw(APP_SVG, size_px))
    return icon


def make_swatch(color: str, *, size_px: int = 10, hollow: bool = False) -> QIcon:
    """Return a small disc in a trace's colour; hollow for a probe that waits."""
    scale = 3
    pixmap = QPixmap(size_px * scale, size_px * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen_px = 1.8 * scale
    pen = painter.pen()
    pen.setColor(QColor(color))
    pen.setWidthF(pen_px)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else QColor(color))
    inset = pen_px / 2 + scale
    side = size_px * scale - 2 * inset
    painter.drawEllipse(QRectF(inset, inset, side, side))
    painter.end()
    return QIcon(pixmap)


def _svg(name: str, color: str) -> str:
    body = _BODIES[name].replace('class="fill"', f'fill="{color}" stroke="none"')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" '
        f'stroke="{color}" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">'
        f"{body}</svg>"
    )


def _draw(svg: str, size_px: int) -> QPixmap:
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return pixmap
