"""The subcommands, one module each; ``pyprobe.cli`` chooses among them."""
