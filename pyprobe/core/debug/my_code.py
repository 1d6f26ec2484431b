"""MyCode: tells the program's own code from that of libraries, by where its file lies."""

import os
from os.path import dirname, join
from types import CodeType

from pyprobe.core.code_registry import PROCESS_REGISTRY, normalized
from pyprobe.core.door import Door

_PACKAGE_FOLDERS = ("site-packages", "dist-packages")


class MyCode:
    """Just my code: files under one of ``folders``, without the packages installed there.

    Without folders: every file that belongs neither to the standard library nor to an installed
    package. Code without a file (``<string>``) cannot be shown, so it is a library's. With
    ``only_mine`` off all code that has a file is mine, but never PyProbe's.
    """

    def __init__(self) -> None:
        self.only_mine = True
        self._folders: tuple[str, ...] = ()
        self._library = _with_end(dirname(normalized(os.__file__)))
        self._answers: dict[str, bool] = {}

    def set_folders(self, folders: list[str]) -> None:
        """Say where the program's own files lie."""
        self._folders = tuple(_with_end(normalized(folder)) for folder in folders)
        self._answers = {}

    def is_mine(self, code: CodeType) -> bool:
        """Whether steps stop in ``code``."""
        name = code.co_filename
        if not self.only_mine:
            return not name.startswith("<") and not Door.is_own(code)
        answer = self._answers.get(name)
        if answer is None:
            answer = self._answers[name] = self._lies_in_mine(code) and not Door.is_own(code)
        return answer

    def _lies_in_mine(self, code: CodeType) -> bool:
        if code.co_filename.startswith("<"):
            return False
        file = PROCESS_REGISTRY.file_of(code)
        if file.startswith(self._library):
            return False
        folders = [folder for folder in self._folders if file.startswith(folder)]
        if self._folders and not folders:
            return False
        inner = file[max(map(len, folders), default=0) :].split(os.sep)
        return not any(folder in inner for folder in _PACKAGE_FOLDERS)


def _with_end(folder: str) -> str:
    return join(folder, "")
