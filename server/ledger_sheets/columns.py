"""The columns of the ledger's sheet: those of the export, with the names that offices use for them (DAT-04)."""

from server.exports.books.ledger import BOOK
from server.sheets.columns import Column

NUMBER, VERSION, REMARK, OLD_NUMBER = "number_text", "version", "remark", "old_number"
UNIT, TASK, DUE, REGISTERED = "lead_unit__name", "task__code", "due_on", "registered_at"
EDITABLE = ("title", "kind", "summary", "place_name", TASK, UNIT, DUE)

ALIASES: dict[str, tuple[str, ...]] = {
    NUMBER: ("台账编号", "挂号编号"),
    "title": ("事项", "事项名称", "督察事项", "问题", "存在问题"),
    "kind": ("类型", "事项类别"),
    "state": ("办理状态", "办理情况"),
    "summary": ("情况", "具体情况", "问题描述", "主要内容", "内容"),
    "place_name": ("位置", "点位", "具体地点"),
    TASK: ("对应任务", "所属任务"),
    UNIT: ("责任单位", "承办单位", "主办单位", "整改责任单位"),
    DUE: ("期限", "办结时限", "完成时限", "整改时限", "整改期限"),
    REGISTERED: ("挂号日期", "登记日期", "登记时间", "发现日期", "发现时间", "列入日期"),
    OLD_NUMBER: ("原台账编号", "旧编号", "旧台账编号"),
    REMARK: ("延期理由", "变更说明"),
}
HINTS: dict[str, str] = {
    NUMBER: "系统给的编号，不要改；旧台账的事项留空，接入时自动挂号。",
    "title": "2到60个字。",
    "kind": "没有分办的可以改；旧台账不填按“反映问题”接入。",
    TASK: "没有分办的可以改，填任务清单里的编号。",
    UNIT: "没有分办的可以改，用系统里的全称或简称；分办仍在页面上办理。",
    DUE: "已分办和办理中的可以往后延，要在“修改说明”里写明原因。",
    REGISTERED: "旧台账必填，如 2024-03-15；已有编号的不要改。",
    OLD_NUMBER: "旧台账原来的编号，没有可以不填。",
    VERSION: "系统用来核对的数字，不要改。",
    REMARK: "改办理期限时写明原因，承办单位会看到。",
}

COLUMNS = tuple(
    Column(
        key=column.field,
        header=column.header,
        aliases=ALIASES.get(column.field, ()),
        width=column.width,
        hint=HINTS.get(column.field, ""),
        is_needed=column.field == "title",
        is_day=column.field.endswith(("_on", "_at")),
    )
    for column in BOOK.columns
)
HEADERS = {column.key: column.header for column in COLUMNS}
