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
