"""The public page behind a watermark gives anybody a clear verdict."""

from urllib.parse import quote
from uuid import uuid4

import pytest

from models import Rendition
from tests.conftest import a_picture, a_report, until
from tests.saved_again import encoded, opened


@pytest.fixture
async def rendition(office):
    laoma = await office.phone_of("老马")
    picture = a_picture()
    await laoma.submit(a_report(picture), uuid4())
    await laoma.upload(picture)
    return await until(lambda: Rendition.get_or_none(size="large"))


async def page(office, path):
    answer = await office.client().get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


async def test_a_code_of_ours_is_genuine_and_says_when(office, rendition):
    code = rendition.verify_code.lower()
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code)  # as a full-width input method writes it
    for spelling in (f"{code[:5]}-{code[5:]}", f"{code[:5]} {code[5:]}", f"{wide[:5]}—{wide[5:]}"):
        assert '<p class="verdict-word">真实</p>' in await page(office, f"/verify/{quote(spelling, safe='')}")
    text = await page(office, f"/verify/{code}")

    assert '<p class="verdict-word">真实</p>' in text
    assert "系统存档" in text
    assert "生成时间" in text


async def test_the_very_file_is_genuine_and_of_another_nothing_is_said_before_it_is_seen(office, rendition):
    text = await page(office, f"/verify/{rendition.verify_code}?sha256={rendition.sha256}")
    assert '<p class="verdict-word">真实</p>' in text
    assert "逐字节相同" in text

    text = await page(office, f"/verify/{rendition.verify_code}?sha256={'0' * 64}")
    assert '<p class="verdict-word">还不能判断</p>' in text
    assert "请选上照片，比对画面" in text


async def test_a_picture_is_compared_without_a_program_of_ours_too(office, rendition):
    picture = await office.tools.storage.read(rendition.key)
    saved = encoded(opened(picture), quality=50)
    answer = await office.client().post(
        f"/verify/{rendition.verify_code}", files={"file": saved}, headers={"accept": "text/html"}
    )
    assert answer.status_code == 200
    assert '<p class="verdict-word">同一张照片，转存过</p>' in answer.text


@pytest.mark.parametrize("code", ["ABCDEFGHJK", "X", "A" * 300])
async def test_a_code_nobody_gave_is_unknown(office, code):
    text = await page(office, f"/verify/{code}")

    assert '<p class="verdict-word">查无此码</p>' in text
    assert "data-verify=" not in text


async def test_a_code_typed_from_paper_leads_to_its_page(office):
    for typed in ("abc de", "ABC-DE", "ＡＢＣ—ＤＥ"):
        answer = await office.client().get("/console/verify", params={"code": typed})
        assert (answer.status_code, answer.headers["location"]) == (303, "/verify/ABCDE")
    assert "照片水印上的验真码" in (await office.client().get("/console/verify")).text
