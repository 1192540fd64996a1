"""Gives people of a founded office console logins: `python -m tests.rig.founding_desks N` prints who they are."""

import asyncio
import json
import sys

from tortoise import Tortoise

from models import Organisation
from models.config import tortoise_config
from models.vocabulary import Role
from server import people, reporters
from server.kernel.clock import SystemClock
from server.settings import read_settings
from server.tools import key_ring, mark_keys
from tests.rig.g14_signing_in import PASSWORD


async def main(desks: int) -> None:
    """Print [{person_id, username, secret}] of people who may sign in with PASSWORD."""
    settings = read_settings()
    keys = key_ring(settings)
    reporters.unlock(mark_keys(settings), ring=keys)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    office, found = await Organisation.get(code="office"), []
    for number in range(desks):
        now, role = SystemClock().now(), Role.OFFICE_STAFF
        person = await people.add_person(
            f"同志{number}", role=role, by=None, now=now, keys=keys, organisation=office
        )
        login = await people.give_console_login(
            person, username=f"desk{number}", password=PASSWORD, by=None, keys=keys
        )
        found.append({"person_id": str(person.id), "username": login.username, "secret": login.totp_secret})
    sys.stdout.write(json.dumps(found))
    await Tortoise.close_connections()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
