"""Reseals everything under the current keys: `python -m server.commands.rotate_keys`. Can be stopped and repeated.

To rotate: put a new key first in MASTER_KEYS or REPORTER_KEYS, restart the servers, run this, then drop the old key.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from uuid import UUID

from tortoise import Tortoise

from models import ConsoleLogin, Photo
from models.config import tortoise_config
from server import reporters, scoring, sealed, site_visits
from server.gateways.sealing import KeyRing
from server.gateways.storage import Storage
from server.kernel.own_folder import close_to_others
from server.notifications import inbox
from server.people import identities
from server.reporters.rotating import rotate as rotate_marks
from server.settings import read_settings
from server.tools import Tools, real_tools
from server.web.door.idempotency import reseal_answers

BATCH = 200
Tell = Callable[[str, int], None]


async def rotate(tools: Tools, *, tell: Tell) -> None:
    """Rotate everything sealed, from marks of reporters to photo originals, and report the progress of each kind."""
    await rotate_marks(tell=lambda count: tell("上报人标记", count))
    await identities.rotate(keys=tools.keys, tell=lambda count: tell("身份信息", count))
    tell("动态码密钥", await _second_factors(tools.keys))
    tell("已答复的操作", await reseal_answers(tools.keys))
    tell("已读标记", await inbox.reseal_read_marks(tools.keys))
    tell("身份信封", await sealed.rotate(tools.keys))
    tell("点位动态码密钥", await site_visits.reseal_stop_keys(tools.keys))
    await scoring.rewrap_keys(tools=tools)
    await _photos(tools.keys, tools.storage, tell=tell)


async def _second_factors(keys: KeyRing) -> int:
    changed = 0
    for login in await ConsoleLogin.filter(totp_sealed__isnull=False):
        sealed = keys.reseal(login.totp_sealed or "", bound_to=f"console_login:{login.id}:totp")
        changed += await ConsoleLogin.filter(id=login.id, totp_sealed=login.totp_sealed).update(
            totp_sealed=sealed
        )
    return changed


async def _photos(keys: KeyRing, storage: Storage, *, tell: Tell) -> None:
    done: set[str] = set()
    async for photo in _all_photos():
        if photo.claims_sealed:
            sealed = keys.reseal(photo.claims_sealed, bound_to=f"photo:{photo.id}:claims")
            await Photo.filter(id=photo.id, claims_sealed=photo.claims_sealed).update(claims_sealed=sealed)
        if photo.key not in done:
            await storage.rewrap(photo.key, ring=keys)
            done.add(photo.key)
        if len(done) % BATCH == 0:
            tell("照片", len(done))
    tell("照片", len(done))


async def _all_photos() -> AsyncIterator[Photo]:
    after = UUID(int=0)
    while batch := await Photo.filter(id__gt=after).order_by("id").limit(BATCH):
        for photo in batch:
            yield photo
        after = batch[-1].id


async def main() -> None:
    """Rotate with the settings of the environment, and report progress."""
    settings = read_settings()
    close_to_others(settings.data_dir)
    tools = await real_tools(settings)
    reporters.unlock(tools.marks, ring=tools.keys)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    try:
        await rotate(tools, tell=lambda what, count: print_line(f"{what}：已换新密钥{count}条"))
    finally:
        await tools.close()
        await Tortoise.close_connections()
    print_line("密钥轮换完成，可以从 MASTER_KEYS 和 REPORTER_KEYS 中去掉旧密钥。")


def print_line(words: str) -> None:
    """Print one line for the person who runs this."""
    sys.stdout.write(words + "\n")


if __name__ == "__main__":
    asyncio.run(main())
