"""The contrast of two colours, as accessibility guidelines count it."""


def contrast_ratio(first: str, second: str) -> float:
    """Return the WCAG contrast, 1 to 21, of two ``#rrggbb`` colours."""
    low, high = sorted((_relative_luminance(first), _relative_luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _relative_luminance(color: str) -> float:
    """Return the WCAG relative luminance, 0 to 1, of ``#rrggbb``."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
