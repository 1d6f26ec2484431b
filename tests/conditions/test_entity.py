"""Which frames a step is limited to: a function, a class, one instance, or both."""

import pytest

from pyprobe.conditions.entity import Entity, entity_problems, parse_entity

THIRD = 'self.name == "Server 3"'


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("", Entity()),
        (THIRD, Entity("", THIRD)),
        ("in Server", Entity("Server")),
        (" in  Server.serve ", Entity("Server.serve")),
        (f"in Server, {THIRD}", Entity("Server", THIRD)),
        (
            "in run.<locals>.<lambda>, x == 1, y == 2",
            Entity("run.<locals>.<lambda>", "x == 1, y == 2"),
        ),
        ("inside == 3", Entity("", "inside == 3")),
    ],
)
def test_what_is_meant(text: str, entity: Entity) -> None:
    assert parse_entity(text) == entity
    assert entity_problems(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("in 3", "Expected a function or class after 'in', got '3'"),
        ("in Server.", "Expected a function or class"),
        ("in Server serve", "Expected a function or class"),
        ("in Server,", "Expected a condition after the comma"),
        ("in Server, x >", "Expected a value or a name"),
        ("in", "Expected a function or class after 'in', got end of expression"),
        ("x >> 3", "Expected operator"),
    ],
)
def test_what_is_none(text: str, said: str) -> None:
    (problem,) = entity_problems(text)
    assert said in problem


@pytest.mark.parametrize(
    ("scope", "qualname", "has"),
    [
        ("", "anything", True),
        ("Server", "Server.serve", True),
        ("Server", "Server.serve.<locals>.inner", True),
        ("Server.serve", "Server.serve", True),
        ("Server.serve", "Server.stop", False),
        ("Server", "Servers.serve", False),
        ("Server", "<module>", False),
    ],
)
def test_a_scope_has_what_is_defined_inside_it(scope: str, qualname: str, has: bool) -> None:
    assert Entity(scope).has_scope(qualname) is has
