"""Sizes in bytes as people say them."""


def size_text(nbytes: int) -> str:
    """Return a size in three digits at most: ``999 bytes``, ``1.5 KB``, ``35.4 MB``."""
    for divisor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if nbytes >= divisor * 0.9995:
            value = nbytes / divisor
            return f"{value:.0f} {unit}" if value >= 99.95 else f"{value:.3g} {unit}"
    return f"{nbytes} bytes"
