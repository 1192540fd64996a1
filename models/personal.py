"""Personal data by column: whose it is, what it is, how it lies, how long it stays (PRI-01).

`scripts/words` writes server/reference/data_map.md from this table and the models. A column that holds personal data
stands here, or tests/models/test_personal.py says so. Columns that only point at a person are found by themselves.
"""

from dataclasses import dataclass

REPORTER, STAFF, OBSERVER, HOLDER, ANYBODY = "上报人", "有职责的人", "观察员", "保管人", "每个登录的人"
SEALED = "加密存放，密钥不在数据库里"
HASHED = "只存带密钥的摘要，不能还原"
APART = "加密存放，只有专门的数据库角色能读"
PLAIN = "明文，按职责范围可见"

WITH_ACCOUNT = "群众申请注销满7天删除；有职责的人由改革办办理"
WITH_ENTRY = "随登记保存，属于办理档案"


@dataclass(frozen=True)
class Personal:
    """Columns of one table that hold personal data."""

    columns: tuple[str, ...]
    whose: str
    what: str
    lies: str
    stays: str


# What lies in free words may name people: the office's own, and those of reporters.
WORDS_OF_REPORTERS = "上报人自己写的话，可能提到自己或别人"
WORDS_OF_OFFICE = "办理中写的话，可能提到工作人员"

PERSONAL: dict[str, tuple[Personal, ...]] = {
    "person": (
        Personal(("designation", "search_text"), ANYBODY, "称呼；群众是系统起的代号", PLAIN, WITH_ACCOUNT),
    ),
    "identity": (
        Personal(("real_name_sealed", "real_name_lookup"), STAFF, "真实姓名", APART, WITH_ACCOUNT),
        Personal(("phone_sealed", "phone_lookup"), STAFF, "手机号", APART, WITH_ACCOUNT),
        Personal(("email_sealed", "wecom_sealed"), STAFF, "邮箱、企业微信账号", APART, WITH_ACCOUNT),
        Personal(("openid_sealed", "openid_lookup"), ANYBODY, "微信账号标识", APART, WITH_ACCOUNT),
        Personal(
            ("unionid_sealed", "unionid_lookup", "service_openid_sealed"),
            STAFF,
            "微信开放平台和服务号标识",
            APART,
            WITH_ACCOUNT,
        ),
        Personal(("nickname_sealed", "avatar_sealed"), ANYBODY, "昵称、头像", APART, WITH_ACCOUNT),
    ),
    "salt": (Personal(("sealed",), REPORTER, "找到本人上报要用的随机数", APART, WITH_ACCOUNT),),
    "reporter": (
        Personal(("mark", "box"), REPORTER, "上报和上报人之间的联系", APART, "随上报；注销后不再能打开"),
    ),
    "escrow": (
        Personal(
            ("envelope_sealed", "handed_on"),
            REPORTER,
            "密封上报人的身份信封",
            "三人各持一份密钥，两人才能打开",
            "答复180天后销毁",
        ),
    ),
    "escrow_opening": (
        Personal(("reader_name", "answers"), HOLDER, "打开信封的申请和答复", PLAIN, WITH_ENTRY),
    ),
    "keyset": (Personal(("holders",), HOLDER, "保管人名单和公钥", PLAIN, WITH_ENTRY),),
    "sealed_access": (
        Personal(("capability_hash", "recovery_key"), REPORTER, "取件码的摘要", HASHED, "随密封上报"),
    ),
    "observation": (
        Personal(("text", "body", "place_name"), REPORTER, WORDS_OF_REPORTERS, PLAIN, WITH_ENTRY),
        Personal(
            ("latitude", "longitude", "wgs_latitude", "wgs_longitude"),
            REPORTER,
            "上报时所在的位置",
            "明文，承办单位看不到",
            WITH_ENTRY,
        ),
        Personal(("reporter_role",), REPORTER, "以什么身份上报", PLAIN, WITH_ENTRY),
    ),
    "observation_revision": (Personal(("body",), REPORTER, WORDS_OF_REPORTERS, PLAIN, WITH_ENTRY),),
    "sealed_arrival": (
        Personal(("columns",), REPORTER, "密封上报的内容，等整点一起登记", PLAIN, "一小时内登记后删除"),
    ),
    "thread_message": (Personal(("text",), REPORTER, WORDS_OF_REPORTERS, PLAIN, WITH_ENTRY),),
    "recheck": (Personal(("text",), REPORTER, WORDS_OF_REPORTERS, PLAIN, WITH_ENTRY),),
    "photo": (
        Personal(("claims_sealed",), REPORTER, "照片自带的时间、位置和手机型号", SEALED, "随原图保存"),
    ),
    "session": (
        Personal(("token_hash", "device"), ANYBODY, "登录凭证、设备型号", HASHED, "退出或到期即失效"),
    ),
    "console_login": (
        Personal(
            ("username", "password_hash", "totp_sealed"),
            STAFF,
            "登录名、密码和动态口令",
            HASHED,
            WITH_ACCOUNT,
        ),
    ),
    "invitation": (Personal(("code_hash",), STAFF, "邀请码", HASHED, "14天有效"),),
    "duty": (Personal(("title",), STAFF, "职务", PLAIN, "离任后作为档案保存"),),
    "read_marks": (Personal(("sealed",), ANYBODY, "哪天读过哪些消息", SEALED, WITH_ACCOUNT),),
    "reminder_setting": (
        Personal(
            ("quiet_from", "quiet_until", "feed_hash"), STAFF, "个人免打扰时间、日历链接", PLAIN, WITH_ACCOUNT
        ),
    ),
    "idempotency_key": (Personal(("answer_sealed",), ANYBODY, "为重发保存的答复", SEALED, "7天后删除"),),
    "check_in": (
        Personal(
            ("evidence", "device_mark"), OBSERVER, "签到的位置和设备", "设备只存带密钥的摘要", WITH_ENTRY
        ),
    ),
    "ballot": (Personal(("scores",), OBSERVER, "封盘前的打分", "加密存放，封盘后与人分开", "封盘时删除"),),
    "ballot_trace": (Personal(("device_mark",), OBSERVER, "打分设备的摘要", HASHED, "核查结束、封盘时删除"),),
    "meeting": (Personal(("attendees",), STAFF, "参会人员", PLAIN, WITH_ENTRY),),
    "topic_answer": (Personal(("title", "text"), STAFF, "单位报送的材料，可能写到人物", PLAIN, WITH_ENTRY),),
    "media_item": (
        Personal(("title", "consent"), ANYBODY, "报道的人物、同意刊发的人和记录", PLAIN, WITH_ENTRY),
    ),
    "ledger_item": (
        Personal(("summary",), STAFF, WORDS_OF_OFFICE, PLAIN, WITH_ENTRY),
        Personal(
            ("wgs_latitude", "wgs_longitude"), REPORTER, "来源上报的位置", "明文，承办单位看不到", WITH_ENTRY
        ),
    ),
    "problem": (Personal(("summary", "triage_words"), STAFF, WORDS_OF_OFFICE, PLAIN, WITH_ENTRY),),
    "unit_case": (Personal(("summary",), STAFF, WORDS_OF_OFFICE, PLAIN, WITH_ENTRY),),
    "case_answer": (Personal(("text", "forwarded_words"), STAFF, WORDS_OF_OFFICE, PLAIN, WITH_ENTRY),),
    "letter": (Personal(("body",), STAFF, WORDS_OF_OFFICE, PLAIN, WITH_ENTRY),),
    "letter_reply": (Personal(("text",), STAFF, WORDS_OF_OFFICE, PLAIN, WITH_ENTRY),),
    "progress_report": (Personal(("text", "next_step"), STAFF, WORDS_OF_OFFICE, PLAIN, WITH_ENTRY),),
    "close_out_request": (Personal(("text", "reply"), STAFF, WORDS_OF_OFFICE, PLAIN, WITH_ENTRY),),
    "journal_entry": (Personal(("detail",), STAFF, "办理步骤的内容，没有上报人", PLAIN, "永久，存证"),),
    "journal_actor": (Personal(("actor_id",), STAFF, "谁办的哪一步，没有上报人", PLAIN, "永久，存证"),),
}

# Tables without anything of a person, besides who acted: whoever adds a table decides where it belongs.
# fmt: off
IMPERSONAL = frozenset((
    "agenda_entry", "annual_task_list", "assessment_feed", "cadence_rule", "cadence_rule_version", "calendar_day",
    "calendar_notice", "case_batch", "case_picture", "certificate", "checklist_answer", "checklist_question",
    "code_screen", "consent", "content_check", "coordination_request", "delivery", "digest_failures",
    "digest_sent", "escrow_drill", "export", "extension", "file_arrival", "file_line", "giving_back",
    "inbox_message", "item_link", "job_run", "ledger_import", "manifest_line", "meeting_decision", "mission",
    "mission_member", "mission_stop", "month_report", "named_ballot", "not_counted", "number_series",
    "obligation", "observer_import", "old_entry", "organisation", "participation", "photo_day", "policy",
    "policy_version", "problem_source", "proof", "reason", "reason_version", "recusal", "redaction",
    "reform_task", "reminder", "reminder_rule", "reminder_rule_version", "rendition", "report_message",
    "retention_request", "round_ask", "saved_view", "score_entry", "score_exclusion", "score_judge",
    "score_result", "score_round", "score_signal", "sealed_ballot", "sealed_comment", "site_visit",
    "spent_ticket", "subscribe_message", "subscription_quota", "substitution", "task_import", "team_member",
    "template", "template_version", "ticket_day", "topic_call", "training_record", "upload", "used_code", "visit_board",
    "visit_observer", "visit_stop",
))
# fmt: on
