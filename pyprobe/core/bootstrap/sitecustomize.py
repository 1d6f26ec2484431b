"""The door into the target: the interpreter's own start imports this as ``sitecustomize``.

It puts the environment back as the user had it, starts the runner, hands over to the
environment's own ``sitecustomize`` and vanishes. Any Python can parse this file, so that one that
is too old can say so instead of failing with a syntax error.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any  # noqa: F401 - for the comments

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


def _package_folder():
    # type: () -> str
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def _own_modules(package):
    # type: (str) -> Any
    """Return the loader of PyProbe's modules, itself loaded by its path."""
    from _frozen_importlib_external import SourceFileLoader

    name = "pyprobe.core.bootstrap.own_modules"
    path = os.path.join(package, "core", "bootstrap", "own_modules.py")
    code = SourceFileLoader(name, path).get_code(name)
    assert code is not None
    namespace = {"__name__": name, "__file__": path}  # type: dict[str, Any]
    exec(code, namespace)
    return namespace["OwnModules"](package)


def _start_runner(text):
    # type: (str) -> None
    before = set(sys.modules)
    own = None
    try:
        own = _own_modules(_package_folder())
        connect = own.load("pyprobe.ipc.connect_text").read_connect(text)
        _restore_python_path(connect.get("pythonpath"))
        own.load("pyprobe.ipc.pure_msgpack").load_pure(connect["msgpack"])
        runner = own.load("pyprobe.core.runner")
        runner.ScriptRunner.from_environment({"PYPROBE_CONNECT": text}).start()
    except Exception as error:  # noqa: BLE001 - whatever fails in here, the program must run
        sys.stderr.write("pyprobe: the runner cannot start, so nothing is captured: ")
        sys.stderr.write("{}: {}\n".format(type(error).__name__, error))  # noqa: UP032
    _vanish(before, own)


def _vanish(before, own):
    # type: (set[str], Any) -> None
    """Take out of ``sys.modules`` what would stand in the program's way.

    That is our msgpack and those modules of the standard library we were first to load that the
    program has a file of the same name for. They live on in our own modules.
    """
    names = _names_in_front_of_library()
    hidden = {}
    for name in set(sys.modules) - before:
        top = name.partition(".")[0]
        if top == "pyprobe" or top in names:
            hidden[name] = sys.modules.pop(name)
    if own is not None:
        own.hidden.update(hidden)
    package = _package_folder()
    for path in [path for path in sys.path_importer_cache if path.startswith(package)]:
        del sys.path_importer_cache[path]


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
        _start_runner(text)
    _hand_over()


_enter()
