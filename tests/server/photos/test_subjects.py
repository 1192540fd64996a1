"""Packages register what photos need to know about them, in every process that receives or renders photos."""

import subprocess
import sys

import pytest

SUBJECTS = {
    *("observation", "recheck", "close_out_request", "progress_report", "checklist_answer"),
    "letter_reply",
}
REGISTERED = """
import {module}
from server.photos import subjects
print(*sorted(subjects._{registry}))
"""


def registered(registry: str, *, module: str) -> set[str]:
    program = REGISTERED.format(module=module, registry=registry)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["server.web.app", "server.commands.worker"])
@pytest.mark.parametrize("registry", ["describes", "senders"])
def test_every_process_knows_what_photos_prove_and_who_sends_them(module, registry):
    assert registered(registry, module=module) == SUBJECTS


def test_the_server_completes_reports_and_finds_them_by_their_phones_id():
    assert registered("completes", module="server.web.app") == {"observation"}
    assert registered("finds", module="server.web.app") == {"observation"}


def test_the_worker_makes_the_pictures_of_cases_too():
    assert registered("copies", module="server.commands.worker") == {"case"}
