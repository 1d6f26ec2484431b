"""PyProbe: an oscilloscope for running Python programs."""

__version__ = "0.1.0"
