"""Free text about progress: open matters are imported, closed ones are not, doubtful ones are asked about."""

import pytest

from server.ledger_sheets.reading_state import Over, is_over


@pytest.mark.parametrize(
    "words",
    [
        *("", "办理中", "正在推进", "待销号", "无法按期办结", "没有办结", "尚未完成", "销号审核中", "未销号"),
        "已完成立项，正在施工",
        "正在办理，预计12月底完成",
        "计划6月底前完成整改",
        "部分完成",
        "申请销号",
        "超期未办结",
        "力争年底前办结。",
        "完成方案编制，下一步组织施工",
        "已完成80%，持续推进",
    ],
)
def test_open_matters_come_in(words):
    assert is_over(words) is Over.NO


@pytest.mark.parametrize(
    "words",
    [
        *(
            "已销号",
            "办结",
            "已办结。",
            "已完成",
            "整改完成",
            "已整改到位",
            "办理完毕",
            "已作废",
            "并号",
            "终止",
        ),
        "已于3月15日办结",
        "已于2024年3月15日全部整改完成",
        "已销号（2024.3.15）",
        "已办结2024-03-15",
        "问题已解决",
        "已完成整改，已销号",
    ],
)
def test_closed_matters_stay_in_the_old_ledger(words):
    assert is_over(words) is Over.YES


@pytest.mark.parametrize(
    "words",
    [
        "已办结，待销号",
        "已办结，未发现反弹",
        "基本完成",
        "完成立项",
        "主体工程完成",
        "住建局说已经办结",
        "按计划完成",
        "淹没问题已解决，接待群众已完成改正",
    ],
)
def test_doubtful_words_are_asked_about(words):
    assert is_over(words) is Over.UNCLEAR
