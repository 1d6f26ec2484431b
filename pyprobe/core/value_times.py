"""Text of standard-library values with a plain form: dates, decimals, fractions, paths, files."""

import sys
from types import ModuleType
from typing import Any

from pyprobe.core.plain_types import class_name, has_base, namespace_of

_DATE_FIELDS = ("year", "month", "day")
_TIME_FIELDS = ("hour", "minute", "second", "microsecond")
_PATHS = ("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath")


def _module(name: str) -> Any:
    """Return a loaded module's dict, or an empty one."""
    module = sys.modules.get(name)
    return vars(module) if type(module) is ModuleType else {}


def describe_stdlib(value: Any, kind: type) -> str | None:
    """Return the text of a value of one of these types, or None."""
    return _time(value, kind) or _number(value, kind) or _path(value, kind) or _file(value, kind)


def _time(value: Any, kind: type) -> str | None:
    datetime = _module("datetime")
    if "timedelta" not in datetime:
        return None
    if has_base(kind, datetime["timedelta"]):
        fields = _fields(value, datetime["timedelta"], ("days", "seconds", "microseconds"))
        return str(datetime["timedelta"](*fields))
    if has_base(kind, datetime["datetime"]):
        base = datetime["datetime"]
        fields = _fields(value, datetime["date"], _DATE_FIELDS) + _fields(value, base, _TIME_FIELDS)
        return _with_zone(value, base, fields)
    if has_base(kind, datetime["date"]):
        return str(datetime["date"](*_fields(value, datetime["date"], _DATE_FIELDS)).isoformat())
    if has_base(kind, datetime["time"]):
        base = datetime["time"]
        return _with_zone(value, base, _fields(value, base, _TIME_FIELDS))
    return None


def _fields(value: object, base: type, names: tuple[str, ...]) -> list[int]:
    return [namespace_of(base)[name].__get__(value) for name in names]


def _with_zone(value: object, base: Any, fields: list[int]) -> str:
    """Return the ISO text; of a time zone of the program's own making only its class's name."""
    zone = namespace_of(base)["tzinfo"].__get__(value)
    timezone, zone_info = _module("datetime")["timezone"], _module("zoneinfo").get("ZoneInfo")
    if zone is None or type(zone) is timezone or (zone_info and type(zone) is zone_info):
        return str(base(*fields, tzinfo=zone).isoformat())
    return f"{base(*fields).isoformat()} {class_name(type(zone))}"


def _number(value: Any, kind: type) -> str | None:
    decimal = _module("decimal").get("Decimal")
    if decimal is not None and has_base(kind, decimal):
        return str(decimal.__str__(value))
    if kind is _module("fractions").get("Fraction"):
        return str(value)
    return None


def _path(value: Any, kind: type) -> str | None:
    pathlib = _module("pathlib")
    if pathlib and any(kind is pathlib.get(name) for name in _PATHS):
        return f"{class_name(kind)}({str(value)!r})"
    uuid = _module("uuid").get("UUID")
    return str(value) if uuid is not None and kind is uuid else None


def _file(value: Any, kind: type) -> str | None:
    """Return a file's class and name, if all its layers are Python's own."""
    io = _module("_io")
    if kind is io.get("TextIOWrapper"):
        value = value.buffer
    if any(type(value) is io.get(name) for name in ("BufferedReader", "BufferedWriter")):
        value = value.raw
    if type(value) is not io.get("FileIO"):
        return None
    name = value.__dict__.get("name")
    is_plain = type(name) is str or type(name) is int
    return f"<{class_name(kind)} {name!r}>" if is_plain else f"<{class_name(kind)}>"
