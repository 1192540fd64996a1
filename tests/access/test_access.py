"""Access rules: every route × every role × {own, same organisation, other organisation, missing}.

The complete expectation is the table in table.toml. A route that is not in it fails.
"""

import tomllib
from pathlib import Path
from uuid import uuid4

import pytest
from sanic import Sanic

from models.vocabulary import Role
from server.people import GRANTS
from server.web.app import attach_counters
from tests.access.asking import FORBIDDEN, HIDDEN, ask, bare, meaning
from tests.access.city import WHICH, a_city
from tests.access.forms import FORMS, QUERIES
from tests.never_too_often import NeverTooOften

TABLE: dict[str, str] = tomllib.loads((Path(__file__).parent / "table.toml").read_text("utf-8"))
# Requests that create a thing under another's id, or remove one for good, come last.
ASKED_LAST = [
    "DELETE /api/v1/observations/<client_id:uuid>",
    "POST /console/site-visits/<visit_id:uuid>/lock",
    "POST /console/site-visits/<visit_id:uuid>/seal",
    "POST /console/site-visits/<visit_id:uuid>/result-publication",
    "POST /console/views/<view_id:uuid>/deletion",
    "PUT /api/v1/observations/<client_id:uuid>",
]
COLUMNS: list[Role | None] = [None, *Role]


def served() -> dict[str, object]:
    app = Sanic(f"access_{uuid4().hex}", configure_logging=False)
    attach_counters(app)
    Sanic.unregister_app(app)
    routes = {f"{method} /{route.path}": route for route in app.router.routes for method in route.methods}
    return dict(sorted(routes.items(), key=lambda one: (one[0] in ASKED_LAST, one[0])))


ROUTES = served()


@pytest.fixture
async def city(office):
    office.tools.redis.limiter = NeverTooOften()
    return await a_city(office)


def test_every_route_stands_in_the_table_and_nothing_else_does():
    assert sorted(TABLE) == sorted(ROUTES)


def test_the_table_agrees_with_the_duties():
    for name, route in ROUTES.items():
        permission = route.ctx.guard.permission
        for role, cell in zip(COLUMNS, TABLE[name].split(), strict=True):
            if permission is None:  # any signed-in person, or the command itself decides
                continue
            is_denied = role is not None and role not in GRANTS[permission]
            assert (set(cell) == {FORBIDDEN}) is is_denied, f"{name} as {role}: {cell}"


async def test_everybody_is_let_to_what_the_table_says_and_to_nothing_else(city):
    found, leaks = {}, []
    for name in ROUTES:
        cells = []
        for role in COLUMNS:
            answers = await asked(city, name, role=role)
            cells.append("".join(meaning(answer) for answer in answers))
            hidden = {str(bare(answer)) for answer in answers if meaning(answer) == HIDDEN}
            leaks += [f"{name} as {role}"] if len(hidden) > 1 else []
        found[name] = " ".join(cells)
    differing = [f'"{name}" = "{cells}"' for name, cells in found.items() if TABLE.get(name) != cells]
    assert differing == [], "found otherwise; if it is as it should be, put it into the table:\n" + "\n".join(
        differing
    )
    assert leaks == [], "what is foreign must answer the same bytes as what is missing"


async def asked(city, name, *, role):
    """Return the answers about each thing. A refusal before the thing matters is requested only once."""
    route, method = ROUTES[name], name.split()[0]
    who, things = city.people.get(role), city.things[role or Role.CITIZEN]
    which = WHICH if names_a_thing(name) else WHICH[:1]
    guard = route.ctx.guard
    is_stopped = (role is None and guard.channel) or (
        guard.permission and role not in GRANTS[guard.permission]
    )
    if is_stopped:
        return [await ask(city, route, method, who=who, thing=None)] * len(which)
    return [await ask(city, route, method, who=who, thing=things.get(one)) for one in which]


def names_a_thing(name: str) -> bool:
    """Whether the address, the form or the query of a route holds an id."""
    filled = FORMS.get(name, {}) | QUERIES.get(name, {})
    held = [name, *filled, *filled.values()]
    return "static" not in name and "<kind" not in name and any("<" in str(one) for one in held)
