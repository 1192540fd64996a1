"""Deciding whether an item of an older ledger is finished, from the free text that offices write. Pure."""

import re
from enum import Enum

from server.sheets.reading_cells import plain

OVER = "销号|办结|结案|完成|完毕|到位|解决|作废|并号|终止|闭环"
# What a clause may contain besides and still mean the same: 已于3月15日全部整改完成, 销号(2024.3.15).
BESIDES = re.compile(
    r"\([^()]*\)|\d[-\d./年月日号]*|已经|已|均|全部|全面|彻底|都|按期|按时|如期|顺利|予以|得到|目前|现|于|"
    r"该|此|本|问题|事项|任务|工作|整改|办理|落实|处理|了"
)
STILL_OPEN = re.compile(
    r"未|没有|没(?=完|办|整|销|解|到|能)|无法|不能|尚|(?<!接)待(?!遇)|正在|正(?=进行|按|抓)|在办|办理中|进行|推进|施工|"
    r"建设中|整改中|审核中|申请|预计|计划(?!已|完成)|拟|力争|争取|将|准备|下一步|持续|长期|部分|逐步|陆续|延期|超期|逾期|暂"
)
CLAUSE = re.compile(r"[,.;:、。;!\n]+(?!\d)")


class Over(Enum):
    """What a text about progress says: finished, unfinished, or unclear."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


def is_over(words: str) -> Over:
    """Judge by whole clauses, because one keyword in a sentence (已完成立项，正在施工) decides nothing."""
    clauses = [one for one in CLAUSE.split(plain(words)) if one]
    if not any(re.search(OVER, one) for one in clauses):
        return Over.NO
    said_over = any(re.fullmatch(f"(?:{OVER})+", BESIDES.sub("", one)) for one in clauses)
    said_open = any(STILL_OPEN.search(one) for one in clauses)
    if said_over and not said_open:
        return Over.YES
    return Over.NO if said_open and not said_over else Over.UNCLEAR
