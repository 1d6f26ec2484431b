"""Where execution events come from: ``sys.monitoring`` (3.12+) or ``sys.settrace`` (3.11)."""
