"""The columns of the annual task list, which are the same for template, import and export (DAT-04)."""

from server.sheets.columns import Column

COLUMNS = (
    Column(
        key="code",
        header="任务编号",
        aliases=("编号", "任务序号", "序号"),
        width=12,
        hint="每项任务一个编号，如 2026-01。以后各版沿用，不要改。",
    ),
    Column(
        key="measure",
        header="对应措施",
        aliases=("措施编号", "措施序号", "对应机制措施", "机制措施", "所属措施", "措施"),
        width=10,
        hint="填推进落实机制里的措施序号，1 到 20。",
    ),
    Column(
        key="name",
        header="任务名称",
        aliases=("改革任务", "任务", "重大改革任务", "重点任务", "改革事项", "事项名称"),
        width=30,
        hint="一句话说清任务，最多 120 个字。",
    ),
    Column(
        key="content",
        header="任务内容",
        aliases=("主要内容", "具体内容", "工作内容", "目标任务", "内容"),
        width=48,
        hint="写明要做什么、做到什么程度。",
        is_needed=False,
    ),
    Column(
        key="is_major",
        header="是否重大任务",
        aliases=("重大任务", "是否重大", "是否为重大任务", "重大"),
        width=10,
        hint="填“是”或“否”。",
        is_needed=False,
    ),
    Column(
        key="lead_unit",
        header="牵头单位",
        aliases=("责任单位", "牵头部门", "牵头责任单位", "主办单位", "牵头部门(单位)"),
        width=22,
        hint="只填一个单位，用系统里的全称或简称。",
    ),
    Column(
        key="supporting_units",
        header="配合单位",
        aliases=("配合部门", "协办单位", "参与单位", "责任配合单位", "配合部门(单位)"),
        width=30,
        hint="可以填多个单位，用顿号隔开；“各县（市）区”表示全部县（市）区。",
        is_needed=False,
    ),
    Column(
        key="leading_official",
        header="牵头领导",
        aliases=("市级领导", "牵头市领导", "牵头市级领导", "负责领导", "市级领导同志", "包抓领导"),
        width=14,
        hint="只填一位。重名时写成“姓名（单位）”。",
    ),
    Column(
        key="commissioners",
        header="改革专员",
        aliases=("专员", "责任专员", "责任人", "具体责任人"),
        width=20,
        hint="至少一位，多位用顿号隔开。重名时写成“姓名（单位）”。",
    ),
    Column(
        key="due_on",
        is_day=True,
        header="完成时限",
        aliases=("完成时间", "时限", "办结时限", "完成期限", "时限要求", "截止日期"),
        width=14,
        hint="填日期，如 2026-12-31；也可以写“6月底”“年底”。",
    ),
)

BY_KEY = {column.key: column for column in COLUMNS}
