"""Which code objects of which file have run, without keeping any of them alive."""

import weakref
from collections import deque
from os.path import abspath, realpath
from types import CodeType


class _CodeReference(weakref.ref[CodeType]):
    """One object a code object, and no closure: the program's garbage collector counts them."""

    __slots__ = ("file", "key")
    key: int
    file: str


class CodeRegistry:
    """Every code object the program has run, by file. Keyed by ``id``; see events.monitoring."""

    def __init__(self) -> None:
        self._by_file: dict[str, dict[int, _CodeReference]] = {}
        self._files: dict[str, str] = {}
        self._known: set[int] = set()
        # A builtin, as the program may have no recursion level left when a code object goes.
        self._gone: list[_CodeReference] = []
        # What was met and is not taken yet; None where nobody takes it.
        self.newly_met: deque[weakref.ref[CodeType]] | None = None
        self._forgetter = self._gone.append

    def meet(self, code: CodeType) -> str | None:
        """Remember ``code``; return its file the first time, None when it was known."""
        if self._gone:
            self._forget_gone()
        key = id(code)
        if key in self._known:
            return None
        file = self.file_of(code)
        self._known.add(key)
        reference = _CodeReference(code, self._forgetter)
        reference.key, reference.file = key, file
        self._by_file.setdefault(file, {})[key] = reference
        if self.newly_met is not None:
            self.newly_met.append(reference)
        return file

    def knows(self, code: CodeType) -> bool:
        """Whether it was met, as far as can be told at once."""
        return not self._gone and id(code) in self._known

    def unmeet(self, code: CodeType) -> None:
        """Take a meeting back, so that the next one is the first."""
        self._known.discard(id(code))

    def _forget_gone(self) -> None:
        while self._gone:
            reference = self._gone.pop()
            met = self._by_file.get(reference.file, {})
            if met.get(reference.key) is reference:
                self._known.discard(reference.key)
                del met[reference.key]
                if not met:
                    del self._by_file[reference.file]

    def file_of(self, code: CodeType) -> str:
        """Return the real path of a code object's file, as anchors name it."""
        name = code.co_filename
        if name.startswith("<"):  # text that was executed; a program may make any number of these
            return name
        file = self._files.get(name)
        if file is None:
            file = self._files[name] = normalized(name)
        return file

    def real_path(self, file: str) -> str:
        """Return the one spelling of a path that both sides compare.

        At once where code of it has run: to look at each folder lets go of the GIL each time.
        """
        return file if file in self._by_file else normalized(file)

    def codes_of(self, file: str) -> list[CodeType]:
        """Return the code objects of a file that have run and still live."""
        references = list(self._by_file.get(file, {}).values())
        return [code for code in (reference() for reference in references) if code is not None]

    def all_codes(self) -> list[CodeType]:
        """Return all code objects that have run and still live."""
        return [code for file in list(self._by_file) for code in self.codes_of(file)]


def normalized(file: str) -> str:
    """Return the one spelling of a path that both sides compare."""
    return realpath(abspath(file))


# One for the process: the interpreter tells a code object's first run once, to the first engine.
PROCESS_REGISTRY = CodeRegistry()
