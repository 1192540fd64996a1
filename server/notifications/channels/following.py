"""Which officials follow the city's service account: its followers' unionids, compared once a night."""

import structlog

from server.gateways.wechat import WeChatError
from server.people import identities
from server.tools import Tools

log = structlog.get_logger(__name__)


async def find_followers(*, tools: Tools) -> None:
    """Store the account's openid of every official who follows it; without an answer, what is known stays."""
    if tools.service_account is None:
        return
    try:
        followers = await tools.service_account.followers()
    except WeChatError as error:
        log.warning("followers_not_told", kind=type(error).__name__, errcode=error.errcode)
        return
    await identities.keep_followers(followers, keys=tools.keys)
