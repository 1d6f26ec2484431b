"""From the SPECs of a command line to occurrences in the source, before the program starts."""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.problems import SpecProblem
from pyprobe.analysis.source_file import read_source
from pyprobe.analysis.spec import ProbeSpec, file_problem, parse_spec, resolve_spec
from pyprobe.core.throttle import parse_throttle
from pyprobe.session.launch import Program
from pyprobe.session.locate import module_file, module_folders
from pyprobe.session.options import WantedProbe

_MAX_CANDIDATES = 2000


def resolve_specs(texts: Iterable[str], program: Program) -> tuple[WantedProbe, ...]:
    """Find what each SPEC names, in files relative to the working directory.

    A file that is not there is looked for beside the script and in the module's package.

    Raises:
        PyProbeError: a SPEC is malformed, or names no such file, line, symbol or throttle; the
            message names the nearest that exist.
    """
    specs = [parse_spec(text, check_throttle=parse_throttle) for text in texts]
    files = [find_file(spec, program) for spec in specs]
    sources = {file: _read(file) for file in dict.fromkeys(files)}
    lines: dict[str, set[int]] = {}
    for spec, file in zip(specs, files, strict=True):
        lines.setdefault(file, set()).add(spec.line)
    near = {file: _find(file, sources[file], lines[file]) for file in sources}
    return tuple(
        WantedProbe(_resolve(spec, file, sources[file], near[file]), file, spec.throttle or None)
        for spec, file in zip(specs, files, strict=True)
    )


def _read(file: str) -> str:
    source = read_source(file)
    if source.problem:
        raise SpecProblem(source.problem)
    return source.text


def _find(file: str, text: str, lines: set[int] | None = None) -> list[Occurrence]:
    return find_occurrences(text, filename=file, near_lines=lines)


def _resolve(spec: ProbeSpec, file: str, text: str, near: list[Occurrence]) -> Occurrence:
    try:
        return resolve_spec(spec, near, text)
    except SpecProblem:
        return resolve_spec(spec, _find(file, text), text)  # whose message names the nearest


def find_file(spec: ProbeSpec, program: Program) -> str:
    """Return the file that a SPEC names.

    Raises:
        SpecProblem: there is none; the message names the nearest that exist.
    """
    for folder in _folders(program):
        path = os.path.abspath(os.path.join(folder, spec.file))
        if os.path.isfile(path):
            return path
    named = _named_source(spec, program)
    if named is not None:
        return named
    raise file_problem(spec, islice(_candidates(program), _MAX_CANDIDATES))


def _folders(program: Program) -> Sequence[str]:
    folders = [program.cwd, program.script_dir]
    if program.module is not None:
        folders += module_folders(program)
    return list(dict.fromkeys(folders))


def _named_source(spec: ProbeSpec, program: Program) -> str | None:
    """The module's own file, named by its base name alone."""
    file = module_file(program)
    return file if file is not None and os.path.basename(file) == spec.file else None


def _candidates(program: Program) -> Iterator[str]:
    for folder in _folders(program):
        for parent, folders, files in os.walk(folder):
            folders[:] = [name for name in folders if not name.startswith((".", "__"))]
            for name in files:
                if name.endswith(".py"):
                    yield os.path.relpath(os.path.join(parent, name), program.cwd)
