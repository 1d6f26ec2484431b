"""ImageInstruments: the region of interest and the line profile an image carries."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import astuple
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QAction

from pyprobe.plots.number_text import count_text
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.profile import Line, ProfileKind, ProfileTool, profile_values
from pyprobe.plots.profile_strip import ProfileStrip
from pyprobe.plots.readings import Reading, reading_text
from pyprobe.plots.region import Box, Region
from pyprobe.plots.region_statistics import RegionStatistics, region_statistics

ImageOf = Callable[[], NDArray[Any]]

_CHANNELS = ("red", "green", "blue", "opacity")


class ImageHolder(Protocol):
    """What the instruments need to know of the lens that carries them."""

    frame: PlotFrame
    image: NDArray[Any]


class ImageInstruments(QObject):
    """``changed`` is called when what they show has changed, ``done`` with a change to be undone:
    its name, what makes and what undoes it.
    """

    def __init__(
        self,
        lens: PlotCanvas,
        holder: ImageHolder,
        color: str,
        changed: Callable[[], object],
        done: Callable[[str, Callable[[], object], Callable[[], object]], object],
    ) -> None:
        super().__init__(lens)
        self._holder = holder
        self._changed = changed
        self._done = done
        self._read: tuple[tuple[object, ...], list[Reading]] = ((), [])
        self._profiles: dict[tuple[object, ...], NDArray[Any]] = {}  # of the images before
        self.region = Region(color, changed, self._region_ended)
        self.profile = ProfileTool(color, changed, self._profile_ended)
        self.region_action = QAction("Region of interest", lens)
        self.region_action.setCheckable(True)
        self.region_action.setShortcut("R")
        self.region_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.region_action.setToolTip("A rectangle and the statistics of its pixels (R)")
        self.region_action.triggered.connect(lambda on: lens.guarded(lambda: self._toggle(on)))
        self.profile_menu = OptionMenu(
            "Line profile",
            ProfileKind.OFF,
            lambda kind: lens.guarded(lambda: self.show_profile(kind)),
            lens,
        )
        self.next_profile_action = QAction("Next line profile", lens)
        self.next_profile_action.setShortcut("P")
        self.next_profile_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.next_profile_action.triggered.connect(lambda _on: lens.guarded(self._next_profile))

    def set_color(self, color: str) -> None:
        """Draw handles in this ``#rrggbb``."""
        self.region.color = self.profile.color = color

    # The region.

    def _toggle(self, wanted: bool) -> None:
        before = self.region.box
        if wanted:
            self.region.show(self._holder.frame, *self._holder.image.shape[:2])
        else:
            self.region.set(None)
        name = "show the region" if wanted else "hide the region"
        self._done(
            name, partial(self.put_region, self.region.box), partial(self.put_region, before)
        )

    def put_region(self, box: Box | None) -> None:
        """Show the region somewhere, or nowhere."""
        self.region_action.setChecked(box is not None)
        self.region.set(box)

    def _region_ended(self, before: Box | None) -> None:
        now = self.region.box
        self._done(
            "change the region", partial(self.put_region, now), partial(self.put_region, before)
        )

    def readings(self) -> list[Reading]:
        """Return the statistics of the region, live with each new array."""
        image, box = self._holder.image, self.region.box
        if box is None:
            return []
        asked = (id(image), image.shape, box)
        if self._read[0] != asked or image is not self._image_read:
            self._image_read = image
            self._read = (asked, _region_readings(image, box))
        return self._read[1]

    _image_read: NDArray[Any] | None = None

    # The profile.

    def show_profile(self, kind: ProfileKind) -> None:
        """Show a profile of this kind from now on."""
        before = (self.profile.kind, self.profile.line)
        self.profile.show(kind, self._holder.frame)
        self.profile_menu.restore(kind.value)
        after = (self.profile.kind, self.profile.line)
        redo, undo = partial(self.put_profile, *after), partial(self.put_profile, *before)
        self._done("choose a line profile", redo, undo)

    def put_profile(self, kind: ProfileKind, line: Line | None) -> None:
        """Show a profile as it was."""
        self.profile_menu.restore(kind.value)
        self.profile.set(kind, line)

    def _profile_ended(self, before: Line | None) -> None:
        kind = self.profile.kind
        redo = partial(self.put_profile, kind, self.profile.line)
        self._done("move the line profile", redo, partial(self.put_profile, kind, before))

    def _next_profile(self) -> None:
        kinds = list(ProfileKind)
        self.show_profile(kinds[(kinds.index(self.profile.kind) + 1) % len(kinds)])

    def fill(self, strip: ProfileStrip, older: Sequence[tuple[Hashable, ImageOf]] = ()) -> None:
        """Draw the profile of the image as it is now.

        ``older`` are the images before, oldest first, each with what it is known by.
        """
        image, kind, line = self._holder.image, self.profile.kind, self.profile.line
        if line is None or image.ndim < 2:
            sentence = "drag over the image to draw the line"
            strip.set_profile(np.empty(0), 1.0, "pixels along the line", sentence)
            return
        values, dx = profile_values(image, kind, line)
        units = {
            ProfileKind.ROW: f"column, in row {round(line.y1)}",
            ProfileKind.COLUMN: f"row, in column {round(line.x1)}",
        }
        before = self._older_values(older, kind, line, image)
        unit = units.get(kind, "pixels along the line")
        strip.set_profile(values, dx, unit, older=before)

    def _older_values(
        self,
        older: Sequence[tuple[Hashable, ImageOf]],
        kind: ProfileKind,
        line: Line,
        image: NDArray[Any],
    ) -> list[NDArray[Any]]:
        """Return the profiles of images before, each of which is looked at only once."""
        known, self._profiles = self._profiles, {}
        for name, image_of in older:
            key = (name, kind, line, image.shape)
            values = known.get(key)
            if values is None:
                past = image_of()
                is_alike = past.shape == image.shape
                values = profile_values(past, kind, line)[0] if is_alike else np.empty(0)
            self._profiles[key] = values
        return [values for values in self._profiles.values() if len(values)]

    # Keys and memory.

    def step(self, right: int, down: int, *, grow: bool) -> bool:
        """Move the region, else the profile, by pixels; or let the region grow, the line turn."""
        box = self.region.box
        if box is not None:
            self.region.set(box.grown(down, right) if grow else box.moved(down, right))
            self._region_ended(box)
            return True
        if self.profile.kind is ProfileKind.OFF:
            return False
        before = self.profile.line
        self.profile.step(right, down, self._holder.frame, only_end=grow)
        self._profile_ended(before)
        return True

    def state(self) -> dict[str, object]:
        """Return what is shown, as JSON takes it."""
        box, line = self.region.box, self.profile.line
        return {
            "region": None if box is None else list(astuple(box)),
            "profile": self.profile.kind.value,
            "line": None if line is None else list(astuple(line)),
        }

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what was shown once."""
        match state.get("region"):
            case [int() as top, int() as left, int() as bottom, int() as right] if (
                top < bottom and left < right
            ):
                self.put_region(Box(top, left, bottom, right))
        self.profile_menu.restore(state.get("profile"))
        kind, line = self.profile_menu.choice, None
        match state.get("line"):
            case [
                int() | float() as x1,
                int() | float() as y1,
                int() | float() as x2,
                int() | float() as y2,
            ] if np.isfinite([x1, y1, x2, y2]).all():
                line = Line(x1, y1, x2, y2)
        if line is None and kind is not ProfileKind.LINE:
            kind = ProfileKind.OFF
        self.put_profile(kind, line)


def _region_readings(image: NDArray[Any], box: Box) -> list[Reading]:
    box = box.within(*image.shape[:2])
    part = image[box.top : box.bottom, box.left : box.right]
    title = f"region {box.text()}"
    if part.ndim == 2:
        return [_reading(title, region_statistics(part))]
    return [
        _reading(f"{title} {name}", region_statistics(part[..., channel]))
        for channel, name in enumerate(_CHANNELS[: part.shape[2]])
    ]


def _reading(title: str, found: RegionStatistics) -> Reading:
    if found.step > 1:
        title = f"{title} 1 / {found.step} rows"
    numbers = {
        "mean": found.mean,
        "std": found.std,
        "min": found.minimum,
        "max": found.maximum,
    }
    texts = tuple((name, reading_text(number)) for name, number in numbers.items())
    return Reading(title, "", (("n", count_text(found.count)), *texts))
