"""Preferences: what the user chose, how it is stored, and what is remembered of each program."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import platformdirs

try:
    # As the library's random does: hashlib loads OpenSSL, which takes long.
    from _sha2 import sha256  # type: ignore[import-not-found]
except ImportError:
    from hashlib import sha256

from pyprobe.core.throttle import parse_throttle
from pyprobe.errors import PyProbeError
from pyprobe.gui.theme import ThemeChoice
from pyprobe.session.history_limits import HistoryLimits

FOLDER_VARIABLE = "PYPROBE_CONFIG_DIR"
MAX_REMEMBERED_SOURCE = 1 << 20
MEGABYTE = 1_000_000
# What may be chosen; a disk of 0 keeps nothing there.
LONGEST_RELEASE_S = 86_400
HISTORY_RANGES_MB = {
    "scalar_mb": (16, 1_000_000),
    "array_mb": (1, 1_000_000),
    "disk_mb": (0, 100_000_000),
}
_DEFAULT_LIMITS = HistoryLimits()


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the preferences dialog shows.

    ``scalar_mb`` and ``array_mb`` bound the memory for the numbers and for the arrays and texts of
    all histories, ``disk_mb`` the disk space for older arrays and texts; all in megabytes. A
    program that stands goes on when the window is silent for ``release_after_s``, 0 for never.
    """

    budget_percent: float = 5.0
    throttle: str = "auto"
    theme: ThemeChoice = ThemeChoice.SYSTEM
    font_points: int = 10
    scalar_mb: int = _DEFAULT_LIMITS.max_scalar_bytes // MEGABYTE
    array_mb: int = _DEFAULT_LIMITS.max_array_bytes // MEGABYTE
    disk_mb: int = _DEFAULT_LIMITS.max_disk_bytes // MEGABYTE
    release_after_s: int = 0

    @property
    def history_limits(self) -> HistoryLimits:
        """How much the histories may hold."""
        return replace(
            _DEFAULT_LIMITS,
            max_scalar_bytes=self.scalar_mb * MEGABYTE,
            max_array_bytes=self.array_mb * MEGABYTE,
            max_disk_bytes=self.disk_mb * MEGABYTE,
        )

    def to_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {**asdict(self), "theme": self.theme.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "Preferences":
        """Build preferences from plain data; what is missing takes its default.

        Raises:
            ValueError: a value is of the wrong type or out of range.
        """
        budget = data.get("budget_percent", 5.0)
        throttle, theme = data.get("throttle", "auto"), data.get("theme", "system")
        points = data.get("font_points", 10)
        if not (isinstance(budget, int | float) and 0.1 <= budget <= 100.0):
            raise ValueError(f"budget_percent {budget!r}")
        if not (isinstance(points, int) and 5 <= points <= 40):
            raise ValueError(f"font_points {points!r}")
        if not isinstance(throttle, str):
            raise ValueError(f"throttle {throttle!r}")
        try:
            parse_throttle(throttle)
        except PyProbeError as error:
            raise ValueError(str(error)) from error
        release_s = data.get("release_after_s", 0)
        if type(release_s) is not int or not 0 <= release_s <= LONGEST_RELEASE_S:
            raise ValueError(f"release_after_s {release_s!r}")
        sizes = {name: _size(data, name, *range_mb) for name, range_mb in HISTORY_RANGES_MB.items()}
        return cls(
            float(budget),
            throttle,
            ThemeChoice(theme),
            points,
            release_after_s=release_s,
            **sizes,
        )


def _size(data: Mapping[str, object], name: str, least_mb: int, most_mb: int) -> int:
    default: int = getattr(_DEFAULT_PREFERENCES, name)
    size_mb = data.get(name, default)
    if type(size_mb) is not int or not least_mb <= size_mb <= most_mb:
        raise ValueError(f"{name} {size_mb!r}")
    return size_mb


_DEFAULT_PREFERENCES = Preferences()


@dataclass(slots=True)
class ProgramMemory:
    """What is remembered of one program: its probes, the texts they stand in, the layout.

    A probe is a map with ``file``, ``source``, ``occurrence``, ``throttle``, ``run_code``,
    ``color`` and ``key`` (names its dock); ``sources`` are the texts that occurrences stand in, so
    that probes can move with an edit. ``first_line`` is the first line of the script in view, from
    0. ``restart_on_save`` and ``loops`` say when the program is started again. ``plots`` is what
    the user chose in each plot, by the key of its trace; ``math`` are the math traces, ``leaves``
    those of parts of values. ``debug`` is what stops the program, and when it is captured.
    """

    probes: list[dict[str, object]] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    layout: bytes = b""
    geometry: bytes = b""
    first_line: int = 0
    restart_on_save: bool = False
    loops: bool = False
    plots: dict[str, object] = field(default_factory=dict)
    math: list[object] = field(default_factory=list)
    leaves: list[object] = field(default_factory=list)
    debug: dict[str, object] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        import zlib

        sources = {
            file: _encode(zlib.compress(text.encode("utf-8", "surrogatepass")))
            for file, text in self.sources.items()
            if len(text) <= MAX_REMEMBERED_SOURCE
        }
        return {
            "version": 1,
            "probes": self.probes,
            "sources": sources,
            "layout": _encode(self.layout),
            "geometry": _encode(self.geometry),
            "first_line": self.first_line,
            "restart_on_save": self.restart_on_save,
            "loops": self.loops,
            "plots": self.plots,
            "math": self.math,
            "leaves": self.leaves,
            "debug": self.debug,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> "ProgramMemory":
        """Build a memory from plain data.

        Raises:
            ValueError: it is malformed.
        """
        probes, sources = data.get("probes", []), data.get("sources", {})
        if not isinstance(probes, list) or not all(isinstance(probe, dict) for probe in probes):
            raise ValueError("probes")
        if not isinstance(sources, dict):
            raise ValueError("sources")
        texts = {str(file): _decode_text(packed) for file, packed in sources.items()}
        first_line = data.get("first_line", 0)
        if type(first_line) is not int:
            raise ValueError("first_line")
        layout, geometry = _decode(data.get("layout")), _decode(data.get("geometry"))
        on_save, loops = data.get("restart_on_save") is True, data.get("loops") is True
        plots, math = data.get("plots", {}), data.get("math", [])
        leaves, debug = data.get("leaves", []), data.get("debug", {})
        if not isinstance(plots, dict):
            raise ValueError("plots")
        if not isinstance(math, list):
            raise ValueError("math")
        if not isinstance(leaves, list):
            raise ValueError("leaves")
        if not isinstance(debug, dict):
            raise ValueError("debug")
        known = (probes, texts, layout, geometry, first_line, on_save, loops)
        return cls(*known, plots, math, leaves, debug)


class Store:
    """Reads and writes JSON files in the user's folders; a file that cannot be read is a complaint.

    ``complaints`` are sentences for the user; taking them is the caller's part.
    """

    def __init__(self) -> None:
        override = os.environ.get(FOLDER_VARIABLE)
        self.config_dir = Path(override or platformdirs.user_config_dir("pyprobe", appauthor=False))
        self.state_dir = (
            Path(override) / "state"
            if override
            else Path(platformdirs.user_state_dir("pyprobe", appauthor=False))
        )
        self.complaints: list[str] = []

    def load_preferences(self) -> Preferences:
        """Return the stored preferences, or the defaults."""
        path = self.config_dir / "preferences.json"
        try:
            return Preferences.from_dict(self._read(path))
        except ValueError as error:
            self._complain(path, error)
            return Preferences()

    def save_preferences(self, preferences: Preferences) -> None:
        """Store preferences."""
        self._write(self.config_dir / "preferences.json", preferences.to_dict())

    def load_program(self, program_key: str) -> ProgramMemory:
        """Return what is remembered of a program (keyed by its path or module name)."""
        path = self._program_path(program_key)
        try:
            return ProgramMemory.from_dict(self._read(path))
        except ValueError as error:
            self._complain(path, error)
            return ProgramMemory()

    def save_program(self, program_key: str, memory: ProgramMemory) -> None:
        """Remember a program."""
        self._write(self._program_path(program_key), memory.to_dict())

    def _program_path(self, program_key: str) -> Path:
        digest = sha256(program_key.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return self.state_dir / "programs" / f"{digest}.json"

    def _read(self, path: Path) -> dict[str, object]:
        try:
            data = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ValueError(error.strerror or str(error)) from error
        if not isinstance(data, dict):
            raise ValueError("not a map")
        return data

    def _write(self, path: Path, data: dict[str, object]) -> None:
        import tempfile

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    json.dump(data, stream, indent=1)
                os.replace(name, path)
            except OSError:
                os.unlink(name)
                raise
        except OSError as error:
            self.complaints.append(f"{path} cannot be written: {error.strerror or error}.")

    def _complain(self, path: Path, error: ValueError) -> None:
        aside = path.with_suffix(".unreadable.json")
        try:
            os.replace(path, aside)
        except OSError:
            aside = path
        self.complaints.append(
            f"A remembered file could not be read and starts afresh ({error}); "
            f"the old one is kept as {aside}."
        )


def _encode(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode("ascii")


def _decode(text: object) -> bytes:
    if text is None:
        return b""
    import base64

    if not isinstance(text, str):
        raise ValueError("bytes are stored as text")
    return base64.b64decode(text, validate=True)


def _decode_text(packed: object) -> str:
    import zlib

    try:
        return zlib.decompress(_decode(packed)).decode("utf-8", "surrogatepass")
    except zlib.error as error:
        raise ValueError("a remembered source is damaged") from error
