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
    """Undo what the launch added, and return the launch's message to the runner."""
    connect = os.environ.pop("PYPROBE_CONNECT", None)
    added = os.environ.get("PYTHONPATH", "")
    if added == folder or added.startswith(folder + os.pathsep):
        original = added[len(folder) + 1 :]
        # Set but empty is not the same as not set, to the program's own children.
        if original or '"pythonpath": ""' in (connect or ""):
            os.environ["PYTHONPATH"] = original
        else:
            del os.environ["PYTHONPATH"]
    sys.path[:] = [entry for entry in sys.path if entry != folder]
    sys.path_importer_cache.pop(folder, None)
    return connect


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


def _start_runner(package, connect):
    # type: (str, str) -> None
    try:
        _load_package(package)
        from pyprobe.core.runner import ScriptRunner

        ScriptRunner.from_environment({"PYPROBE_CONNECT": connect}).start()
    except Exception as error:  # noqa: BLE001 - whatever fails in here, the program must run
        sys.stderr.write("pyprobe: the runner cannot start, so nothing is captured: ")
        sys.stderr.write("{}: {}\n".format(type(error).__name__, error))  # noqa: UP032


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
    here = os.path.dirname(os.path.abspath(__file__))
    connect = _restore_environment(os.path.dirname(__file__))
    if connect is not None:
        _start_runner(os.path.dirname(os.path.dirname(here)), connect)
    _hand_over()


_enter()
