"""Measures how many keyed commands a server runs per second: `scripts/bench deeds [rounds]`.

Sixteen writers each report progress on an item over HTTP, on a separate server; each command is one transaction
with its key and its journal entry. Rounds alternate between the server as it is and one that makes each answer
before it commits, as before decision 0027. Server, database and writers share the cores.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from itertools import count

from tortoise import Tortoise

from models.config import tortoise_config
from models.vocabulary import ObservationKind, OrganisationKind, Role, SessionChannel
from server import ledger, people, reporters
from server.kernel.clock import SystemClock, business_date
from server.ledger import NewItem
from server.people.sessions import open_session
from server.settings import read_settings
from server.tools import key_ring, mark_keys
from tests.acting import act
from tests.bench.ledger import print_line
from tests.rig.servers import Estate
from tests.rig.wire import ask

WRITERS, PEOPLE, SECONDS = 16, 96, 6  # nobody may send more than 240 commands a minute
MODES = {"answered after the commit": (), "answered before it": ("answered_inside",)}


async def compare(rounds: int) -> None:
    """Return commands per second of either server, rounds alternating, and their ratio."""
    estates = [Estate(servers=1, worker=False, change=change) for change in MODES.values()]
    told: dict[str, list[float]] = {mode: [] for mode in MODES}
    async with estates[0], estates[1]:
        worlds = [json.loads(await estate.run("tests.bench.deeds", "found")) for estate in estates]
        for _ in range(rounds):
            for mode, estate, world in zip(MODES, estates, worlds, strict=True):
                told[mode].append(await _round(estate.port(0), world))
    for mode, of_mode in told.items():
        each = " ".join(f"{one:.0f}" for one in of_mode)
        print_line(f"{mode}: {statistics.median(of_mode):.1f} commands/s ({each})")
    after, before = (statistics.median(told[mode]) for mode in MODES)
    print_line(f"after / before: {after / before:.2f}")


async def _round(port: int, world: dict[str, list[str]]) -> float:
    turns, began = count(), time.monotonic()
    ended = began + SECONDS

    async def write(number: int) -> int:
        item, done = world["items"][number], 0
        path = f"/api/v1/ledger-items/{item}"
        token = world["tokens"][number]
        version = (await ask(port, "GET", path, token=token)).json()["version"]
        while time.monotonic() < ended:
            token = world["tokens"][next(turns) % PEOPLE]
            body = json.dumps({"version": version, "percent": 50, "text": "正在办理"}).encode()
            told = await ask(
                port, "POST", f"{path}/progress-reports", token=token, body=body, key=os.urandom(8).hex()
            )
            if told.status != 201:
                raise RuntimeError(told.body.decode())
            version, done = told.json()["item"]["version"], done + 1
        return done

    counts = await asyncio.gather(*(write(number) for number in range(WRITERS)))
    return sum(counts) / (time.monotonic() - began)


async def found() -> None:
    """Create a unit with people signed in on phones, and an item for each writer; print both."""
    settings, now = read_settings(), SystemClock().now()
    keys = key_ring(settings)
    reporters.unlock(mark_keys(settings), ring=keys)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    office = await people.add_organisation(
        "市委改革办", code="office", kind=OrganisationKind.REFORM_OFFICE, by=None, series="改"
    )
    unit = await people.add_organisation(
        "市住建局", code="housing", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office
    )

    async def enrol(name: str, role: Role) -> people.Actor:
        where = unit if role is Role.DEPARTMENT_CONTACT else office
        person = await people.add_person(name, role=role, by=None, now=now, keys=keys, organisation=where)
        return await people.actor_as(person, on=business_date(now))

    lead = await enrol("罗主任", Role.OFFICE_LEAD)
    contacts = [await enrol(f"联络员{number}", Role.DEPARTMENT_CONTACT) for number in range(PEOPLE)]
    items = []
    for number in range(WRITERS):
        new = NewItem(f"路口坑槽{number}", ObservationKind.HELP_REQUEST)
        item = await ledger.register(new, office=office, at=None, by=lead.person, now=now)
        item = await act(ledger.dispatch, item.id, version=1, unit_id=unit.id, days=5, by=lead)
        item = await act(ledger.acknowledge, item.id, version=item.version, by=contacts[0])
        items.append(str(item.id))
    tokens = [await open_session(one.person, channel=SessionChannel.PHONE, now=now) for one in contacts]
    sys.stdout.write(json.dumps({"items": items, "tokens": tokens}))
    await Tortoise.close_connections()


if __name__ == "__main__":
    if sys.argv[1:] == ["found"]:
        asyncio.run(found())
    else:
        asyncio.run(compare(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
