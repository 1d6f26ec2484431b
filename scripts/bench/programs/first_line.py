"""Prints the clock at its first line."""

from time import perf_counter_ns

print("first_line_ns", perf_counter_ns())
