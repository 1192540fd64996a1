"""Every screen of a reporter: large enough to touch, nothing wider than the phone, in light, dark and elder mode.

SHOTS=folder saves the pictures for inspection.
"""

import os
from pathlib import Path

import pytest

from tests.miniprogram.test_reporting import photo, shoot, write

TOUCH = """() => [...document.querySelectorAll('[role=button],[role=tab],[role=radio]')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < innerWidth * 88 / 750 - 0.5)
  .map((one) => `${one.getAttribute('aria-label') ?? one.textContent} ${one.getBoundingClientRect().height}`)"""
# What sticks out of the screen, boxes and letters alike: a word that does not wrap is wider than its box.
WIDE = """() => {
  const lettersOf = (one) => [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((text) => {
    const letters = document.createRange()
    letters.selectNode(text)
    return letters.getBoundingClientRect().right
  })
  const clips = (one) => one && !one.matches('.page, .mp-page') &&
    (getComputedStyle(one).overflowX !== 'visible' || clips(one.parentElement))
  const right = (one) => Math.max(one.getBoundingClientRect().right, ...(clips(one) ? [] : lettersOf(one)))
  return [...document.querySelectorAll('.mp-page *')]
    .filter((one) => one.checkVisibility() && right(one) > innerWidth + 1)
    .map((one) => `${one.className} ${right(one)}`)
}"""


# Text with a contrast below 4.5 (large text 3) against its background, except disabled text and text over
# pictures or gradients.
FAINT = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number)
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0)
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at)
      if (backgroundImage !== 'none') return null
      const [r, g, b, a = 1] = rgb(backgroundColor)
      if (a > 0.9) return [r, g, b]
      if (a > 0) return null
    }
    return [255, 255, 255]
  }
  const words = [...document.querySelectorAll('.mp-page *')].filter((one) =>
    [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) && one.checkVisibility()
    && !one.closest('.big-button-off,[aria-disabled=true]'))
  return words.flatMap((one) => {
    const { color, fontSize, fontWeight } = getComputedStyle(one)
    const behind = ground(one)
    if (!behind) return []
    const [a, b] = [light(rgb(color)), light(behind)].sort((x, y) => y - x)
    const ratio = (a + 0.05) / (b + 0.05)
    const isLarge = parseFloat(fontSize) >= (fontWeight >= 600 ? 18.6 : 24)
    return ratio < (isLarge ? 3 : 4.5) ? [`${one.textContent.trim().slice(0, 20)} ${ratio.toFixed(2)} ${color}`] : []
  })
}"""


async def look(phone, name):
    """Return what is too small to touch, too wide or too faint on the current page; save a picture if requested."""
    if folder := os.environ.get("SHOTS"):
        await phone.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert await phone.page.evaluate(TOUCH) == [], name
    assert await phone.page.evaluate(WIDE) == [], name
    assert await phone.page.evaluate(FAINT) == [], name


@pytest.mark.parametrize(
    ("name", "width", "scheme", "font"),
    [("light", 375, "light", 16), ("dark", 430, "dark", 16), ("elder", 375, "light", 22)],
)
async def test_every_screen_of_a_reporter(handset, name, width, scheme, font):
    phone = await handset("老马", width=width, scheme=scheme, hooks={"fontSizeSetting": font})
    await phone.says("老马，您好")
    await look(phone, f"{name}-home")
    await shoot(phone, photo("teal"), photo("olive"))
    await phone.says("已定位，误差约12米")
    await write(phone, "北京路与民族街口非机动车道有两个坑，下雨积水看不清。")
    await look(phone, f"{name}-report")
    phone.line.cut_photos = 1
    await phone.tap("提交")
    await phone.says(
        "文字已收到，照片还没有传完。请让小程序开着，信号恢复后会自动发送；切走或关掉就暂停，下次打开时接着发。"
    )
    await look(phone, f"{name}-halfway")
    await phone.tap("回首页")
    await phone.says("还没有送达（1）")
    await look(phone, f"{name}-home-waiting")
    await phone.tap("照片未传完：北京路与民族街口非机动车道有两个坑，下雨积水看不清。")
    await phone.tap("现在再试一次")
    await phone.says("查看办理进度")
    await look(phone, f"{name}-sent")
    await phone.tap("查看办理进度")
    await phone.says("已核对：改革办收到的与您手机上写的一字不差。")
    await look(phone, f"{name}-detail")
    await phone.tap("返回")
    await phone.tap("我的上报", role="tab")
    await phone.says("回执 ")
    await look(phone, f"{name}-reports")
    await phone.tap("核验水印照片真伪")
    await phone.says("这张照片是真的吗？")
    await look(phone, f"{name}-verify")
