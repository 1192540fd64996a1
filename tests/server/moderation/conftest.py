"""An office that WeChat calls back, a reporter and a reviewer."""

import pytest

from models.vocabulary import Role


@pytest.fixture
async def office(office, fake_wechat):
    """The tests' city, with WeChat's callbacks arriving at its own address."""
    await fake_wechat.set_callback(f"{office.base_url}/wechat/callback")
    # This is a new WeChat, which would refuse the old one's token: the tests count its calls.
    await office.tools.redis.cache.delete(f"wechat:token:{fake_wechat.settings.appid}")
    return office


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马")


@pytest.fixture
async def chen(office):
    return await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
