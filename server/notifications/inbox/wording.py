"""The words of each event: for a timeline as an official reads it, and for the person it concerns. Pure."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from models.vocabulary import TemplatePurpose as P
from server import cases, letters, problems, team
from server.ledger import ACTIONS

# event: what a timeline says; {…} comes from the entry's detail
TIMELINE: dict[str, str] = {
    "observation.submitted": "收到上报，附照片{photos}张",
    "observation.completed": "照片全部送达",
    "observation.amended": "上报人补充修改（第{version}版）",
    "observation.withdrawn": "上报人撤回",
    "escrow.opening_asked": "申请打开身份信封（{file_number}），阅读人：{reader}",
    "escrow.holder_agreed": "保管人{holder}同意打开身份信封",
    "escrow.opened": "身份信封已打开（保管人{holders}）",
    "escrow.destroyed": "身份信封到期销毁",
    "escrow.handed_on": "保管人{holder}把身份信封的份额交给继任人",
    "keyset.set_up": "登记密封上报的三位保管人",
    "keyset.drill_began": "开始一次保管人演练",
    "keyset.drill_answered": "演练：保管人{holder}的私钥能打开",
    "keyset.drill_failed": "演练：保管人{holder}的私钥打不开",
    "observation.registered": "审核采纳，挂号{number}",
    "observation.more_asked": "请上报人补充",
    "observation.declined": "审核未采纳",
    "observation.acceptance_undone": "撤销受理，重新审核",
    "observation.decline_proposed": "提出不予采纳，待另一位同志复核",
    "observation.handed_over": "转交{office}审核：{reason}",
    "observation.answered": "上报人回复",
    "observation.office_wrote": "改革办留言",
    "calendar_notice.loaded": "录入{year}年放假安排（{source}）",
    "export.asked": "导出{book}，共{total}条",
    "export.downloaded": "下载导出文件",
    "ledger_item.due_recomputed": "按新公布的放假安排，期限由{before}改为{due}",
    "ledger_item.recalled": "撤回分办",
    "letter.drafted": "起草{letter}（{number}）",
    **{event: words for one in letters.ACTIONS for event, words in one.told.items()},
    "ledger_item.registered": "挂号，编号{number}",
    "ledger_item.taken_over": "接入旧台账，编号{number}，原编号{old_number}，挂号日期{registered}",
    "ledger_import.confirmed": "确认导入台账表，共{rows}件",
    "ledger_import.done": "导入台账表，修改{changed}件，接入旧台账{taken_over}件",
    **{f"ledger_item.{event}": words for one in ACTIONS for event, words in one.told.items()},
    "ledger_item.recheck_solved": "上报人回访：解决了",
    "ledger_item.recheck_unsolved": "上报人回访：没解决，请复核",
    "case.opened": "编写转办件，编号{number}",
    "case.picture_made": "转办件的照片处理完成",
    "case.released": "随当日批次转给承办单位",
    **{f"case.{event}": words for one in cases.ACTIONS for event, words in one.told.items()},
    "ledger_item.commission_decided": "深改委决定：{decision}（挂号{number}，{due}）",
    "problem.collected": "归集入库，编号{number}",
    **{f"problem.{event}": words for one in problems.ACTIONS for event, words in one.told.items()},
    "team_member.enlisted": "加入督察工作队（{source}）",
    "team_member.trained": "参加培训“{course}”，{outcome}",
    "team_member.certified": "发队员证，有效期至{until}",
    "team_member.certificate_revoked": "收回队员证：{reason}",
    "mission.planned": "制定督察任务，点位{stops}个",
    **{f"mission.{event}": words for one in team.ACTIONS for event, words in one.told.items()},
    "site_visit.planned": "筹备观摩“{title}”，点位{stops}个",
    "site_visit.copied": "照“{from_title}”筹备观摩“{title}”，观察员{observers}人",
    "site_visit.changed": "修改观摩“{title}”",
    "site_visit.stop_added": "添加点位“{name}”",
    "site_visit.stop_changed": "修改点位“{name}”",
    "site_visit.stops_ordered": "调整点位，现有{stops}个",
    "site_visit.cancelled": "取消观摩：{reason}",
    "site_visit.observer_invited": "邀请一位观察员",
    "site_visit.observer_uninvited": "从名单去掉一位观察员",
    "site_visit.published": "发布观摩“{title}”，观察员{observers}人",
    "site_visit.day_before": "提醒观察员明天观摩",
    "site_visit.stop_opened": "点位“{name}”开放，提醒观察员",
    "site_visit.rules_changed": "重新公布评分规则：{reason}，规则摘要{digest}",
    "site_visit.screen_opened": "打开“{name}”的动态码屏幕",
    "site_visit.screen_revoked": "停用“{name}”的动态码屏幕",
    "site_visit.checked_in": "在“{name}”签到",
    "site_visit.checked_in_by_hand": "工作人员登记签到（{name}）：{reason}",
    "site_visit.check_ins_confirmed": "确认签到{count}次：{reason}",
    "site_visit.check_in_rejected": "核实不在“{name}”现场：{reason}",
    "site_visit.board_opened": "打开大屏链接",
    "site_visit.board_revoked": "停用大屏链接",
    "site_visit.board_moved": "大屏：{move}（第{step}步）",
    "score_round.opened": "公布打分规则“{name}”，{entries}项，规则摘要{digest}",
    "score_round.rules_changed": "打分规则改为第{version}版：{reason}，规则摘要{digest}",
    "score_round.judge_assigned": "确定一位评委",
    "score_round.judge_excused": "一位评委可以不全程打分：{reason}",
    "score_round.recused": "一位评委回避一项：{reason}",
    "score_round.signal_decided": "核查一条异常提示：{words}",
    "score_round.excluded": "经核查有评分表不计入：{reason}",
    "score_round.locked": "封盘，已提交{submitted}张，草稿{drafts}张不计入",
    "score_round.asked": "申请{what}：{note}",
    "score_round.confirmed": "第二人同意{what}：{note}",
    "score_round.sealed": "密封评分表，计入{counted}张，不计入{not_counted}张，封盘指纹{fingerprint}",
    "score_round.published": "公布打分结果，封盘指纹{fingerprint}",
    "checklist_answer.given": "检查项“{point}”：{found}",
    "checklist_answer.dismissed": "不作为问题归集：{reason}",
    "content.held": "内容安全检查转人工：{content}，{words}",
    "content.passed": "人工决定：{content}可以给他人看",
    "content.hidden": "人工决定：{content}不给他人看，理由：{words}",
    "reason.added": "添加理由“{label}”（{use}）：{text}",
    "reason.changed": "修改理由“{label}”：{text}",
    "reason.retired": "停用理由“{label}”",
    "reason.restored": "恢复理由“{label}”",
    "delivery.dealt_with": "处理未送达的提醒（{channel}）",
    "policy.changed": "修改业务规则“{name}”，第{version}版：{why}",
    "cadence_rule.added": "新增定期任务规则“{name}”：{why}",
    "cadence_rule.changed": "修改定期任务规则“{name}”，第{version}版：{why}",
    "job_run.obligations_opened": "{day}按规则开出定期任务{count}项",
    "coordination_request.answered": "答复需要市级协调的事项：{answer}",
    "coordination_request.on_ledger": "需要市级协调的事项已挂号，编号{number}",
    "file_line.added": "添加附件“{name}”",
    "meeting.decision_added": "补登议定事项{position}：{text}",
    "meeting.decision_on_ledger": "议定事项{position}已挂号，编号{number}",
    "meeting.recorded": "登记{kind}“{title}”（{held_on}）",
    "meeting.voided": "作废{kind}“{title}”的登记：{reason}",
    "media_item.entered": "登记宣传作品“{title}”（{source}）",
    "topic_answer.given": "供稿“{title}”（{call}）",
    "topic_call.called": "征集选题“{title}”，{units}个单位",
    "month_report.handed_in": "上交{month}月度报告“{title}”",
    "month_report.sent": "“{title}”已于{on}报送{to}",
    "proof.handed_in": "上交{kind}“{title}”（{counts_on}）",
    "proof.withdrawn": "撤回{kind}“{title}”：{reason}",
    "reminder_rule.changed": "修改提醒规则“{name}”，第{version}版：{why}",
    "template.changed": "修改模板“{name}”，第{version}版：{why}",
    "template.restored": "模板“{name}”恢复第{earlier}版的内容，成为第{version}版",
    "photo.received": "收到照片",
    "photo.forgotten": "照片满24小时没有随上报提交，已清除",
    "photo.shown": "照片处理完成",
    "photo.redacted": "遮挡照片中的人脸或车牌{boxes}处",
    "photo.refused": "照片无法识别",
    # What citizens did about themselves, in older journals; no new entries are made.
    "person.agreed": "同意第{version}版隐私保护指引",
    "person.asked_to_leave": "申请注销",
    "person.stayed": "取消注销",
    "person.forgotten": "已注销，身份信息已删除",
    "person.joined": "首次登录，登记为群众",
    "person.signed_in": "登录办公台",
    "person.locked": "密码连续输错，未登记的电脑暂停登录15分钟",
    "person.browser_introduced": "生成登录链接，登记一台电脑",
    "person.invited": "发出邀请码",
    "person.accepted_invitation": "凭邀请码加入",
    "person.contacts_changed": "修改联系方式",
    "person.substitute_arranged": "安排{substitute}代理",
    "person.substitute_ended": "结束代理",
    "person.enrolled": "列入名册",
    "person.duty_given": "增加职责",
    "person.console_login_given": "开通办公台账号",
    "person.account_untied": "解除微信绑定",
    "person.sessions_ended": "结束全部登录，共{sessions}处",
    "person.password_changed": "修改自己的办公台密码，结束其他登录{sessions}处",
    "person.duty_ended": "结束职责",
    "person.work_handed_over": "交接工作，共{moved}件",
    "organisation.added": "新增单位",
    "organisation.renamed": "单位由“{before}”改名为“{name}”",
    "organisation.moved": "单位移到“{below}”下",
    "organisation.closed": "撤销单位",
    "ledger.begun": "旧日志链止于第{number}条，此后由存证账本证明",
    "ledger.covered": "存证：表{table}立基线，{rows}行",
    "ledger.uncovered": "存证：表{table}不再存证",
    "ledger.migrated": "存证：系统升级改动数据",
    "ledger.overruled": "存证：升级前核验有{faults}处异常，仍然升级",
    "ledger.era_opened": "存证：数据库在另一台服务器上恢复，第{era}期开始",
    "annual_task_list.published": "发布年度任务清单",
}

ALIKE = "（进展雷同）"  # the third progress report in a row with the same words

# event: the template for the reporter of an observation, in citizens' words
TO_REPORTER: dict[str, P] = {
    "observation.submitted": P.RECEIVED,
    "observation.more_asked": P.MORE_ASKED,
    "observation.registered": P.ACCEPTED,
    "observation.declined": P.DECLINED,
    "ledger_item.dispatched": P.SENT_ON,
    "ledger_item.closed": P.RESULT,
    "ledger_item.re_registered": P.REOPENED,
}

# event: (title, body) of what a reporter is told about the process rather than the matter
POINTERS: dict[str, tuple[str, str]] = {
    "observation.office_wrote": ("改革办给您留言", "请打开这份上报查看并回复。"),
    "observation.acceptance_undone": ("您的上报正在重新核对", "刚才的挂号已撤销，核对后会重新答复您。"),
    "photo.refused": ("有一张照片打不开", "{why}请重新拍一张，在原来的上报或事项里补充上传。"),
}


# event: the template for the commissioner who answers for an item
TO_COMMISSIONER: dict[str, P] = {
    "ledger_item.dispatched": P.DISPATCH,
    "ledger_item.transferred": P.TRANSFER,
    "ledger_item.close_out_refused": P.CLOSE_OUT_REFUSED,
    "ledger_item.extension_granted": P.EXTENSION_GRANTED,
    "ledger_item.extension_refused": P.EXTENSION_REFUSED,
    "ledger_item.retained": P.RETAINED,
    "ledger_item.retention_refused": P.RETENTION_REFUSED,
    "ledger_item.due_recomputed": P.RECOMPUTED,
    "ledger_item.reminded": P.URGING,
    "ledger_item.due_postponed": P.POSTPONED,
    "ledger_item.closed": P.CLOSE_OUT_GRANTED,
}


# event: (title, body) for the person who no longer answers for an item
TAKEN_BACK: dict[str, tuple[str, str]] = {
    "ledger_item.recalled": ("分办已撤回", "{number}“{title}”的分办已撤回，您不用办理。"),
    "ledger_item.transferred": ("事项已转给其他单位", "{number}“{title}”已转给其他单位，您不用再办。"),
    "ledger_item.merged": ("事项已并号", "{number}“{title}”已并入另一编号，您不用再单独办理。"),
    "ledger_item.re_registered": ("事项已重新挂号", "{number}“{title}”已重新挂号，由改革办重新分办。"),
}


# event: (title, body) for those who answer or write cases; only a pointer, nothing of the matter itself
TO_CASE_PEOPLE: dict[str, tuple[str, str]] = {
    "case.released": ("改革办转来一份转办件", "请在“转办件”里查看并答复改革办。"),
    "case.answered": ("承办单位已答复转办件", "请用改革办自己的话转告上报人。"),
}


# event: (title, body) for those to whom a letter is addressed
TO_ADDRESSEE: dict[str, tuple[str, str]] = {
    "ledger_item.letter_voided": ("{letter}已作废", "{number}《{title}》已作废，不用再办。理由：{reason}"),
    "ledger_item.letter_accepted": ("函件反馈已认可", "{number}《{title}》的反馈已认可，办结。"),
    "ledger_item.letter_reply_returned": (
        "函件反馈被退回",
        "{number}《{title}》：{words}请于{until_on}前重新反馈。",
    ),
}

# event: (title, body) for the office's own people about a letter
TO_LETTER_PEOPLE: dict[str, tuple[str, str]] = {
    "letter.submitted": ("{letter}待签发", "《{title}》，主送{addressee}，请阅读后签发。"),
    "letter.sent_back": ("{letter}被退回修改", "《{title}》：{reason}"),
    "ledger_item.letter_replied": ("{letter}收到反馈", "{number}《{title}》，{addressee}已反馈，请审核。"),
}

# event: (title, body) for the person who put a problem before the commission
TO_ASKER: dict[str, tuple[str, str]] = {
    "problem.decided": ("提请的问题有了决定", "{bank_number}：{decision}已挂号{number}，{due}。"),
}


# event: (title, body) for the observers of a visit
TO_OBSERVERS: dict[str, tuple[str, str]] = {
    "site_visit.published": ("邀请您参加观摩", "{title}，{day}。请打开查看点位、时间和评分规则。"),
}

# event: (title, body) for the observers of a visit whose result is published or corrected
RESULT_TO_OBSERVERS: dict[str, tuple[str, str]] = {
    "score_round.published": ("观摩结果已公布", "{title}的结果已公布，封盘指纹{fingerprint}。{counted}"),
    "score_round.confirmed": ("观摩结果已更正", "{title}的评分规则更正后重新计算：{note}。{counted}"),
}

# event: (title, body) for the units that were scored; never who gave what
RESULT_TO_UNITS: dict[str, tuple[str, str]] = {
    "score_round.published": (
        "观摩评议结果已公布",
        "{title}的结果已公布，请打开查看贵单位{stops}的名次、得分和计分单。",
    ),
    "score_round.confirmed": (
        "观摩评议结果已更正",
        "{title}的评分规则更正后重新计算：{note}。请打开查看贵单位{stops}的名次、得分和计分单。",
    ),
}

# event: (title, body) for the members who are sent on a mission, and for its planner
TO_MISSION_PEOPLE: dict[str, tuple[str, str]] = {
    "mission.dispatched": ("您有一项督察任务", "{title}，{day}，请打开查看点位和检查项并接受任务。"),
    "mission.finished": (
        "督察任务已完成",
        "{title}：检查项完成{answered}/{questions}，不合格{failed}项，请处理问题建议。",
    ),
    "mission.cancelled": ("督察任务已取消", "{title}，原定{day}。"),
}


def timeline_words(event: str, detail: Mapping[str, Any]) -> str:
    """Return what a timeline says of an event."""
    said = {**detail, "alike": ALIKE if detail.get("alike") else ""}
    return TIMELINE[event].format_map(defaultdict(str, said))


def deed_names() -> dict[str, str]:
    """Return every event with its words, variable parts replaced by …, to choose from a list."""
    return {event: re.sub(r"(\{\w+\})+", "…", words) for event, words in TIMELINE.items()}


def pointer_words(event: str, detail: Mapping[str, Any]) -> tuple[str, str]:
    """Return title and body of a message that only points to where the matter is described."""
    title, body = POINTERS[event]
    return title, body.format_map(detail)
