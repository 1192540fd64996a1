"""The cockpit in a browser: both charts are drawn under the strict policy, in light and dark."""

import pytest

from tests.server.web.console.test_cockpit import fill


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1366, 768, "light"), (1920, 1080, "light"), (1366, 768, "dark")]
)
async def test_the_charts_are_drawn(window, office, width, height, scheme):
    chen = await office.desk_of("小陈")
    await fill(office, chen)
    async with window(chen, width=width, height=height, scheme=scheme) as one:
        await one.open("/console/cockpit")
        assert await one.page.locator(".chart canvas").count() == 2
