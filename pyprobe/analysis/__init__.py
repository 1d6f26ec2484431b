"""What can be said of source text alone. Pure: standard library only, no target, no Qt."""
