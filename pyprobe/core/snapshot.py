"""What a snapshot takes of the frame that was hit: where it is, and its locals."""

from types import FrameType, ModuleType

MAX_LOCALS = 200
PLACE, LOCALS = "place", "locals"


def snapshot_record(frame: FrameType, variables: dict[str, object]) -> dict[str, object]:
    """Return what is packed: ``place`` as ``FILE:LINE FUNCTION``, and ``locals`` by name.

    Modules and names of the interpreter's own say nothing of a moment and are left out.
    """
    chosen = {
        name: value
        for name, value in variables.items()
        if not name.startswith("__") and type(value) is not ModuleType
    }
    names = list(chosen)[:MAX_LOCALS]
    code = frame.f_code
    return {
        PLACE: f"{code.co_filename}:{frame.f_lineno} {code.co_qualname}",
        LOCALS: {name: chosen[name] for name in names},
    }
