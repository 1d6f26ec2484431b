"""LensSuspects: packages of lenses whose code a window did not come back from."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LensSuspects:
    """Notes in a file whose code is about to run for the first time, and takes the note back.

    So a note that is found tells of a window that had to be killed: what computes in C without end
    cannot be stopped otherwise. A package is named with its version, as another one may be better.
    A file that cannot be read or written does no harm: then nobody is suspected.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._found = self._read()

    def is_suspect(self, package: str) -> bool:
        """Whether a window before this one did not come back from a package."""
        return package in self._found

    @contextmanager
    def running(self, package: str) -> Iterator[None]:
        """Suspect a package as long as its code runs."""
        if package in self._found:  # once is enough; the note stays
            yield
            return
        self._write({*self._found, package})
        try:
            yield
        finally:
            self._write(self._found)

    def _read(self) -> frozenset[str]:
        try:
            packages = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return frozenset()
        named = packages if isinstance(packages, list) else []
        return frozenset(one for one in named if isinstance(one, str))

    def _write(self, packages: "set[str] | frozenset[str]") -> None:
        try:
            if packages:
                partial = self.path.with_suffix(f".{os.getpid()}.part")
                self.path.parent.mkdir(parents=True, exist_ok=True)
                partial.write_text(json.dumps(sorted(packages)), encoding="utf-8")
                os.replace(partial, self.path)
            else:
                self.path.unlink(missing_ok=True)
        except OSError:
            return
