"""The one exception family: whatever PyProbe itself raises on purpose derives from PyProbeError."""


class PyProbeError(Exception):
    """Something PyProbe was asked for cannot be done; the message is one plain sentence."""


class ProtocolError(PyProbeError):
    """A frame on the wire is malformed, of an unknown type or of another version."""


class ProbeError(PyProbeError):
    """A probe cannot be placed where it was asked for."""


class LaunchError(PyProbeError):
    """The target could not be started."""


class RecordingError(PyProbeError):
    """A recording cannot be written or read."""


class LensError(PyProbeError):
    """A lens is missing, cannot draw a value, or comes from a package that cannot be used."""


class MathError(PyProbeError):
    """A math trace's expression cannot be read, fails, or gives no numbers."""
