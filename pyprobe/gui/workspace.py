"""Workspace: a program, its sources and its probes as the window works with them. No Qt."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pyprobe.analysis.anchor_mover import Moved, move_occurrences
from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.problems import SyntaxProblem
from pyprobe.errors import PyProbeError
from pyprobe.gui.preferences import ProgramMemory
from pyprobe.gui.sources import Source, TextReader, load_text, source_of_text
from pyprobe.session.front_session import FrontSession
from pyprobe.session.probe import Probe


@dataclass(frozen=True, slots=True)
class Reload:
    """What a changed text did to the probes of its file."""

    source: Source
    moved: int = 0
    lost: tuple[str, ...] = ()


class Workspace:
    """Knows which file's text is shown, which occurrence has a probe, and what is remembered.

    Where ``make_reader`` is set, large texts are read beside the caller's thread: ``open`` then
    returns at once, and ``take_read`` is told later what has become of the file's probes.
    """

    def __init__(self, session: FrontSession, *, throttle: str = "auto") -> None:
        self.session = session
        self.default_throttle = throttle
        self._sources: dict[str, Source] = {}
        self._keys: dict[int, str] = {}
        # The text each probe's occurrence stands in; a lost probe keeps the last that had it.
        self._texts: dict[int, str] = {}
        self._outdated: set[str] = set()
        self.make_reader: Callable[[], TextReader] | None = None
        self.take_read: Callable[[Reload], None] = lambda _reload: None
        self._reader: TextReader | None = None
        self._waiting: set[int] = set()  # probes whose place in an edited text is being looked for
        self._when_placed: list[Callable[[], None]] = []

    # ---- sources -------------------------------------------------------------------------

    @property
    def sources(self) -> Mapping[str, Source]:
        """The files that are open, by absolute path."""
        return self._sources

    @property
    def outdated(self) -> frozenset[str]:
        """Files that have changed on disk since the text that is shown."""
        return frozenset(self._outdated)

    def open(self, path: str) -> Source:
        """Return a file's source, reading it the first time."""
        path = os.path.abspath(path)
        source = self._sources.get(path)
        if source is None:
            source = self._sources[path] = self._read(load_text(path))
        return source

    def _read(self, source: Source) -> Source:
        """Find what can be probed in a text, or have it found beside this thread."""
        if source.problem:
            return source
        reader = self._reader_of(source)
        if reader is None:
            return source_of_text(source.path, source.text)
        reader.read(source.path, source.text, self._take_source)
        return replace(source, is_being_read=True)

    def _reader_of(self, source: Source) -> TextReader | None:
        """Return who reads a text; None where it is read here and now."""
        if not source.is_large or self.make_reader is None:
            return None
        if self._reader is None:
            self._reader = self.make_reader()
        return self._reader

    def _take_source(self, read: Source) -> None:
        shown = self._sources.get(read.path)
        if shown is None or not shown.is_being_read or shown.text != read.text:
            return  # closed meanwhile, or edited once more
        self._sources[read.path] = read
        self.take_read(self._move_probes(read))
        self._tell_placed()

    def when_placed(self, then: Callable[[], None]) -> bool:
        """Call when every probe has its place, which is most often now; False when it is later."""
        if not self._is_waiting():
            then()
            return True
        self._when_placed.append(then)
        return False

    def _is_waiting(self) -> bool:
        self._waiting &= set(self.session.probes)
        return bool(self._waiting)

    def _tell_placed(self) -> None:
        if not self._is_waiting():
            told, self._when_placed = self._when_placed, []
            for then in told:
                then()

    def why_not(self, path: str, line: int, col: int, then: Callable[[str], None]) -> bool:
        """Tell why a click on a character does nothing; ``""`` where nobody would ask.

        False when it has to be found out first.
        """
        source = self.open(path)
        reader = self._reader_of(source)
        if reader is None or source.is_being_read or source.is_blank(line, col):
            then(source.why_not(line, col))
            return True
        reader.why(source.text, line, col, then)
        return False

    def problem_of(self, path: str, then: Callable[[str], None]) -> None:
        """Tell what is wrong with a file as it is on disk now; ``""`` for nothing."""
        source = load_text(path)
        reader = self._reader_of(source)
        if source.problem:
            then(source.problem)
        elif reader is None:
            then(source_of_text(path, source.text).problem)
        else:
            reader.read(path, source.text, lambda read: then(read.problem))

    def can_show(self, path: str) -> bool:
        """Whether there is a text of a file."""
        return os.path.isfile(path)

    def close(self, path: str) -> None:
        """Forget a file's text, unless a probe stands in it."""
        if not any(probe.anchor.file == path for probe in self.session.probes.values()):
            self._sources.pop(path, None)
            self._outdated.discard(path)

    def file_changed(self, path: str) -> Reload | None:
        """Take note of a change on disk: reload now, or return None while the program runs."""
        if path not in self._sources:
            return None
        if self.session.has_process:
            self._outdated.add(path)
            return None
        return self.reload(path)

    def reload_outdated(self) -> list[Reload]:
        """Read again what has changed on disk while the program ran."""
        outdated, self._outdated = self._outdated, set()
        return [self.reload(path) for path in sorted(outdated) if path in self._sources]

    def reload(self, path: str) -> Reload:
        """Read a file again; its probes move with the text, or become invalid and say why."""
        old, new = self._sources[path], load_text(path)
        self._outdated.discard(path)
        if new.problem and not new.text and old.text:
            # The file is gone or unreadable for now: its text stays, with the reason above it.
            new = replace(old, problem=new.problem, problem_line=0, is_kept=True)
            self._sources[path] = new
            return Reload(new)
        self._sources[path] = new = self._read(new)
        return self._move_probes(new)

    def _move_probes(self, new: Source) -> Reload:
        moved, lost = 0, list[str]()
        for text, probes in self._probes_by_text(new).items():
            reader = self._reader_of(new)
            if reader is None or new.problem or text == new.text:
                places = self._places(text, new, [probe.occurrence for probe in probes])
                part = self._place_probes(new, zip(probes, places, strict=True))
                moved += part.moved
                lost += part.lost
            elif new.is_being_read:
                for probe in probes:
                    self._wait_for(probe, new)
            else:
                occurrences = [probe.occurrence for probe in probes]
                reader.move(text, new.text, occurrences, partial(self._take_moves, new, probes))
        return Reload(new, moved, tuple(lost))

    def _probes_by_text(self, new: Source) -> dict[str, list[Probe]]:
        """Return a file's probes by the text that they stand in."""
        by_text: dict[str, list[Probe]] = {}
        for probe in self.session.probes.values():
            if probe.anchor.file == new.path:
                by_text.setdefault(self._texts.get(probe.id, new.text), []).append(probe)
        return by_text

    def _places(self, text: str, new: Source, occurrences: Sequence[Occurrence]) -> list[Moved]:
        if new.is_being_read:  # they stood in this text the last time
            return [Moved(one, one) for one in occurrences]
        return _place(text, new, occurrences)

    def _place_probes(self, new: Source, places: Iterable[tuple[Probe, Moved]]) -> Reload:
        moved, lost = 0, list[str]()
        for probe, place in places:
            self._waiting.discard(probe.id)
            if place.new is not None:
                moved += place.new.line != probe.occurrence.line
                self.session.move_probe(probe, place.new)
                self._texts[probe.id] = new.text
                if new.rates is not None:
                    self.session.set_sample_rate(probe, new.sample_rate_hz(place.new.line))
            else:
                self.session.lose_probe(probe, place.why)
                lost.append(f"{probe.anchor.identity_label()}: {place.why}")
        return Reload(new, moved, tuple(lost))

    def _wait_for(self, probe: Probe, new: Source) -> None:
        self._waiting.add(probe.id)
        self.session.lose_probe(probe, f"{os.path.basename(new.path)} is being read")

    def _take_moves(self, new: Source, probes: Sequence[Probe], places: Sequence[Moved]) -> None:
        shown = self._sources.get(new.path)
        if shown is None or shown.text != new.text:
            return  # edited once more: they are looked for in that text
        self._waiting.difference_update(probe.id for probe in probes)
        pairs = zip(probes, places, strict=True)
        self.take_read(
            self._place_probes(new, [pair for pair in pairs if pair[0].id in self.session.probes])
        )
        self._tell_placed()

    # ---- probes --------------------------------------------------------------------------

    def probe_at(self, path: str, occurrence: Occurrence) -> Probe | None:
        """Return the probe that stands on an occurrence."""
        place = (path, occurrence.line, occurrence.col, occurrence.symbol)
        for probe in self.session.probes.values():
            anchor = probe.anchor
            if (anchor.file, anchor.line, anchor.col, anchor.symbol) == place:
                return probe
        return None

    def toggle(self, path: str, occurrence: Occurrence) -> tuple[Probe, bool]:
        """Add a probe on an occurrence, or remove the one there; True if it was added."""
        probe = self.probe_at(path, occurrence)
        if probe is not None:
            self.session.remove_probe(probe)
            return probe, False
        return self.add_probe(path, occurrence, self.default_throttle), True

    def add_probe(
        self, path: str, occurrence: Occurrence, throttle: str, *, run_code: bool = False
    ) -> Probe:
        """Add a probe on an occurrence of a file's text as it is open here.

        Raises:
            PyProbeError: the throttle is none.
        """
        probe = self.session.add_probe(occurrence, path, throttle=throttle, run_code=run_code)
        source = self.open(path)
        self._texts[probe.id] = source.text
        self.session.set_sample_rate(probe, source.sample_rate_hz(occurrence.line))
        return probe

    def restore_probe(self, probe: Probe) -> bool:
        """Bring back a removed probe, moved with the text if that was edited since.

        False where its occurrence is probed already.
        """
        if not self.session.restore_probe(probe):
            return False
        source = self.open(probe.anchor.file)
        if self._texts.get(probe.id, source.text) != source.text:
            self._move_probes(source)
        return True

    def key_of(self, probe: Probe) -> str:
        """Return the lasting name of a probe, which also names its dock."""
        return self._keys.setdefault(probe.id, secrets.token_hex(4))

    def has_news(self, path: str) -> bool:
        """Whether the file differs from the text that is shown."""
        return path in self._outdated

    # ---- memory --------------------------------------------------------------------------

    def remember(self) -> ProgramMemory:
        """Return what is to be remembered of the probes and the texts they stand in."""
        memory = ProgramMemory()
        for probe in self.session.probes.values():
            text = self._texts.get(probe.id, "")
            name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            memory.sources[name] = text
            memory.probes.append(
                {
                    "file": probe.anchor.file,
                    "source": name,
                    "occurrence": probe.occurrence.to_dict(),
                    "throttle": probe.throttle,
                    "run_code": probe.run_code,
                    "color": probe.color_index,
                    "key": self.key_of(probe),
                }
            )
        return memory

    def recall(self, memory: ProgramMemory) -> list[str]:
        """Add the remembered probes, moved with their texts; return what went wrong."""
        problems: list[str] = []
        for data in memory.probes:
            try:
                problem = self._recall_probe(data, memory.sources)
            except (ValueError, PyProbeError) as error:
                problem = f"A remembered probe could not be read: {error}."
            if problem:
                problems.append(problem)
        return problems

    def _recall_probe(self, data: Mapping[str, object], texts: Mapping[str, str]) -> str:
        file, plain, throttle = data.get("file"), data.get("occurrence"), data.get("throttle")
        key, color = data.get("key"), data.get("color")
        if not (isinstance(file, str) and isinstance(plain, dict) and isinstance(throttle, str)):
            raise ValueError("it needs file, occurrence and throttle")
        occurrence = Occurrence.from_dict(plain)
        source = self.open(file)
        text = texts.get(str(data.get("source")), source.text)
        is_waiting = self._reader_of(source) is not None and text != source.text
        known = Moved(occurrence, occurrence)
        place = known if is_waiting else self._places(text, source, [occurrence])[0]
        run_code = data.get("run_code") is True
        probe = self.add_probe(file, place.new or occurrence, throttle, run_code=run_code)
        if isinstance(color, int) and not self._is_color_taken(color, probe):
            self.session.set_color(probe, color)
        if isinstance(key, str) and key.isalnum() and key not in self._keys.values():
            self._keys[probe.id] = key
        if is_waiting:
            self._texts[probe.id] = text
            self._wait_for(probe, source)
            if not source.is_being_read:
                self._move_probes(source)
        if place.new is None:
            self._texts[probe.id] = text
            self.session.lose_probe(probe, place.why)
            return f"{probe.anchor.identity_label()} cannot be probed: {place.why}"
        return ""

    def _is_color_taken(self, color: int, probe: Probe) -> bool:
        return any(
            other.color_index == color
            for other in self.session.probes.values()
            if other is not probe
        )


def _place(old_text: str, new: Source, occurrences: Sequence[Occurrence]) -> list[Moved]:
    """Return where occurrences of an old text stand in a source."""
    if new.problem:
        return [Moved(one, None, new.problem.rstrip(".")) for one in occurrences]
    if old_text == new.text:
        found = [new.index.for_anchor(one.line, one.col, one.symbol) for one in occurrences]
        why = "it is not in this text"
        return [
            Moved(one, same, "" if same is not None else why)
            for one, same in zip(occurrences, found, strict=True)
        ]
    try:
        return move_occurrences(old_text, new.text, occurrences)
    except SyntaxProblem as problem:
        return [Moved(one, None, str(problem)) for one in occurrences]
