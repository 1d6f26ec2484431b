"""Stopping the program: breakpoints, stepping, and what is read of it while it stands."""
