"""The program's files as they were when a recording was made, and what has become of them."""

import hashlib
import os
from dataclasses import dataclass

from pyprobe.analysis.source_file import SourceText, decode_source, read_source
from pyprobe.session.recording_info import RecordingInfo


@dataclass(frozen=True)
class ChangedFile:
    """A file that is not what it was. ``sentence`` says what is shown instead."""

    file: str
    is_gone: bool
    has_text: bool

    @property
    def sentence(self) -> str:
        """One sentence for the person at the front end."""
        name = os.path.basename(self.file)
        happened = "is no longer there" if self.is_gone else "has changed since it was recorded"
        if self.has_text:
            return f"{name} {happened}; shown is its text of then."
        if self.is_gone:
            return f"{name} {happened}, and the recording holds no text of it."
        return f"{name} {happened}, and the recording holds no text of then; shown is that of now."


class RecordedSources:
    """The files of a recording."""

    def __init__(self, info: RecordingInfo) -> None:
        self._hashes = info.sources
        self._texts = {
            file: data
            for file, data in info.texts.items()
            # The hash stands in another record: a text that does not fit it is not the file's.
            if info.sources.get(file, _hash(data)) == _hash(data)
        }

    @property
    def files(self) -> list[str]:
        """Absolute paths of the files with probes, and of the script; sorted."""
        return sorted({*self._hashes, *self._texts})

    def text(self, file: str) -> SourceText:
        """Return a file's text as it was, else as it is now; ``problem`` says what is amiss."""
        data = self._texts.get(file)
        if data is not None:
            return decode_source(data, os.path.basename(file))
        return read_source(file)

    def has_text(self, file: str) -> bool:
        """Whether the text as it was is known."""
        return file in self._texts or self._hashes.get(file, "") == _hash_of_file(file) != ""

    def changed_files(self) -> list[ChangedFile]:
        """Return the files that are gone or hold something else now. Reads them all."""
        changed = []
        for file in self.files:
            before = _hash(self._texts[file]) if file in self._texts else self._hashes[file]
            now = _hash_of_file(file)
            if before and now != before:
                changed.append(ChangedFile(file, not now, file in self._texts))
        return changed


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hash_of_file(file: str) -> str:
    """Return the hash of what the file holds now; ``""`` if it cannot be read."""
    try:
        with open(file, "rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
