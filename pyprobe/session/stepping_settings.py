"""SteppingSettings: how a program stops and steps, and what its project's pyproject.toml says."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyprobe.core.debug.records import EVENT_FUNCTIONS
from pyprobe.session.launch import Program

_MOST_BYTES = 1 << 20  # larger files are not read


@dataclass(frozen=True, slots=True)
class SteppingSettings:
    """See ``ipc.messages.SetStepping``.

    ``my_folders``: where the program's own code lies. ``event_functions``: ``module:qualname`` of
    the functions of which a call is one simulator event. ``release_after_s``: how long a front end
    may be silent until a program that stands goes on by itself, 0 for any time.
    """

    all_threads: bool = True
    only_my_code: bool = True
    my_folders: tuple[str, ...] = ()
    release_after_s: float = 0.0
    event_functions: tuple[str, ...] = EVENT_FUNCTIONS


def settings_for(program: Program) -> tuple[SteppingSettings, str]:
    """Return the settings a program begins with, and what of its project's file is no good.

    The second is one sentence, ``""`` where nothing is wrong.
    """
    folder = _project_folder(program)
    functions, complaint = _event_functions(folder / "pyproject.toml")
    folders = dict.fromkeys((program.script_dir, str(folder)))
    known = dict.fromkeys((*EVENT_FUNCTIONS, *functions))
    return SteppingSettings(my_folders=tuple(folders), event_functions=tuple(known)), complaint


def _project_folder(program: Program) -> Path:
    """Return the nearest folder with a pyproject.toml, or the program's own."""
    own = Path(program.script_dir)
    for folder in (own, *own.parents):
        if (folder / "pyproject.toml").is_file():
            return folder
    return own


def _event_functions(file: Path) -> tuple[list[str], str]:
    if not file.is_file():
        return [], ""
    import tomllib  # only where there is such a file

    try:
        if os.path.getsize(file) > _MOST_BYTES:
            return [], f"{file} is too large to be read"
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # TOMLDecodeError and UnicodeDecodeError are such
        return [], f"{file} cannot be read: {error}"
    return _names_in(table, file)


def _names_in(table: object, file: Path) -> tuple[list[str], str]:
    for key in ("tool", "pyprobe", "event_functions"):
        if not isinstance(table, dict) or key not in table:
            return [], ""
        table = table[key]
    good: list[str] = []
    complaint = ""
    for name in table if isinstance(table, list) else [table]:
        if isinstance(name, str) and _is_name(name):
            good.append(name)
        else:
            complaint = (
                f"{file}: {name!r:.60} in event_functions is not of the form module:function"
            )
    return good, complaint


def _is_name(name: str) -> bool:
    module, _, path = name.partition(":")
    return all(all(map(str.isidentifier, part.split("."))) for part in (module, path))


def parts_of(settings: SteppingSettings) -> Iterator[tuple[str, object]]:
    """Yield the fields of the message that hands settings to a target."""
    yield "all_threads", settings.all_threads
    yield "only_my_code", settings.only_my_code
    yield "my_folders", list(settings.my_folders)
    yield "release_after_s", settings.release_after_s
    yield "event_functions", list(settings.event_functions)
