"""An action is declared once: adding one touches five files, and the API, the console, guards and phones follow."""

import json
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

ROOT = Path(__file__).parents[3]

# What an engineer writes to let a unit leave a note on an item: per file, the text and the place to insert it.
VERB = '''"""Noting: the unit leaves a word on an item."""

from datetime import datetime
from uuid import UUID

from server.kernel.unit_of_work import unit_of_work
from server.ledger.commands import Note, Result
from server.ledger.stepping import lock, save_change
from server.people import Actor, Permission


@unit_of_work
async def note(item_id: UUID, command: Note, *, by: Actor, now: datetime) -> Result:
    """Leave a word on an item."""
    item = await lock(item_id, version=command.version, by=by, permission=Permission.HANDLE_ITEMS)
    return Result(await save_change(item, event="noted", by=by, words=command.words))
'''
COMMAND = '''class Note(Deed, frozen=True, kw_only=True):
    """What is worth knowing."""

    words: Words


'''
ROW = """    Action(
        code="note",
        noun="notes",
        operation="note_item",
        label="备注",
        done="已备注。",
        told={"noted": "备注：{words}"},
        permission=HANDLE,
        command=ask.Note,
        verb=note,
        open_when=rule.may_report,
    ),
"""
FORM = (
    '  {% if "note" in open %}{% call form("notes", "备注") %}'
    '{{ words("notes", "words", "备注") }}{{ button("备注") }}{% endcall %}{% endif %}\n'
)
TOUCHED = {
    "server/ledger/noting.py": [("", VERB)],
    "server/ledger/commands.py": [("class GivingBack(", COMMAND)],
    "server/ledger/actions.py": [
        ("from server.ledger.permitting", "from server.ledger.noting import note\n"),
        ('    Action(\n        code="ask_extension"', ROW),
    ],
    "server/jobs/reactions.py": [('    "ledger_item.registered",\n', '    "ledger_item.noted",\n')],
    "server/web/console/templates/ledger/deeds.html": [('  {% if "void" in open %}', FORM)],
}

ASK = """
import json
from sanic import Sanic
from server.commands.reference_pages import phone_actions
from server.jobs.reactions import WITHOUT_REACTION
from server.notifications.inbox.wording import timeline_words
from server.web.app import attach_counters
from server.web.door.openapi import describe, operations_of

app = Sanic("copy", configure_logging=False)
attach_counters(app)
app.router.finalize()
routes = {f"/{one.path}": one.ctx.guard for one in app.router.routes if one.path.endswith("/notes")}
wire = describe(operations_of(app), title="t", version="v")
posted = wire["paths"]["/api/v1/ledger-items/{item_id}/notes"]["post"]
print(json.dumps({
    "guards": {path: guard.permission.value for path, guard in routes.items()},
    "csrf": routes["/console/ledger/<item_id:uuid>/notes"].csrf,
    "operation": posted["operationId"],
    "needs": wire["components"]["schemas"]["Note"]["required"],
    "phone": "note: { noun: 'notes', label: '备注', done: '已备注。' }" in phone_actions(),
    "cared": "ledger_item.noted" in WITHOUT_REACTION,
    "told": timeline_words("ledger_item.noted", {"words": "等雨停"}),
}))
"""


@pytest.fixture
def copy(tmp_path):
    """A copy of the project to change."""
    for name in ("server", "models"):
        copytree(ROOT / name, tmp_path / name, ignore=ignore_patterns("__pycache__"))
    return tmp_path


def write_in(copy):
    for name, additions in TOUCHED.items():
        file = copy / name
        text = file.read_text("utf-8") if file.exists() else ""
        for before, added in additions:
            assert text.count(before) == 1 or not text, (name, before)
            text = text.replace(before, added + before) if before else added
        file.write_text(text, "utf-8")


def test_adding_an_action_touches_five_files_and_everything_else_follows(copy):
    write_in(copy)
    done = subprocess.run([sys.executable, "-c", ASK], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(TOUCHED) <= 5
    assert json.loads(done.stdout) == {
        "guards": {
            "/api/v1/ledger-items/<item_id:uuid>/notes": "handle_items",
            "/console/ledger/<item_id:uuid>/notes": "handle_items",
        },
        "csrf": True,
        "operation": "note_item",
        "needs": ["version", "words"],
        "phone": True,
        "cared": True,
        "told": "备注：等雨停",
    }
