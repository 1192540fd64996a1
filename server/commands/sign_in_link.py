"""Makes a link for one more browser to try to sign in: `python -m server.commands.sign_in_link --username NAME`.

For administrators themselves, when strangers use up all attempts for their name; administrators make links for others
on their page.
"""

import argparse
import asyncio
import sys

from tortoise import Tortoise

from models import ConsoleLogin
from models.config import tortoise_config
from server.kernel.refusal import Refusal
from server.people.browsers import LINK_HOLDS
from server.people.introducing import NoLogin, introduce
from server.settings import SettingsMissing, read_settings
from server.tools import real_tools


async def main(words: list[str]) -> str:
    """Return the link, in a sentence; raises NoLogin."""
    reader = argparse.ArgumentParser(prog="scripts/sign-in-link", description=__doc__)
    reader.add_argument("--username", required=True, help="under which name the person signs in")
    username = reader.parse_args(words).username
    settings = read_settings()
    tools = await real_tools(settings)
    await Tortoise.init(config=tortoise_config(settings.database_url))
    try:
        login = await ConsoleLogin.filter(username=username).select_related("person").first()
        if login is None:
            raise NoLogin(f"没有用户名为 {username} 的办公台账号。", hint="请核对用户名。")
        query = await introduce(login.person, by=None, keys=tools.keys, now=tools.clock.now())
    finally:
        await tools.close()
        await Tortoise.close_connections()
    minutes = int(LINK_HOLDS.total_seconds() // 60)
    address = f"{settings.public_url}/console/sign-in?{query}"
    return f"请在要登录的电脑上打开（{minutes}分钟内有效，仍要输入密码和动态码）：\n  {address}"


if __name__ == "__main__":
    try:
        sys.stdout.write(asyncio.run(main(sys.argv[1:])) + "\n")
    except SettingsMissing as gap:
        sys.exit(f"还不能开始，缺少或不对的设置：\n{gap}")
    except Refusal as no:
        sys.exit(f"{no.message}{no.hint}")
