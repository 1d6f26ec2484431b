"""The door into the target: the interpreter's own start imports this as ``sitecustomize``.

It puts the environment back as the user had it, starts the runner, hands over to the
environment's own ``sitecustomize`` and vanishes. Any Python can parse this file, so that one that
is too old can say so instead of failing with a syntax error.
"""

import os
import sys

_TOO_OLD_EXIT_CODE = 3


def _refuse_old_python():
    # type: () -> None
    if sys.version_info < (3, 11):  # noqa: UP036 - other interpreters do get here
        sys.stderr.write(
            "pyprobe: %s is Python %d.%d; PyProbe needs 3.11 or newer, choose one with --python\n"  # noqa: UP031
            % (sys.executable, sys.version_info[0], sys.version_info[1])
        )
        sys.stderr.flush()
        os._exit(_TOO_OLD_EXIT_CODE)


def _restore_environment(folder):
    # type: (str) -> str | None
    """Undo what the launch added, and return its message to the runner."""
    sys.path[:] = [entry for entry in sys.path if entry != folder]
    sys.path_importer_cache.pop(folder, None)
    return os.environ.pop("PYPROBE_CONNECT", None)


def _restore_python_path(original):
    # type: (str | None) -> None
    if original is None:
        os.environ.pop("PYTHONPATH", None)
    else:
        os.environ["PYTHONPATH"] = original


def _load_package(package):
    # type: (str) -> None
    """Load PyProbe by its path, so that its folder need not stand on ``sys.path``."""
    import _frozen_importlib
    import _frozen_importlib_external

    spec = _frozen_importlib_external.spec_from_file_location(
        "pyprobe",
        os.path.join(package, "__init__.py"),
        submodule_search_locations=[package],
    )
    assert spec is not None
    assert spec.loader is not None
    module = _frozen_importlib.module_from_spec(spec)
    sys.modules["pyprobe"] = module
    spec.loader.exec_module(module)


def _start_runner(text):
    # type: (str) -> None
    try:
        import json

        connect = json.loads(text)
        _restore_python_path(connect["pythonpath"])
        _load_package(connect["package"])
        from pyprobe.ipc.pure_msgpack import load_pure

        load_pure(connect["msgpack"])
        from pyprobe.core.runner import ScriptRunner

        ScriptRunner.from_environment({"PYPROBE_CONNECT": text}).start()
    except Exception as error:  # noqa: BLE001 - whatever fails in here, the program must run
        sys.stderr.write("pyprobe: the runner cannot start, so nothing is captured: ")
        sys.stderr.write("{}: {}\n".format(type(error).__name__, error))  # noqa: UP032


def _vanish(before):
    # type: (set[str]) -> None
    """Take out of ``sys.modules`` what would stand in the program's way.

    That is all of ours, as the program may have a pyprobe of its own, and those modules of the
    standard library we were first to load that the program has a file of the same name for.
    They live on in the runner, which imports nothing of ours after its start.
    """
    runner = sys.modules.get("pyprobe.core.runner")
    own = _names_in_front_of_library()
    hidden = {}  # type: dict[str, object]
    for name in set(sys.modules) - before:
        top = name.partition(".")[0]
        if top == "pyprobe" or top in own:
            hidden[name] = sys.modules.pop(name)
    if runner is not None:
        package = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
        for path in [path for path in sys.path_importer_cache if path.startswith(package)]:
            del sys.path_importer_cache[path]
        runner.__dict__["_hidden_modules"] = hidden


def _names_in_front_of_library():
    # type: () -> set[str]
    """Return the names that the program's own folders have before the standard library's."""
    folders = [_script_folder()]
    library = os.path.dirname(os.__file__)
    for folder in sys.path:
        if folder == library:
            break
        folders.append(folder)
    names = set()
    for folder in folders:
        try:
            entries = os.listdir(folder)
        except OSError:
            continue
        for entry in entries:
            name, _, ending = entry.partition(".")
            if ending or os.path.exists(os.path.join(folder, entry, "__init__.py")):
                names.add(name)
    return names


def _script_folder():
    # type: () -> str
    """Return what the interpreter is going to put in front of ``sys.path``."""
    script = sys.argv[0] if sys.argv else ""
    if script in ("", "-m", "-c"):
        return os.getcwd()
    script = os.path.realpath(script)
    return script if os.path.isdir(script) else os.path.dirname(script)


def _hand_over():
    # type: () -> None
    """Run the environment's own ``sitecustomize``, or make the import fail as without ours."""
    import _frozen_importlib

    sys.modules.pop("sitecustomize", None)
    for finder in sys.meta_path:
        spec = finder.find_spec("sitecustomize", None, None)
        if spec is not None and spec.loader is not None:
            module = _frozen_importlib.module_from_spec(spec)
            sys.modules["sitecustomize"] = module
            spec.loader.exec_module(module)
            return
    # The import system removes a module whose own import fails, and site passes this one over.
    raise ImportError("No module named 'sitecustomize'", name="sitecustomize")


def _enter():
    # type: () -> None
    _refuse_old_python()
    text = _restore_environment(os.path.dirname(__file__))
    if text is not None:
        before = set(sys.modules)
        _start_runner(text)
        _vanish(before)
    _hand_over()


_enter()
