"""Promises that no single feature can keep: what every route, every refusal and every event must have."""

import ast
import importlib
import pkgutil
import re
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path
from uuid import uuid4

import pytest
from sanic import Sanic

import server
from models.vocabulary import ContentDecision, SessionChannel
from models.vocabulary import ObservationState as S
from server.jobs.reactions import REACTIONS, WITHOUT_REACTION
from server.kernel.refusal import NoSuchThing, Refusal, every_refusal
from server.notifications.inbox.wording import TIMELINE
from server.photos.subjects import RENDERED_AFTER
from server.web.app import attach_counters

ROOT = Path(server.__file__).parent
SAFE = {"GET", "HEAD", "OPTIONS"}

# Everything that strangers may request. Each new line opens a door to the world.
PUBLIC = {
    "GET /live",
    "GET /ready",
    "GET /metrics",  # for this machine and with the token; for others it does not exist
    "GET /deep",  # likewise
    "GET /api/openapi.json",
    "POST /api/v1/sessions",
    "POST /api/v1/receipts",
    "GET /api/v1/receipts/<number:str>",
    "GET /api/v1/renditions/<rendition_id:uuid>",  # with a seal that is bound to one signed-in person
    "GET /api/v1/letters/<letter_id:uuid>/pages/<page_number:int>",  # with a seal bound to a signed-in person
    "GET /api/v1/letters/<letter_id:uuid>/pdf",  # likewise
    "GET /api/v1/checks/pictures/<check_id:uuid>",  # with a seal that is bound to one request to WeChat
    "GET /api/v1/anonymity-tiers",
    "PUT /api/v1/sealed/report",  # with a ticket and a capability; the next five with a capability
    "GET /api/v1/sealed/report",
    "DELETE /api/v1/sealed/report",
    "POST /api/v1/sealed/report/messages",
    "PUT /api/v1/sealed/report/recheck",
    "POST /api/v1/sealed/photos/<name:digest>",
    "POST /api/v1/sealed/restoration",  # with a code of 24 digits, five attempts a minute per address
    "GET /api/v1/calendar-feeds/<secret:str>",  # with the 256 random bits of one person's link
    "GET /wechat/callback",  # with WeChat's signature
    "POST /wechat/callback",  # with WeChat's signature and seal
    "GET /verify/<code:str>",
    "POST /verify/<code:str>",  # compares only pictures of that code, within `checking`
    "GET /board/<link:str>",  # with a link of 128 random bits, which the organiser opens and revokes
    "GET /board/<link:str>/events",
    "OPTIONS /api/v1/uploads",
    "GET /console/sign-in",
    "POST /console/sign-in",
    "GET /console/verify",
    "GET /console/static/<digest:str>/<path:path>",
}


@pytest.fixture(scope="module")
def routes():
    """Return every route that is really served: "GET /live" and the route itself."""
    app = Sanic(f"promises_{uuid4().hex}", configure_logging=False)
    attach_counters(app)
    yield {f"{method} /{route.path}": route for route in app.router.routes for method in route.methods}
    Sanic.unregister_app(app)


def test_every_route_has_a_guard(routes):
    assert [name for name, route in routes.items() if getattr(route.ctx, "guard", None) is None] == []


def test_strangers_are_let_to_the_short_list_and_to_nothing_else(routes):
    assert {name for name, route in routes.items() if route.ctx.guard.channel is None} == PUBLIC


def test_every_route_of_the_phone_is_in_the_wire_contract(routes):
    phone = {name for name, route in routes.items() if route.ctx.guard.channel is SessionChannel.PHONE}
    assert [name for name in phone if not hasattr(routes[name].ctx, "operation")] == []


def test_every_deed_at_the_desk_comes_from_our_own_form(routes):
    deeds = {name for name in routes if name.startswith(("POST /console", "PUT /console", "DELETE /console"))}
    assert [name for name in deeds if not routes[name].ctx.guard.csrf] == []


def test_looking_changes_nothing_so_only_forms_ask_for_a_form(routes):
    assert [name for name, route in routes.items() if route.ctx.guard.csrf and route.methods & SAFE] == []


@cache
def refusals() -> list[type[Refusal]]:
    """Return all refusals of the product: every module is imported, so that none can hide."""
    for module in pkgutil.walk_packages(server.__path__, "server."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return [one for one in every_refusal() if one.__module__.startswith("server.")]


def test_every_refusal_says_what_happened_and_what_to_do_next():
    for refusal in refusals():
        assert refusal.message_zh.endswith("。"), refusal
        assert refusal.hint_zh.endswith("。"), f"{refusal}: tell people what to do next"
        assert refusal.message_zh != Refusal.message_zh, f"{refusal}: say what happened here"
        assert 400 <= refusal.status < 600, refusal
        assert refusal.retry in ("never", "same", "later"), refusal


def test_no_two_refusals_share_a_code_or_a_sentence():
    found = refusals()
    assert NoSuchThing in found
    assert [code for code, times in Counter(one.code() for one in found).items() if times > 1] == []
    assert [words for words, times in Counter(one.message_zh for one in found).items() if times > 1] == []


# The possible values of composed event names: the source of the f-string, the folder its words come from
# (as `event="…"`), and words from elsewhere. A new f-string has to be entered here.
PUT_TOGETHER: dict[str, tuple[str, str, list[str]]] = {
    "f'observation.{event or state.value}'": (
        "observation.",
        "observations",
        [S.REGISTERED, S.MORE_ASKED, S.DECLINED],
    ),
    "f'content.{decision.value}'": ("content.", "", list(ContentDecision)),
    "f'ledger_item.{event}'": ("ledger_item.", "ledger", []),
    "f'ledger_item.recheck_{answer.value}'": ("ledger_item.recheck_", "", ["solved", "unsolved"]),
    "f'letter.{event}'": ("letter.", "", ["reworded", "submitted", "sent_back", "given_up"]),
    "f'ledger_item.letter_{event}'": (
        "ledger_item.letter_",
        "",
        ["issued", "acknowledged", "replied", "accepted", "reply_returned", "voided"],
    ),
    "f'cadence_rule.{event}'": ("cadence_rule.", "obligations", []),
    "f'problem.{event}'": ("problem.", "problems", []),
    "f'mission.{event}'": ("mission.", "team", []),
    "told": ("keyset.drill_", "", ["answered", "failed"]),
}


@cache
def calls(folder: Path) -> list[ast.Call]:
    nodes = chain.from_iterable(ast.walk(ast.parse(path.read_text("utf-8"))) for path in folder.rglob("*.py"))
    return [node for node in nodes if isinstance(node, ast.Call)]


def named_deeds(folder: Path) -> set[str]:
    """Return the words given as `event="…"` anywhere in a folder; full event names, as in queries, don't count."""
    values = [keyword.value for call in calls(folder) for keyword in call.keywords if keyword.arg == "event"]
    words = {value.value for value in values if isinstance(value, ast.Constant) and value.value}
    return {word for word in words if "." not in word}


def deeds_of_the_database() -> set[str]:
    """Return the events that migrations and the ledger's own functions enter."""
    paths = [*(ROOT.parent / "models/migrations").glob("0*.py"), ROOT / "commands/migrate.py"]
    texts = [path.read_text("utf-8") for path in paths]
    return set(re.findall(r"(?:ledger\.enter\(|SELECT )'(ledger\.\w+)'", "".join(texts)))


def recorded_deeds() -> set[str]:
    """Return every event that any line of the product records in the journal."""
    found = deeds_of_the_database()
    for call in calls(ROOT):
        if ast.unparse(call.func) != "journal.record":
            continue
        deed = call.args[0]
        if isinstance(deed, ast.Constant):
            found.add(deed.value)
            continue
        source = ast.unparse(deed)
        assert source in PUT_TOGETHER, f"enter in PUT_TOGETHER what {source} may become"
        prefix, folder, words = PUT_TOGETHER[source]
        found |= {prefix + word for word in [*words, *(named_deeds(ROOT / folder) if folder else [])]}
    return found


def test_of_every_deed_somebody_decided_who_cares():
    cared_for = REACTIONS.keys() | RENDERED_AFTER.keys()
    assert not cared_for & WITHOUT_REACTION
    assert recorded_deeds() - deeds_of_the_database() - (cared_for | WITHOUT_REACTION) == set()


def test_every_deed_can_be_told_on_a_timeline():
    assert recorded_deeds() - TIMELINE.keys() == set()


# Old journals contain these; citizens' own steps and reminders are not recorded any more.
FORMER = {
    *{"person.agreed", "person.asked_to_leave", "person.forgotten", "person.joined", "person.stayed"},
    *{"site_visit.day_before", "site_visit.stop_opened"},
}


def test_nothing_reacts_to_a_deed_that_nobody_does():
    reacting = REACTIONS.keys() | RENDERED_AFTER.keys() | WITHOUT_REACTION
    assert (reacting | TIMELINE.keys() - FORMER) - recorded_deeds() == set()
    assert TIMELINE.keys() >= FORMER
