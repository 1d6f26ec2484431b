"""Fixtures shared with the terminal's and the session's tests."""

from tests.cli.conftest import place
from tests.session.conftest import make_session

__all__ = ["make_session", "place"]
