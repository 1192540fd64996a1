"""Content checks: the worst part decides, and whatever cannot be judged goes to a human."""

import pytest

from server.gateways.wechat import NotSeenLately, OurFault, OutcomeUnknown, Verdict
from tests.fixtures_wechat import LI

CHECK = "wxa/msg_sec_check"


async def test_texts_are_judged(wechat, fake_wechat):
    await fake_wechat.judge_text("骂人", "risky", 20003)
    await fake_wechat.judge_text("疑似", "review", 20001)
    assert await wechat.check_text("路灯不亮", openid=LI, scene=2) == Verdict("pass", 100)
    assert await wechat.check_text("疑似广告", openid=LI, scene=2) == Verdict("review", 20001)
    assert await wechat.check_text("骂人的话", openid=LI, scene=2) == Verdict("risky", 20003)


@pytest.mark.parametrize(("length", "pieces"), [(0, 0), (1, 1), (2500, 1), (2501, 2), (4900, 2), (4901, 3)])
async def test_long_texts_are_checked_in_pieces(wechat, fake_wechat, length, pieces):
    assert (await wechat.check_text("长" * length, openid=LI, scene=2)).suggest == "pass"
    assert await fake_wechat.calls(CHECK) == pieces


@pytest.mark.parametrize("position", [0, 2395, 2399, 2498, 2499, 2500, 4895])
async def test_a_word_on_the_cut_between_pieces_is_found(wechat, fake_wechat, position):
    await fake_wechat.judge_text("不文明用语", "risky")
    text = "好" * position + "不文明用语" + "好" * (4900 - position)
    assert (await wechat.check_text(text, openid=LI, scene=2)).suggest == "risky"


async def test_the_worst_piece_decides(wechat, fake_wechat):
    await fake_wechat.judge_text("疑似", "review")
    verdict = await wechat.check_text("疑似" + "好" * 5000, openid=LI, scene=2)
    assert verdict.suggest == "review"


async def test_nothing_of_somebody_not_seen_lately_is_judged(wechat, fake_wechat):
    await fake_wechat.send_away(LI)
    with pytest.raises(NotSeenLately):
        await wechat.check_text("路灯不亮", openid=LI, scene=2)
    with pytest.raises(NotSeenLately):
        await wechat.check_picture("https://photos.example/1.jpg", openid=LI, scene=2)


async def test_a_text_refused_the_old_way_is_risky(wechat, fake_wechat):
    await fake_wechat.disturb(CHECK, "errcode", 87014)
    assert await wechat.check_text("路灯不亮", openid=LI, scene=2) == Verdict("risky")


async def test_an_answer_without_a_verdict_is_no_pass(wechat, fake_wechat):
    await fake_wechat.disturb(CHECK, "garbage")
    with pytest.raises(OutcomeUnknown):
        await wechat.check_text("路灯不亮", openid=LI, scene=2)


async def test_a_picture_gets_a_number_under_which_the_verdict_will_come(wechat, fake_wechat):
    trace_id = await wechat.check_picture("https://photos.example/1.jpg", openid=LI, scene=2)
    assert [picture["trace_id"] for picture in await fake_wechat.pictures()] == [trace_id]


async def test_a_code_for_a_poster_is_a_picture(wechat):
    assert (await wechat.draw_code("v=1a2b", page="pages/visits/check-in")).startswith(b"\x89PNG")
    with pytest.raises(OurFault):
        await wechat.draw_code("中文", page="pages/visits/check-in")
