"""Limits on guessing passwords: five tries in a quarter of an hour, whether the name exists or not.

All unknown browsers share the tries for a name, and those behind one address share sixty; each known browser has its
own five. So nobody can lock people out of their own desks, and a refusal reveals nothing about the name.
"""

from server.gateways.redis import Allowance
from server.kernel.refusal import Refusal
from server.tools import Tools
from server.web.door import pacing

TRIES = 5
FOR_A_NAME = f"{TRIES}/15 minute"
FROM_AN_ADDRESS = "60/15 minute"


class TooManyTries(Refusal):
    """Five tries within a quarter of an hour from unknown browsers, or from this known one."""

    status = 429
    message_zh = "尝试次数太多，请稍后再登录。"
    hint_zh = "请15分钟后再试；平时用的电脑不受别处影响。急用请让系统管理员在“组织与人员”里发登录链接。"
    retry = "later"


class TooManyOldPasswords(Refusal):
    """Five tries of the old password within a quarter of an hour."""

    status = 429
    message_zh = "原密码或动态码输错次数太多，密码没有修改。"
    hint_zh = "请15分钟后再试；如果不是您本人在操作，请退出登录并告诉系统管理员。"
    retry = "later"


async def count_sign_in(tools: Tools, username: str, *, browser: str | None, address: str) -> Allowance:
    """Count one attempt to sign in, before anything is looked up. Raises TooManyTries."""
    allowance = await pacing.count(tools, FOR_A_NAME, "sign_in", username, browser or "strange")
    if not allowance.allowed:
        raise TooManyTries(retry_after=900)
    if browser is None and not (await pacing.count(tools, FROM_AN_ADDRESS, "sign_ins", address)).allowed:
        raise TooManyTries(retry_after=900)
    return allowance


async def forgive_sign_in(tools: Tools, username: str, *, browser: str | None) -> None:
    """Reset the count after a successful sign-in."""
    await pacing.forget(tools, FOR_A_NAME, "sign_in", username, browser or "strange")


async def count_old_password(tools: Tools, person_id: object) -> None:
    """Count one attempt to change a password. Raises TooManyOldPasswords."""
    if not (await pacing.count(tools, FOR_A_NAME, "old_password", str(person_id))).allowed:
        raise TooManyOldPasswords(retry_after=900)


async def forgive_old_password(tools: Tools, person_id: object) -> None:
    """Reset the count after the correct password."""
    await pacing.forget(tools, FOR_A_NAME, "old_password", str(person_id))
