"""Every state, kind and role: the code that is stored and sent, and the label people read."""

from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A word of the glossary: its value is sent, its label is shown."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word


class OrganisationKind(Word):
    REFORM_OFFICE = "reform_office", "改革办"
    COUNTY_REFORM_OFFICE = "county_reform_office", "县（市）区党委改革办"
    SPECIAL_GROUP_OFFICE = "special_group_office", "专项小组办公室"
    COUNTY_UNIT = "county_unit", "县（市）区"
    RESPONSIBLE_UNIT = "responsible_unit", "责任部门（单位）"
    SUPERVISION_OFFICE = "supervision_office", "督查室"


class Role(Word):
    """A person's role in the city's reform work; a duty is a role with a scope."""

    CITIZEN = "citizen", "群众"
    TEAM_MEMBER = "team_member", "督察队员"
    DEPUTY = "deputy", "两代表一委员"
    REFORM_OBSERVER = "reform_observer", "改革观察员"
    COMMISSIONER = "commissioner", "改革专员"
    DEPARTMENT_CONTACT = "department_contact", "单位联络员"
    LEADING_OFFICIAL = "leading_official", "牵头领导"
    OFFICE_STAFF = "office_staff", "改革办工作人员"
    OFFICE_LEAD = "office_lead", "改革办负责人"
    AUDITOR = "auditor", "审计员"
    ADMINISTRATOR = "administrator", "系统管理员"


class Scope(Word):
    """How far a duty reaches."""

    OWN = "own", "本人的"
    ASSIGNED = "assigned", "交办给本人的"
    UNIT = "unit", "本单位的"
    SUBTREE = "subtree", "本单位及下级的"
    ALL = "all", "全市的"


class ObservationKind(Word):
    PROBLEM = "problem", "反映问题"
    HELP_REQUEST = "help_request", "请求帮助"
    GOOD_PRACTICE = "good_practice", "好做法"


class Anonymity(Word):
    """Who may learn who reported; fixed at submission, may be raised, never lowered (SUB-10)."""

    NAMED = "named", "公开实名"
    HIDDEN = "hidden", "对单位和公众匿名"
    SEALED = "sealed", "密封身份"


class OpeningReason(Word):
    """Why an envelope may be opened; the reporter is told the reason."""

    INQUIRY = "inquiry", "依法调查"
    DANGER = "danger", "保护人身安全"
    REQUEST = "request", "上报人自己请求"


class ObservationState(Word):
    WAITING_MEDIA = "waiting_media", "照片未传完"
    RECEIVED = "received", "已收到"
    MORE_ASKED = "more_asked", "请您补充"
    REGISTERED = "registered", "已挂号"
    DECLINED = "declined", "未采纳"
    WITHDRAWN = "withdrawn", "已撤回"


class Datum(Word):
    WGS84 = "wgs84", "WGS-84"
    GCJ02 = "gcj02", "GCJ-02"


class PlaceSource(Word):
    GPS = "gps", "手机定位"
    MAP = "map", "地图选点"
    EXIF = "exif", "照片信息"


class PlaceGrade(Word):
    """How well a position is proven (SUB-08); it is evidence and never blocks a report."""

    A = "A", "位置可信"
    B = "B", "位置基本可信"
    C = "C", "位置待核"
    D = "D", "没有位置"


class PhotoState(Word):
    STORED = "stored", "已收到"
    SHOWN = "shown", "可查看"
    REFUSED = "refused", "无法识别"


class LedgerState(Word):
    """The ledger's states (research/domain-and-product §2.1)."""

    REGISTERED = "registered", "已挂号"
    DISPATCHED = "dispatched", "已分办"
    IN_PROGRESS = "in_progress", "办理中"
    CLOSING = "closing", "销号审核中"
    RETAINED = "retained", "留号"
    CLOSED = "closed", "已销号"
    MERGED = "merged", "已并号"
    VOIDED = "voided", "已作废"


class TaskListState(Word):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被新版替代"


class ReasonUse(Word):
    DECLINE = "decline", "不予采纳"
    ASK_MORE = "ask_more", "请求补充"
    GIVE_BACK = "give_back", "承办单位退回事项"
    SEND_BACK = "send_back", "退回销号申请"


class TemplateReader(Word):
    """The audience of an official wording."""

    REPORTER = "reporter", "给上报人"
    UNIT = "unit", "给承办单位"
    PAPER = "paper", "函件"


class TemplatePurpose(Word):
    """The purpose of an official wording; each has a standard text with placeholders."""

    RECEIVED = "received", "收件回执"
    ACCEPTED = "accepted", "受理告知"
    MORE_ASKED = "more_asked", "补充材料通知"
    DECLINED = "declined", "不予采纳告知"
    SENT_ON = "sent_on", "转交办理告知"
    RESULT = "result", "结果反馈"
    REOPENED = "reopened", "重新办理告知"
    DISPATCH = "dispatch", "交办通知"
    TRANSFER = "transfer", "移交通知"
    URGING = "urging", "催办通知"
    EXTENSION_GRANTED = "extension_granted", "延期批复（同意）"
    EXTENSION_REFUSED = "extension_refused", "延期批复（不同意）"
    POSTPONED = "postponed", "期限延长通知"
    RECOMPUTED = "recomputed", "期限调整通知"
    RETAINED = "retained", "留号批复（同意）"
    RETENTION_REFUSED = "retention_refused", "留号批复（不同意）"
    CLOSE_OUT_REFUSED = "close_out_refused", "销号申请退回"
    CLOSE_OUT_GRANTED = "close_out_granted", "销号批复"
    DISPATCH_LETTER = "dispatch_letter", "交办单"
    URGING_LETTER = "urging_letter", "催办函"
    REMINDER_LETTER = "reminder_letter", "提醒函"
    SUPERVISION_LETTER = "supervision_letter", "督办函"


class LetterState(Word):
    """Where a letter is between its draft and the end of its matter."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待签发"
    DELIVERED = "delivered", "待签收"
    ACKNOWLEDGED = "acknowledged", "已签收"
    REPLIED = "replied", "已反馈"
    ACCEPTED = "accepted", "已办结"
    VOIDED = "voided", "已作废"


class SessionChannel(Word):
    PHONE = "phone", "小程序"
    CONSOLE = "console", "办公台"


class EvidenceKind(Word):
    """What a piece of evidence shows; a category says which kinds a close-out needs (LED-08)."""

    BEFORE = "before", "整改前照片"
    AFTER = "after", "整改后照片"
    DOCUMENT = "document", "书面材料照片"


class RequestState(Word):
    """The state of a unit's request to the office."""

    ASKED = "asked", "待审核"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "已退回"


class RecheckAnswer(Word):
    """What the reporter saw on the spot after close-out."""

    SOLVED = "solved", "解决了"
    UNSOLVED = "unsolved", "没解决"


class SubscriptionOutcome(Word):
    """A person's answer when WeChat asked whether the office may send them a message."""

    ACCEPT = "accept", "允许"
    REJECT = "reject", "拒绝"
    BAN = "ban", "已被封禁"
    FILTER = "filter", "同名模板被过滤"


class SubscribeMessageState(Word):
    """The state of a message sent through WeChat; all but the first two are final."""

    WAITING = "waiting", "等待发送"
    SENDING = "sending", "正在发送"
    SENT = "sent", "已发送"
    NEEDLESS = "needless", "已在小程序里看过"
    REFUSED = "refused", "对方未订阅"
    FAILED = "failed", "发送失败"
    UNKNOWN = "unknown", "结果不明"
    EXPIRED = "expired", "过时未发"


class Light(Word):
    """The colour of an item, derived from its clock and progress, never typed (LED-05)."""

    RED = "red", "逾期"
    YELLOW = "yellow", "进度落后"
    BLUE = "blue", "临期"
    GREEN = "green", "正常"
    GREY = "grey", "无期限"


class DayPart(Word):
    """How precisely a unit may learn when something was seen: a day or half of one, never an hour."""

    DAY = "day", "全天"
    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "下午"


class CaseState(Word):
    """How far a case is on its way from the office to the unit and back to the reporter."""

    PREPARED = "prepared", "待转办"
    WITHDRAWN = "withdrawn", "已撤回"
    RELEASED = "released", "已转单位"
    ANSWERED = "answered", "单位已答复"
    FORWARDED = "forwarded", "已转告上报人"


class BankLevel(Word):
    """The four levels of problem banks (M11)."""

    CITY = "city", "市级重点问题库"
    COUNTY_UNIT = "county_unit", "县（市）区问题库"
    SPECIAL_GROUP = "special_group", "专项小组问题库"
    UNIT = "unit", "部门（单位）问题库"


class ProblemState(Word):
    COLLECTED = "collected", "待研判"
    TRIAGED = "triaged", "已研判"
    ESCALATED = "escalated", "已提请"
    ON_LEDGER = "on_ledger", "已进台账"
    SETTLED = "settled", "已化解"
    MERGED = "merged", "已合并"


class ProblemSourceKind(Word):
    """Where a problem comes from (PRB-02)."""

    OBSERVATION = "observation", "现场观察"
    LEDGER_ITEM = "ledger_item", "台账条目"
    CHECKLIST_ANSWER = "checklist_answer", "督察检查项"
    SITE_VISIT = "site_visit", "实地观摩"
    EVALUATION = "evaluation", "第三方评估"
    MEETING = "meeting", "会议"
    RESEARCH = "research", "专题调研"
    LETTER = "letter", "函件答复"
    IMPORT = "import", "导入"
    BY_HAND = "by_hand", "手工填写"


class ProblemKind(Word):
    BOTTLENECK = "bottleneck", "难点堵点"
    COMMON = "common", "共性问题"
    SINGLE = "single", "个别问题"
    LEGACY = "legacy", "历史遗留"


class ProblemCause(Word):
    MECHANISM = "mechanism", "机制不顺"
    RESPONSIBILITY = "responsibility", "责任不清"
    COORDINATION = "coordination", "协同不够"
    RESOURCES = "resources", "要素保障不足"
    POLICY = "policy", "政策依据不足"
    EXECUTION = "execution", "落实不力"
    OTHER = "other", "其他"


class Difficulty(Word):
    EASY = "easy", "一般"
    HARD = "hard", "较难"
    VERY_HARD = "very_hard", "疑难"


class Solver(Word):
    """Who can solve a problem."""

    OWN_LEVEL = "own_level", "本级解决"
    CITY = "city", "市级协调"


class AgendaState(Word):
    WAITING = "waiting", "待上会"
    DECIDED = "decided", "已决定"


class ExportState(Word):
    """The state of a requested file."""

    WAITING = "waiting", "排队"
    RUNNING = "running", "生成中"
    READY = "ready", "可下载"
    FAILED = "failed", "没有生成"
    EXPIRED = "expired", "已过期删除"


class ImportState(Word):
    """The state of a spreadsheet whose rows are to change the ledger."""

    PREVIEWED = "previewed", "待确认"
    WAITING = "waiting", "排队"
    RUNNING = "running", "导入中"
    DONE = "done", "已导入"
    REFUSED = "refused", "没有导入"


class MemberSource(Word):
    """Where members of the supervision team come from (M10)."""

    DEPUTY = "deputy", "两代表一委员"
    COMMISSIONER = "commissioner", "改革专员"
    MEDIA_WORKER = "media_worker", "新闻媒体工作者"
    CITIZEN = "citizen", "普通群众"
    SUPERVISION_OFFICE = "supervision_office", "督查室人员"


class DeputyKind(Word):
    """The three kinds of 两代表一委员, which are not interchangeable."""

    PARTY_DELEGATE = "party_delegate", "党代表"
    PEOPLES_CONGRESS_DEPUTY = "peoples_congress_deputy", "人大代表"
    CPPCC_MEMBER = "cppcc_member", "政协委员"


class MissionState(Word):
    PLANNED = "planned", "筹备中"
    DISPATCHED = "dispatched", "已派出"
    UNDER_WAY = "under_way", "进行中"
    FINISHED = "finished", "已完成"
    CANCELLED = "cancelled", "已取消"


class QuestionKind(Word):
    """How a checklist question is answered."""

    PASS_FAIL = "pass_fail", "合格或不合格"
    NUMBER = "number", "数值"
    TEXT = "text", "文字"


class ContentKind(Word):
    """What part of a report is checked before anybody else may see it (REV-01)."""

    TEXT = "text", "文字"
    PHOTO = "photo", "照片"


class ContentState(Word):
    """The result of WeChat's content check; a person may overrule it."""

    PENDING = "pending", "微信检查中"
    PASS = "pass", "微信检查通过"
    REVIEW = "review", "微信建议人工判断"
    RISKY = "risky", "微信判为违规"
    UNKNOWN = "unknown", "没有微信检查结果"


class ContentDecision(Word):
    """A person's decision; it overrules WeChat's result."""

    PASSED = "passed", "可以给他人看"
    HIDDEN = "hidden", "不给他人看"


class Unjudged(Word):
    """Why WeChat has no verdict, so that a person must decide."""

    SEALED = "sealed", "密封身份的内容不交给微信检查"
    NO_ACCOUNT = "no_account", "上报人没有绑定微信，微信无法检查"
    NOT_SEEN_LATELY = "not_seen_lately", "上报人两小时内没有用过小程序，微信不予检查"
    WECHAT_AWAY = "wechat_away", "微信两小时内没有应答"
    NO_ANSWER = "no_answer", "问了微信两次，都没有等到结果"
    NOT_FETCHED = "not_fetched", "微信两次都没有取到照片"
    NOT_TAKEN = "not_taken", "微信没有受理这次检查"


class RoundState(Word):
    """The state of a scoring round; two people can reopen a locked one, nobody a sealed one."""

    OPEN = "open", "打分中"
    LOCKED = "locked", "已封盘"
    SEALED = "sealed", "已密封"
    PUBLISHED = "published", "已公布"
    ANNULLED = "annulled", "已作废"


class BallotState(Word):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"


class RecusalKind(Word):
    """Why a judge does not score an entry."""

    OWN_UNIT = "own_unit", "本单位"
    OWN_TASK = "own_task", "本人负责的任务"
    COMMISSIONER = "commissioner", "本人联系的单位"
    DECLARED = "declared", "本人申请回避"


class WhyNotCounted(Word):
    """Why a submitted ballot does not count; published with its digest."""

    RECUSED = "recused", "回避"
    COVERAGE = "coverage", "未全程参加"
    EXCLUDED = "excluded", "经核查不计入"


class SignalKind(Word):
    """What a person should check before the seal; nothing is dropped automatically."""

    STRAIGHT_LINE = "straight_line", "各项同分"
    IDENTICAL = "identical", "与他人完全相同"
    SAME_DEVICE = "same_device", "两人使用同一手机"
    TOO_FAST = "too_fast", "点位之间移动过快"
    OUTSIDE_WINDOW = "outside_window", "不在点位开放时间内"
    SHORT_DWELL = "short_dwell", "停留时间过短"
    LATE_ARRIVAL = "late_arrival", "迟到送达"


class RoundAskKind(Word):
    """What takes two people to do."""

    UNLOCK = "unlock", "解除封盘"
    ANNUL = "annul", "作废重评"
    RECOMPUTE = "recompute", "更正规则后重新计算"


class VisitState(Word):
    """How far a site visit is prepared; the state of its scoring is in its round."""

    DRAFT = "draft", "筹备中"
    PUBLISHED = "published", "已发布"
    CANCELLED = "cancelled", "已取消"


class CheckInWay(Word):
    """How a person was found to be at a stop."""

    CODE = "code", "现场动态码"
    LATER = "later", "无网络时扫码，后来补传"
    PLACE = "place", "没有扫动态码"
    BY_HAND = "by_hand", "工作人员登记"


class Presence(Word):
    """Whether a check-in counts; a person looks at those that don't count automatically."""

    COUNTED = "counted", "已签到"
    LOOK = "look", "待工作人员确认"
    REJECTED = "rejected", "经核实不在现场"


class Doubt(Word):
    """Why a check-in does not count automatically."""

    NO_CODE = "no_code", "没有扫现场动态码"
    LATER = "later", "无网络时扫码，后来补传"
    CLOCK = "clock", "手机时间不准"
    SAME_DEVICE = "same_device", "另一位观察员用过这部手机"
    NO_PLACE = "no_place", "没有位置"
    VAGUE_PLACE = "vague_place", "位置误差太大"
    FAR_AWAY = "far_away", "位置不在点位范围内"


class Recipient(Word):
    """As whom a person is reminded of a matter."""

    COMMISSIONER = "commissioner", "改革专员"
    CONTACT = "contact", "单位联络员"
    MEMBER = "member", "督察队员"
    OBSERVER = "observer", "观察员"
    SUBSTITUTE = "substitute", "代理人"
    LEADING_OFFICIAL = "leading_official", "牵头领导"
    OFFICE = "office", "改革办"


class Urgency(Word):
    """How much a reminder is worth, from least to most: what may use the last credit, and what may wake people."""

    ROUTINE = "routine", "日常"
    DUE_TODAY = "due_today", "当天到期"
    OVERDUE = "overdue", "已逾期"
    LETTER = "letter", "函件"
    URGENT = "urgent", "紧急"


class Channel(Word):
    """A way by which a reminder reaches a person; the inbox always has it."""

    INBOX = "inbox", "站内信"
    SUBSCRIBE = "subscribe", "微信订阅消息"
    SERVICE_ACCOUNT = "service_account", "服务号通知"
    WECOM = "wecom", "企业微信"
    EMAIL = "email", "电子邮件"
    SMS = "sms", "短信"


class DeliveryState(Word):
    """How far a reminder or a message of any channel got."""

    PLANNED = "planned", "待发送"
    HELD = "held", "顺延发送"
    SENT = "sent", "已发出"
    DELIVERED = "delivered", "已送达"
    OPENED = "opened", "已打开"
    ACKNOWLEDGED = "acknowledged", "已确认"
    UNKNOWN = "unknown", "结果不明"
    FAILED = "failed", "发送失败"
    WITHDRAWN = "withdrawn", "不再需要"


class DeliveryFailure(Word):
    """Why a message failed, and with that who can mend it."""

    REFUSED = "refused", "对方没有订阅，或订阅次数已用完"
    NO_ADDRESS = "no_address", "没有登记这个渠道的联系方式"
    OURS = "ours", "对方系统不接受，请检查设置"
    LATE = "late", "到截止时间仍未发出"


class CadencePeriod(Word):
    """How often an obligation comes back."""

    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    YEAR = "year", "每年"


class ProofKind(Word):
    """What can prove that an obligation was met; each kind has its own record."""

    JOINT_MEETING = "joint_meeting", "联席会议"
    THEMATIC_MEETING = "thematic_meeting", "专题会议"
    ON_SITE_WORKING_MEETING = "on_site_working_meeting", "现场办公会议"
    ON_SITE_PROMOTION_MEETING = "on_site_promotion_meeting", "现场推进会"
    COMMISSION_MEETING = "commission_meeting", "深改委会议"
    MONTH_REPORT = "month_report", "月度情况报告"
    RESEARCH_TOPIC = "research_topic", "专题调研"
    INTEGRATION_FIELD = "integration_field", "制度集成领域"
    EVALUATION = "evaluation", "第三方评估"
    TOPIC_ANSWER = "topic_answer", "选题供稿"
    DOCUMENT = "document", "书面材料"


class ObligationState(Word):
    """Where an obligation stands; derived from its proofs and the day, never stored."""

    OPEN = "open", "待完成"
    DUE_SOON = "due_soon", "临近期限"
    MET = "met", "已完成"
    MET_LATE = "met_late", "逾期完成"
    UNMET = "unmet", "未完成"
    ABOVE_RANGE = "above_range", "已完成，超出次数"


class FileKind(Word):
    """A kind of file, found by its content; the label is the ending of its name."""

    PDF = "pdf", "pdf"
    DOCX = "docx", "docx"
    XLSX = "xlsx", "xlsx"
    JPEG = "jpeg", "jpg"
    PNG = "png", "png"
    HEIC = "heic", "heic"


class MediaKind(Word):
    """Where the city's reform work was published."""

    COLUMN = "column", "专栏"
    LECTURE = "lecture", "讲堂"
    PROGRAMME = "programme", "节目"


class RequestToCity(Word):
    """What became of a matter that needs the city to coordinate."""

    WAITING = "waiting", "待协调"
    ON_LEDGER = "on_ledger", "已挂号"
    ANSWERED = "answered", "已答复"
