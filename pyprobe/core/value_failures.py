"""What is said of a value that could not be copied, and whose fault that was."""

from os.path import dirname
from types import TracebackType

from pyprobe.core.plain_types import class_name

_OWN_FOLDER = dirname(dirname(__file__))
_LIBRARIES = frozenset(
    (
        *("numpy", "pandas", "PIL", "torch", "xarray", "scipy"),
        *("datetime", "fractions", "pathlib"),
    )
)


def describe_failure(kind: type, error: Exception) -> str:
    """Return a sentence that says what happened to a value of class ``kind``."""
    arguments = error.args
    detail = ": " + arguments[0] if arguments and type(arguments[0]) is str else ""
    return f"this {class_name(kind)} could not be copied: {class_name(type(error))}{detail}"


def is_programs(error: BaseException) -> bool:
    """Tell whether code of the program raised: a signal handler that ran on top of ours."""
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if not code.co_filename.startswith((_OWN_FOLDER, "<frozen")):
            module = traceback.tb_frame.f_globals.get("__name__")
            if type(module) is not str or module.partition(".")[0] not in _LIBRARIES:
                return True
        traceback = traceback.tb_next
    return False
