"""The API contract holds: the document describes what every phone gets, whatever it sends."""

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from models import Duty, LedgerItem, Observation, Person, Rendition, ReportMessage
from models.vocabulary import ObservationKind, Role
from server import observations, people
from server.ledger import NewItem
from server.people import GRANTS
from tests.conftest import a_picture, a_report, until
from tests.never_too_often import NeverTooOften

DOCUMENT = "/api/openapi.json"
EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "25")  # per operation and phase; 100 or more in a long run
ROOT = Path(__file__).parents[2]
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance"]
CHECKS += ["response_schema_conformance", "negative_data_rejection", "ignored_auth", "unsupported_method"]
# On a machine busy with other tests, a request may wait too long for the database: phones repeat it.
PLANNED = """
checks.not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 503]
checks.negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, 503]
"""  # 413: an address of a letter's page with ten thousand signs
# Forbidden operations are refused before their content matters: a few examples show as much as a thousand.
# Nor is a thousand repeated where the other of the two persons sends them.
BRIEFLY = """
[[operations]]
include-operation-id = {names}
phases.coverage.enabled = false
"""
# What ends a session is requested from another phone, otherwise it would sign the fuzzer out.
ENDS_SESSIONS = ["sign_out", "accept_invitation"]
ELSEWHERE = """
[[operations]]
include-operation-id = "{name}"
headers = {{ Authorization = "{authorization}" }}
"""


@pytest.fixture
async def document(office):
    return (await office.client().get(DOCUMENT)).json()


@pytest.fixture
async def busy_office(office):
    """An office where one person reports and another does everything, with something in every list."""
    office.tools.redis.limiter = NeverTooOften()
    office.laoma, office.chen = (
        await office.phone_of("老马"),
        await office.phone_of("小陈", Role.OFFICE_STAFF),
    )
    for role in (Role.TEAM_MEMBER, Role.COMMISSIONER):
        await people.give_duty(
            office.chen.person, role=role, by=None, now=office.watch.now(), organisation=office.root
        )
    for phone in (office.laoma, office.chen):
        for _ in range(3):
            await phone.submit(a_report(a_picture()), uuid4())
            await phone.upload(a_picture())
    await until(Rendition.all().count)
    actor = await office.actor(office.chen.person)
    for number, report in enumerate((await office.reports_of(office.laoma.person))[:2]):
        new = NewItem(title=f"北京路路口坑槽{number}", kind=ObservationKind.PROBLEM)
        now = office.watch.now()
        await observations.accept(report.id, version=report.version, new=new, by=actor, now=now)
    return office


def test_the_document_is_valid_openapi(document):
    OpenAPIV31SpecValidator(document).validate()


def test_every_api_route_is_in_the_document(app, document):
    served = {
        (method.lower(), re.sub(r"<(\w+):\w+>", r"{\1}", f"/{route.path}"))
        for route in app.router.routes
        if not route.path.startswith(
            ("console", "board", "metrics", "deep")
        )  # pages of browsers, and what monitoring asks
        for method in route.methods
    }
    assert served == {(method, path) for path, entry in document["paths"].items() for method in entry}


@pytest.mark.parametrize("who", ["laoma", "chen"])
async def test_whatever_a_phone_sends_is_answered_as_the_document_says(app, busy_office, who, tmp_path):
    phone, all_names = getattr(busy_office, who), {one.name for one in declared(app)}
    refused = await refused_at_the_door(app, phone.person)
    said = all_names - await refused_at_the_door(app, busy_office.laoma.person) if who == "chen" else set()
    briefly = BRIEFLY.format(names=json.dumps(sorted(refused | said)))
    others = {name: await busy_office.phone_of(f"另一部手机{name}") for name in ENDS_SESSIONS}
    elsewhere = [ELSEWHERE.format(name=name, authorization=said_by(other)) for name, other in others.items()]
    (tmp_path / "schemathesis.toml").write_text("".join([await things_that_exist(), briefly, *elsewhere]))
    await fuzz(busy_office.base_url, phone=phone, folder=tmp_path)
    for name, other in others.items():
        assert (await other.get("/me")).status_code == (401 if name == "sign_out" else 200)


def declared(app: Any) -> list[Any]:
    """Return all operations of the document."""
    return [route.ctx.operation for route in app.router.routes if hasattr(route.ctx, "operation")]


async def refused_at_the_door(app: Any, person: Person) -> set[str]:
    """Return the operations that no duty of this person allows."""
    roles = set(await Duty.filter(person=person).values_list("role", flat=True))
    return {
        one.name
        for one in declared(app)
        if one.guard.permission and not any(role in GRANTS[one.guard.permission] for role in roles)
    }


async def things_that_exist() -> str:
    """Return settings for the fuzzer: every second address has an id that exists."""
    found = {
        "item_id": await LedgerItem.all().values_list("id", flat=True),
        "client_id": await Observation.all().values_list("client_id", flat=True),
        "number": await Observation.all().values_list("receipt_number", flat=True),
        "message_id": await ReportMessage.all().values_list("id", flat=True),
        "rendition_id": await Rendition.all().values_list("id", flat=True),
        "code": await Rendition.all().values_list("verify_code", flat=True),
    }
    lines = [f"dictionaries.{name}.values = {json.dumps([*map(str, ids)])}" for name, ids in found.items()]
    lines += [f'parameters."path.{name}" = {{dictionary = "{name}", probability = 0.5}}' for name in found]
    return "\n".join([PLANNED, *lines])


def said_by(phone: Any) -> str:
    """Return how this phone identifies itself."""
    return str(phone.client.headers["authorization"])


async def fuzz(base_url: str, *, phone: Any, folder: Path) -> None:
    """Run schemathesis over the document; its report is the message of a failure."""
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{base_url}{DOCUMENT}"]
    command += ["--header", f"Authorization: {said_by(phone)}"]
    command += ["--checks", ",".join(CHECKS), "--mode", "all", "--seed", "7", "--max-examples", EXAMPLES]
    command += ["--no-color", "--request-timeout", "20", "--warnings", "off"]
    command += ["--phases", "coverage,fuzzing"]  # the document gives no examples and no links to follow
    hostile = os.environ | {"SCHEMATHESIS_HOOKS": "tests.contract.hostile", "PYTHONPATH": str(ROOT)}
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=folder, env=hostile, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
