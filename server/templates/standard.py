"""The standard texts, and for each the closed list of blanks that facts fill. Pure.

A blank is its Chinese name in braces: {编号}. Its key is the name of the fact that fills it.
"""

from dataclasses import dataclass

from models.vocabulary import TemplatePurpose as P
from models.vocabulary import TemplateReader

LONGEST_TITLE = 40
LONGEST_MESSAGE = 200
LONGEST_LETTER = 1500


@dataclass(frozen=True)
class Blank:
    """A blank in a text: the fact that fills it, its name as the office types it, and an example."""

    fact: str
    name: str
    example: str


NUMBER = Blank("number", "编号", "改-2026-0007")
TITLE = Blank("title", "事项", "北京路路口坑槽一周未修")
UNIT = Blank("unit", "承办单位", "市住建局")
DUE = Blank("due", "期限", "10个工作日，2026年12月7日（周一）到期")
UNTIL = Blank("until", "新期限", "2026年12月21日")
REVIEW = Blank("review", "复核日期", "2027年3月1日")
NOTE = Blank("note", "留号说明", "需跨年度实施")
RECEIPT = Blank("receipt", "回执号", "7KQMR-2HXWT")
PROMISE = Blank("promise", "答复期限", "1个工作日内（11月24日前）")
WHY = Blank("reason", "理由", "连续降雨，沥青摊铺顺延")
ASKED = Blank("words", "交办要求", "请先设围挡，再组织修复")
URGED = Blank("words", "催办内容", "距期限还有3天，请加快办理并填报进展")
MOVED = Blank("words", "移交理由", "该路段由交通部门管养")
REPLY = Blank("reply", "意见", "请补一张能看清路面全貌的照片")
ANSWER = Blank("reply", "答复", "请补充具体位置，例如路名和门牌号")
DUE_ON = Blank("due_on", "办理期限", "2026年12月7日")
SUMMARY = Blank("summary", "情况说明", "北京路与民族街口非机动车道有两处坑槽，雨后积水")
PERCENT = Blank("percent", "进度", "40%")
LATER = Blank("extension", "延期办法", "确需延期的，请在签收以后、期限届满以前（当天也可以）提出申请。")
CLOCK = Blank("clock", "时限情况", "还剩3个工作日")
REPLY_BY = Blank("reply_by", "反馈期限", "2026年11月30日")
# Every blank of a letter, for kinds whose words stand in a city pack.
OF_LETTERS = (NUMBER, TITLE, UNIT, DUE_ON, SUMMARY, PERCENT, LATER, CLOCK, REPLY_BY)


@dataclass(frozen=True)
class Standard:
    """The text used until the office changes it; `must` are the blanks it can't omit."""

    reader: TemplateReader
    title: str
    body: str
    must: tuple[Blank, ...]
    may: tuple[Blank, ...] = ()
    longest: int = LONGEST_MESSAGE

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """Return every blank that may occur in this text."""
        return self.must + self.may


def _reporter(title: str, body: str, *must: Blank, may: tuple[Blank, ...] = ()) -> Standard:
    return Standard(TemplateReader.REPORTER, title, body, must, may)


def _unit(title: str, body: str, *must: Blank, may: tuple[Blank, ...] = ()) -> Standard:
    return Standard(TemplateReader.UNIT, title, body, must, may)


def _paper(title: str, body: str, *must: Blank, may: tuple[Blank, ...] = ()) -> Standard:
    return Standard(TemplateReader.PAPER, title, body, must, may, LONGEST_LETTER)


STANDARD: dict[P, Standard] = {
    P.RECEIVED: _reporter("已收到您的上报", "回执号{回执号}，我们会在{答复期限}答复您。", RECEIPT, PROMISE),
    P.ACCEPTED: _reporter(
        "您反映的情况已挂号",
        "编号{编号}，将交有关单位办理，进展会在这里告诉您。",
        NUMBER,
        may=(RECEIPT,),
    ),
    P.MORE_ASKED: _reporter("请补充上报内容", "{答复}", ANSWER, may=(RECEIPT,)),
    P.DECLINED: _reporter("您的上报未被采纳", "{答复}", ANSWER, may=(RECEIPT,)),
    P.SENT_ON: _reporter("您反映的事项已分办", "编号{编号}已交有关单位办理，办结后会请您看一眼。", NUMBER),
    P.RESULT: _reporter(
        "您反映的问题已整改，请看一眼",
        "编号{编号}，请在10个工作日内告诉我们：解决了，还是没解决。",
        NUMBER,
    ),
    P.REOPENED: _reporter("您反映的事项重新办理", "编号{编号}已重新挂号，继续督促办理。", NUMBER),
    P.DISPATCH: _unit(
        "请签收分办事项", "{编号}“{事项}”，期限{期限}。", NUMBER, DUE, may=(TITLE, UNIT, ASKED)
    ),
    P.TRANSFER: _unit("请签收转办事项", "{编号}“{事项}”：{移交理由}", NUMBER, may=(TITLE, UNIT, MOVED)),
    P.URGING: _unit("改革办催办", "{编号}“{事项}”：{催办内容}", NUMBER, URGED, may=(TITLE, UNIT)),
    P.EXTENSION_GRANTED: _unit(
        "延期已同意", "{编号}“{事项}”，延期至{新期限}。", NUMBER, UNTIL, may=(TITLE, UNIT, REPLY)
    ),
    P.EXTENSION_REFUSED: _unit("延期未同意", "{编号}“{事项}”：{意见}", NUMBER, REPLY, may=(TITLE, UNIT)),
    P.POSTPONED: _unit(
        "办理期限已延后", "{编号}“{事项}”延至{新期限}：{理由}", NUMBER, UNTIL, may=(TITLE, UNIT, WHY)
    ),
    P.RECOMPUTED: _unit(
        "办理期限有变化",
        "{编号}“{事项}”按新公布的放假安排，期限改为{期限}。",
        NUMBER,
        DUE,
        may=(TITLE, UNIT),
    ),
    P.RETAINED: _unit(
        "事项已留号",
        "{编号}“{事项}”留号，{复核日期}复核：{留号说明}",
        NUMBER,
        REVIEW,
        may=(TITLE, UNIT, NOTE),
    ),
    P.RETENTION_REFUSED: _unit("留号未同意", "{编号}“{事项}”：{意见}", NUMBER, REPLY, may=(TITLE, UNIT)),
    P.CLOSE_OUT_REFUSED: _unit("销号申请被退回", "{编号}“{事项}”：{意见}", NUMBER, REPLY, may=(TITLE, UNIT)),
    P.CLOSE_OUT_GRANTED: _unit("事项已销号", "{编号}“{事项}”审核通过。", NUMBER, may=(TITLE, UNIT, REPLY)),
    P.DISPATCH_LETTER: _paper(
        "督察事项交办单",
        "现将督察事项“{事项}”（编号{编号}）交由你单位办理。\n"
        "有关情况：{情况说明}。\n"
        "请收到本单后及时签收，明确专人负责，于{办理期限}前办结。办理中按要求填报进展。{延期办法}\n"
        "办结后请附佐证材料申请销号，由我办审核。",
        NUMBER,
        TITLE,
        DUE_ON,
        may=(UNIT, SUMMARY, LATER),
    ),
    P.URGING_LETTER: _paper(
        "关于督察事项办理情况的催办函",
        "你单位承办的督察事项“{事项}”（编号{编号}），办理期限为{办理期限}，目前进度{进度}，{时限情况}。\n"
        "请抓紧办理，收到本函后3个工作日内填报进展，说明存在的困难和下一步安排。"
        "{延期办法}",
        NUMBER,
        TITLE,
        DUE_ON,
        may=(UNIT, SUMMARY, PERCENT, CLOCK, LATER),
    ),
    P.REMINDER_LETTER: _paper(
        "关于加快办理督察事项的提醒函",
        "你单位承办的督察事项“{事项}”（编号{编号}），办理期限为{办理期限}，目前进度{进度}，{时限情况}。现就有关事项提醒如下：\n"
        "一、请对照办理要求查找进展滞后的原因，明确专人负责，抓紧推进。\n"
        "二、请于{反馈期限}前书面反馈办理进展、存在的困难和下一步安排，并附佐证材料。\n"
        "逾期没有明显进展的，我办将按程序督办。",
        NUMBER,
        TITLE,
        REPLY_BY,
        may=(UNIT, DUE_ON, SUMMARY, PERCENT, CLOCK, LATER),
    ),
    P.SUPERVISION_LETTER: _paper(
        "关于督察事项限期整改的督办函",
        "你单位承办的督察事项“{事项}”（编号{编号}），办理期限为{办理期限}，经提醒后进展仍不明显，目前进度{进度}，{时限情况}。现予督办，要求如下：\n"
        "一、请单位主要负责同志研究，制定整改措施，逐项明确责任人和完成时限。\n"
        "二、请于{反馈期限}前书面反馈整改情况，并附佐证材料，由我办审核。\n"
        "整改情况纳入年度考核评价。",
        NUMBER,
        TITLE,
        REPLY_BY,
        may=(UNIT, DUE_ON, SUMMARY, PERCENT, CLOCK, LATER),
    ),
}
