"""Creates the tables, and fills an empty database with the demo world: `python -m server.trial.filling FILE`.

FILE receives who may sign in. A mark beside it exists while the world is being built, so that an interrupted
start is not taken for a finished city.
"""

import asyncio
import sys
from pathlib import Path

from tortoise import Tortoise

from models import Organisation
from models.config import tortoise_config
from server import reporters
from server.commands.migrate import migrate
from server.settings import read_settings
from server.tools import real_tools
from server.trial import demo
from server.trial.telling import mark_of
from server.trial.writing import write_whole


async def fill(file: Path) -> None:
    """Build the demo world if the database is empty, and write down who may sign in."""
    settings = read_settings()
    await migrate(settings.database_url, settings=settings)
    tools = await real_tools(settings)
    reporters.unlock(tools.marks, ring=tools.keys)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    try:
        if await Organisation.exists():
            return
        mark_of(file).touch(mode=0o600)
        write_whole(file, await demo.build(tools))
        mark_of(file).unlink()
    finally:
        await tools.close()
        await Tortoise.close_connections()


if __name__ == "__main__":
    asyncio.run(fill(Path(sys.argv[1])))
