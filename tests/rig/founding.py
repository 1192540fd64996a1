"""Founds an office with many members through the commands: `python -m tests.rig.founding N` prints who they are."""

import asyncio
import json
import sys

from tortoise import Tortoise

from models import Organisation
from models.config import tortoise_config
from models.vocabulary import OrganisationKind, Role, SessionChannel
from server import people, reporters
from server.gateways.sealing import KeyRing
from server.kernel.clock import SystemClock
from server.people.sessions import open_session
from server.settings import read_settings
from server.tools import key_ring, mark_keys

AT_ONCE = 5


async def main(members: int) -> None:
    """Print [{person_id, token}] of team members with open sessions, followed by a reviewer of the office."""
    settings = read_settings()
    keys = key_ring(settings)
    reporters.unlock(mark_keys(settings), ring=keys)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    office = await people.add_organisation(
        "市委改革办", code="office", kind=OrganisationKind.REFORM_OFFICE, by=None, series="改"
    )
    turns = asyncio.Semaphore(AT_ONCE)

    async def enrol(name: str, role: Role) -> dict[str, str]:
        async with turns:
            return await _enrol(name, role=role, office=office, keys=keys)

    names = [(f"队员{number}", Role.TEAM_MEMBER) for number in range(members)]
    found = await asyncio.gather(*(enrol(*one) for one in [*names, ("小陈", Role.OFFICE_STAFF)]))
    sys.stdout.write(json.dumps(found))
    await Tortoise.close_connections()


async def _enrol(name: str, *, role: Role, office: Organisation, keys: KeyRing) -> dict[str, str]:
    now = SystemClock().now()
    person = await people.add_person(name, role=role, by=None, now=now, keys=keys, organisation=office)
    token = await open_session(person, channel=SessionChannel.PHONE, now=now)
    return {"person_id": str(person.id), "token": token}


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
