"""Qualified names of scopes, as all versions of Python would give them."""

HIDDEN_SCOPES = ("<listcomp>", "<setcomp>", "<dictcomp>")


def canonical_qualname(qualname: str) -> str:
    """Return a ``co_qualname`` without the comprehensions that only 3.11 gives scopes of their own.

    ``f.<locals>.<listcomp>.<lambda>`` becomes ``f.<locals>.<lambda>``, as it is from 3.12 on.
    """
    parts = qualname.split(".")
    kept = [part for part in parts if part not in HIDDEN_SCOPES]
    if len(kept) < len(parts) and kept and kept[-1] == "<locals>":
        kept.pop()
    return ".".join(kept) or "<module>"
