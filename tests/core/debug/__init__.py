"""Tests of stopping and stepping, in this process, on whichever event source is chosen."""
