"""Tests of the points at which other tools of this kind fail, and of every kind of bad input."""
