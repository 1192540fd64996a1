from playwright.async_api import async_playwright

from tests.browser import chromium

PAGE = '<meta charset="utf-8"><span id="long" style="font-size:100px">督察通</span>'


async def test_a_browser_is_found_that_shows_chinese_in_our_font():
    found = chromium()
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path=found.path, args=list(found.arguments), env=found.environment
        )
        page = await browser.new_page()
        await page.set_content(PAGE)
        session = await page.context.new_cdp_session(page)
        await session.send("DOM.enable")
        await session.send("CSS.enable")
        document = await session.send("DOM.getDocument")
        node = await session.send(
            "DOM.querySelector", {"nodeId": document["root"]["nodeId"], "selector": "#long"}
        )
        fonts = await session.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})
        await browser.close()

    assert [(font["familyName"], font["glyphCount"]) for font in fonts["fonts"]] == [("Noto Sans CJK JP", 3)]
