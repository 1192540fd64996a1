"""Imports go down: a list of floors, ground floor first; a module may use lower floors and its own package."""

import ast
from pathlib import Path

import pytest

FLOORS = [
    ["models.vocabulary"],
    ["models"],
    ["server.kernel"],
    ["server.settings", "server.packs"],
    ["server.gateways"],
    ["server.tools", "server.sheets"],
    ["server.journal"],
    ["server.reporters"],
    ["server.people"],
    ["server.notifications.subscriptions"],
    ["server.notices", "server.policies", "server.reasons", "server.templates"],
    ["server.reminders"],
    ["server.saved_views"],
    ["server.photos"],
    ["server.files"],
    ["server.tasks"],
    ["server.ledger"],
    ["server.letters"],
    ["server.observations"],
    ["server.moderation"],
    ["server.sealed"],
    ["server.cases"],
    ["server.scoring"],
    ["server.site_visits"],
    ["server.problems"],
    ["server.team"],
    ["server.obligations"],
    ["server.meetings", "server.topic_calls"],
    ["server.duty_sheets"],
    ["server.staffing"],
    ["server.notifications.inbox"],
    ["server.notifications.wechat_messages"],
    ["server.notifications.channels"],
    ["server.own_data", "server.calendar_feeds"],
    ["server.exports"],
    ["server.ledger_sheets"],
    ["server.web.door"],
    ["server.web.miniapp", "server.web.console", "server.jobs"],
    ["server.verifying"],
    ["server.web.app"],
    ["server.commands"],
    ["server.trial"],
    ["server.backups"],
]
APART = "server.fake_wechat"  # stands apart from the building and shares nothing with it
AT_HOME = {  # a library or a name of ours, and the only places that may know it exists
    "models.Identity": ["server.people"],
    "models.config.IDENTITY_ROLE": ["server.people"],
    "models.Reporter": ["server.reporters"],
    "models.Salt": ["server.reporters"],
    "models.config.REPORTER_ROLE": ["server.reporters"],
    "models.Escrow": ["server.sealed"],
    "models.config.ENVELOPE_ROLE": ["server.sealed"],
    "server.people.identities": [  # who may ask for an account by the person, or for the person by the account
        "server.people",
        "server.moderation",
        "server.sealed",
        "server.notifications.wechat_messages",
        "server.notifications.channels",
        "server.notifications.subscriptions",
        "server.commands",
        "server.trial",
    ],
    "PIL": ["server.gateways"],
    "aiosmtplib": ["server.gateways"],
    "asyncpg": [
        "models",
        "server.gateways",
        "server.kernel",
        "server.verifying",
        "server.commands",
        "server.trial",
        "server.backups",
    ],
    "docxtpl": ["server.gateways"],
    "cryptography": ["server.gateways", APART],
    "icalendar": ["server.gateways"],
    "limits": ["server.gateways"],
    "multipart": ["server.web.door"],
    "obstore": ["server.gateways", "server.verifying"],
    "pgqueuer": ["server.gateways"],
    "pi_heif": ["server.gateways"],
    "python_calamine": ["server.gateways"],
    "prometheus_client": ["server.web.door", "server.web.miniapp"],
    "redis": ["server.gateways"],
    "sanic": [
        "server.web.door",
        "server.web.miniapp",
        "server.web.console",
        "server.web.app",
        "server.commands",
        APART,
    ],
    "segno": ["server.gateways", APART],
    "typst": ["server.gateways"],
    "wechatpy": ["server.gateways", APART],
    "xlsxwriter": ["server.gateways"],
}
ROOMS = {room: height for height, floor in enumerate(FLOORS) for room in floor}
ROOT = Path(__file__).parent.parent
FILES = [path for top in ("models", "server") for path in sorted((ROOT / top).rglob("*.py"))]


def room_of(module: str) -> str | None:
    return max(
        (room for room in [*ROOMS, APART] if f"{module}.".startswith(f"{room}.")), key=len, default=None
    )


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(source: str) -> set[str]:
    """Return every imported name in full: a function-level import can't hide."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


def faults(module: str, source: str) -> list[str]:
    here = room_of(module)
    if here is None:
        return (
            [f"{module} has no floor"]
            if module not in ("server", "server.web", "server.notifications")
            else []
        )
    found = []
    for there in imports(source):
        room = room_of(there)
        if room and room != here and (APART in (room, here) or ROOMS[room] >= ROOMS[here]):
            found.append(f"{here} may not use {room}: it is not below it")
        homes = next((homes for name, homes in AT_HOME.items() if f"{there}.".startswith(f"{name}.")), None)
        if homes and here not in homes:
            found.append(f"{there} belongs to {homes}, not to {here}")
    return found


def test_imports_go_down():
    found = {str(path.relative_to(ROOT)): faults(module_of(path), path.read_text("utf-8")) for path in FILES}
    assert {path: of_file for path, of_file in found.items() if of_file} == {}


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("server.people.duties", "from server.ledger import register"),  # upward
        ("server.web.miniapp.ledger", "from server.web.console import attach"),  # sideways
        ("server.ledger.reading", "import redis"),  # a library away from home
        ("server.web.console.people", "from models import Identity, Person"),  # who somebody is
        ("server.web.console.people", "from server.people import identities"),
        ("server.web.console.review", "from models import Observation, Reporter"),  # who reported
        ("server.people.leaving", "from models import Salt"),
        ("server.web.console.sealing", "from models import Escrow"),  # an identity under lock
        ("server.helpers", "import re"),  # a package without a floor
        ("server.people.duties", "def later():\n    from server import jobs"),  # hidden in a function
    ],
)
def test_a_planted_violation_is_found(module, line):
    assert faults(module, line)
