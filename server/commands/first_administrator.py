"""Founds an office on an empty database: `scripts/first-administrator --username NAME [--office 名称]`.

Creates the city pack's units (or the one office that is named), its reasons, and one administrator. The
password and the second factor's secret are generated here, shown once, and stored nowhere in clear text.
"""

import argparse
import asyncio
import sys
from dataclasses import dataclass

from tortoise import Tortoise, connections

from models import ConsoleLogin, Organisation, Reason
from models.config import tortoise_config
from models.vocabulary import OrganisationKind, Role
from server import journal, packs, people, reporters
from server.commands.migrate import migrate
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.packs import Pack, PackBroken
from server.people.enrolling import NewLogin, random_password
from server.settings import SettingsMissing, read_settings
from server.tools import Tools, real_tools


class FoundedAlready(Refusal):
    """The database already has an office; people who manage staff there add further people."""

    status = 409
    message_zh = "这个数据库里已经有单位或办公台账号，没有改动任何内容。"
    hint_zh = "请用已有的管理员账号登录办公台，在“组织与人员”里添加。"


@dataclass(frozen=True)
class Founded:
    """What is handed once to the first administrator."""

    units: int
    login: NewLogin
    password: str


@unit_of_work
async def found(pack: Pack, *, office: str | None, designation: str, username: str, tools: Tools) -> Founded:
    """Create units, reasons and the first administrator, all or nothing; raises FoundedAlready."""
    await connections.get("default").execute_query("LOCK TABLE organisation IN SHARE ROW EXCLUSIVE MODE")
    if await Organisation.exists() or await ConsoleLogin.exists():
        raise FoundedAlready
    entered = [await _only(office)] if office else await enter_units(pack)
    await enter_reasons(pack)
    root = entered[0]
    first = await people.add_person(
        designation,
        role=Role.ADMINISTRATOR,
        by=None,
        now=tools.clock.now(),
        keys=tools.keys,
        organisation=root,
    )
    password = random_password()
    login = await people.give_console_login(
        first, username=username, password=password, by=None, keys=tools.keys
    )
    return Founded(len(entered), login, password)


async def enter_units(pack: Pack) -> list[Organisation]:
    """Create the units of the city pack, parents first."""
    entered: dict[str, Organisation] = {}
    for order, entry in enumerate(pack.organisations_in_order()):
        entered[entry.code] = await people.add_organisation(
            entry.name,
            code=entry.code,
            kind=entry.kind,
            by=None,
            short_name=entry.short_name,
            parent=entered[entry.parent] if entry.parent else None,
            series=entry.series,
            sort_order=order,
        )
    return list(entered.values())


@unit_of_work
async def enter_reasons(pack: Pack) -> None:
    """Create the reason catalogue of the city pack."""
    for order, one in enumerate(pack.reasons):
        reason = await Reason.create(
            code=one.code, use=one.use, label=one.label, text=one.text, sort_order=order
        )
        await journal.record(
            "reason.added", reason, by=None, use=reason.use.label, label=reason.label, text=reason.text
        )


async def _only(name: str) -> Organisation:
    return await people.add_organisation(
        name, code="office", kind=OrganisationKind.REFORM_OFFICE, by=None, short_name=name[:20], series="改"
    )


async def main(words: list[str]) -> str:
    """Migrate, found, and return what to hand over; if nothing was done, return the refusal's words."""
    asked = _asked(words)
    settings = read_settings()
    pack = packs.open_pack(settings.city_pack)
    await migrate(settings.database_url, settings=settings)
    tools = await real_tools(settings)
    reporters.unlock(tools.marks, ring=tools.keys)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    try:
        founded = await found(
            pack,
            office=asked.office,
            designation=asked.designation,
            username=asked.username,
            tools=tools,
        )
    finally:
        await tools.close()
        await Tortoise.close_connections()
    return _told(founded, address=settings.public_url)


def _asked(words: list[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="scripts/first-administrator", description=__doc__)
    reader.add_argument("--username", required=True, help="3 to 40 lower-case letters and digits")
    reader.add_argument("--designation", default="系统管理员", help="what the person is called in the system")
    reader.add_argument("--office", help="enter only this reform office, and not the units of the city pack")
    return reader.parse_args(words)


def _told(founded: Founded, *, address: str) -> str:
    return "\n".join(
        [
            f"已录入{founded.units}个单位，开通第一个管理员账号。以下内容只显示这一次，请当面交给本人：",
            f"  办公台      {address}/console",
            f"  用户名      {founded.login.username}",
            f"  密码        {founded.password}",
            f"  动态码密钥  {founded.login.totp_secret}",
            f"  扫码地址    {founded.login.otpauth('督察通')}",
            "下一步：登录后在“组织与人员”里给改革办的同志开通账号，再导入年度任务清单。",
        ]
    )


if __name__ == "__main__":
    try:
        sys.stdout.write(asyncio.run(main(sys.argv[1:])) + "\n")
    except (SettingsMissing, PackBroken) as gap:
        sys.exit(f"还不能开始，缺少或不对的设置：\n{gap}")
    except Refusal as no:
        sys.exit(f"{no.message}{no.hint}")
