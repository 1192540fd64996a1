"""The forms that the console sends about a thing; the phone's bodies are made from their types.

A placeholder in angle brackets is the id of the thing itself; with `own_`, that of the person's own thing.
"""

from typing import Any
from uuid import UUID

NEVER_YET = 2**31 - 1  # a version nobody has reached: a permitted request is told so, and nothing is changed
AT = {"version": NEVER_YET}
BECAUSE = AT | {"reason": "写错了"}
SAID = AT | {"words": "已经办了"}
TO_A_UNIT = AT | {"unit": "市住建局", "days": 5}
LATER = "2027-06-30"
GRANTED = AT | {"verdict": "granted"}
TRIAGE = {"kind": "bottleneck", "cause": "policy", "difficulty": "hard", "solver": "city"}
CASE = {"item_id": "<item_id>", "summary": "路面破损，需修复。", "seen_on": "2026-11-22", "seen_part": "day"}
RUBRIC = {"criterion-1-id": "c1", "criterion-1-name": "成效", "criterion-1-weight": "100"}
RUBRIC |= {"group-1-id": "a", "group-1-name": "专家组", "group-1-weight": "100"}
STOP = AT | {"name": "大厅", "opens": "09:00", "closes": "10:00"}
VISIT = {"title": "观摩", "held_on": LATER}

REMIND = {"deed": "remind", "words": "请抓紧办理", "item-<item_id>": NEVER_YET}

RULE = {
    "name": "每季度调度",
    "period": "quarter",
    "least": 1,
    "why": "试一试",
    "code": "taken",
}  # nobody is asked
PLACED = {"unit": "市住建局", "days": 5}

FORMS: dict[str, dict[str, Any]] = {
    "POST /console/obligations/<obligation_id:uuid>/proofs": {
        "kind": "month_report",
        "title": "月度报告",
        "done_on": "2026-11-22",
    },
    "POST /console/obligations/proofs/<proof_id:uuid>/withdrawal": {"reason": "交错了"},
    "POST /console/topic-calls/<call_id:uuid>/answers": {"title": "我们的做法"},
    "POST /console/cadences": RULE,
    "POST /console/cadences/<code:str>": RULE | AT,
    "POST /console/meetings/<meeting_id:uuid>/decisions": AT | {"text": "抓紧办理"},
    "POST /console/meetings/<meeting_id:uuid>/voiding": BECAUSE,
    "POST /console/meetings/<meeting_id:uuid>/decisions/<decision_id:uuid>/ledger-item": PLACED,
    "POST /console/month-reports/<report_id:uuid>/sending": AT
    | {"sent_to": "自治区改革办", "sent_on": "2026-11-30"},
    "POST /console/month-reports/requests/<request_id:uuid>/answer": AT | {"answer": "已协调"},
    "POST /console/month-reports/requests/<request_id:uuid>/ledger-item": AT | PLACED,
    "POST /console/cases": CASE,
    "POST /console/cases/<case_id:uuid>/forwarding": {"words": "已经修好"},
    "POST /console/cases/<case_id:uuid>/withdrawal": {"reason": "写错了"},
    "POST /console/reasons/<reason_id:uuid>/restoration": AT,
    "POST /console/reasons/<reason_id:uuid>/retirement": AT,
    "POST /console/reasons/<reason_id:uuid>/wording": AT
    | {"label": "理由", "text": "这样写已经足够长了吧。"},
    "POST /console/contents/<check_id:uuid>/decision": AT | {"decision": "passed"},
    "POST /console/ledger/<item_id:uuid>/close-out-decisions": GRANTED,
    "POST /console/ledger/<item_id:uuid>/close-out-requests": AT | {"text": "已经修好"},
    "POST /console/ledger/<item_id:uuid>/dispatches": TO_A_UNIT,
    "POST /console/ledger/<item_id:uuid>/extension-decisions": GRANTED,
    "POST /console/ledger/<item_id:uuid>/returns": BECAUSE,
    "POST /console/ledger/<item_id:uuid>/retention-decisions": GRANTED,
    "POST /console/ledger/<item_id:uuid>/retention-requests": BECAUSE | {"review_on": LATER},
    "POST /console/ledger/<item_id:uuid>/extensions": BECAUSE | {"until_on": LATER},
    "POST /console/ledger/<item_id:uuid>/letters": {"kind": "urging_letter"},
    "POST /console/ledger/<item_id:uuid>/links": BECAUSE | {"to": "<own_item_number>"},
    "POST /console/ledger/<item_id:uuid>/mergers": BECAUSE | {"into": "<own_item_number>"},
    "POST /console/ledger/<item_id:uuid>/postponements": BECAUSE | {"until_on": LATER},
    "POST /console/ledger/<item_id:uuid>/re-registrations": BECAUSE,
    "POST /console/ledger/<item_id:uuid>/progress-reports": AT | {"percent": 10, "text": "已进场"},
    "POST /console/ledger/<item_id:uuid>/acknowledgements": AT,
    "POST /console/ledger/<item_id:uuid>/reminders": SAID,
    "POST /console/ledger/<item_id:uuid>/resumptions": BECAUSE,
    "POST /console/ledger/<item_id:uuid>/retentions": AT | {"note": "长期推进", "next_review_on": LATER},
    "POST /console/ledger/<item_id:uuid>/splits": AT | {"titles": "东段坑槽\n西段坑槽"},
    "POST /console/ledger/<item_id:uuid>/transfers": BECAUSE | {"unit": "市住建局"},
    "POST /console/ledger/<item_id:uuid>/voidings": BECAUSE,
    "POST /console/ledger/<item_id:uuid>/amendments": AT | {"title": "坑槽"},
    "POST /console/ledger/batches/previews": REMIND,
    "POST /console/letters/drafts": {"item-<item_id>": "reminder_letter"},
    "POST /console/letters/desk/submissions": {"letter-<letter_id>": NEVER_YET},
    "POST /console/letters/desk/sign-offs": {"letter-<letter_id>": NEVER_YET},
    "POST /console/letters/<letter_id:uuid>/wording": AT | {"title": "提醒函", "body": "请抓紧办理。"},
    "POST /console/letters/<letter_id:uuid>/redrafting": AT,
    "POST /console/letters/<letter_id:uuid>/submission": AT,
    "POST /console/letters/<letter_id:uuid>/returns": BECAUSE,
    "POST /console/letters/<letter_id:uuid>/sign-off": AT,
    "POST /console/letters/<letter_id:uuid>/voiding": BECAUSE,
    "POST /console/letters/<letter_id:uuid>/receipt": AT,
    "POST /console/letters/<letter_id:uuid>/replies": AT | {"text": "已经整改"},
    "POST /console/letters/<letter_id:uuid>/reply-decisions": AT | {"accepted": "true"},
    "POST /console/missions/<mission_id:uuid>/cancellation": BECAUSE,
    "POST /console/missions/<mission_id:uuid>/dismissals": {"answer_id": "<answer_id>", "reason": "不成立"},
    "POST /console/missions/<mission_id:uuid>/dispatch": AT,
    "POST /console/missions/<mission_id:uuid>/problems": {"answer_id": "<answer_id>"},
    "POST /console/site-visits/<visit_id:uuid>/board/moves": {"move": "next", "seen": 0},
    "POST /console/people/<person_id:uuid>/duties": {"role": "department_contact"},  # without a unit: refused
    "POST /console/exports/<kind:str>": {"year": 2026},
    "POST /console/people/<person_id:uuid>/hand-over": {"leaves": "on"},
    "POST /console/people/organisations/<organisation_id:uuid>/name": {"name": "市委改革办"},
    "POST /console/people/organisations/<organisation_id:uuid>/place": {"below": "<organisation_id>"},
    "POST /console/people/<person_id:uuid>/login": {"username": "somebody"},
    "POST /console/problems/<problem_id:uuid>/decisions": SAID | TO_A_UNIT | {"decided_on": "2026-11-20"},
    "POST /console/problems/<problem_id:uuid>/escalations": AT | {"request": "请协调"},
    "POST /console/problems/<problem_id:uuid>/follow-ups": AT | {"text": "已经办了"},
    "POST /console/problems/<problem_id:uuid>/ledger-items": TO_A_UNIT,
    "POST /console/problems/<problem_id:uuid>/mergers": BECAUSE | {"into": "<own_problem_number>"},
    "POST /console/problems/<problem_id:uuid>/settlements": AT | {"text": "已经办了"},
    "POST /console/policies/<policy:str>": AT | {"why": "试行", "content.review_days": "2"},
    "POST /console/policies/<policy:str>/trial": {"content.review_days": "2"},
    "POST /console/problems/<problem_id:uuid>/triages": AT | TRIAGE,
    "POST /console/review/<observation_id:uuid>/acceptance": AT | {"title": "坑槽", "kind": "problem"},
    "POST /console/review/<observation_id:uuid>/handing-over": AT
    | {"office_id": str(UUID(int=0)), "reason": "不归我们"},
    "POST /console/people/<person_id:uuid>/contacts": {"email": "a@b.cn"},
    "POST /console/people/<person_id:uuid>/substitutes": {"designation": "无此人", "since_on": "2026-12-01"},
    "POST /console/reminders/rules/<kind:str>/preview": {
        **{"offsets": "-3，0", "urgency": "routine", "title": "事项{时限}", "body": "{编号}"},
        **{"to_commissioner": "true", "is_on": "true"},
    },
    "POST /console/reminders/rules/<kind:str>": AT
    | {"offsets": "-3，0", "urgency": "routine", "title": "事项{时限}", "body": "{编号}", "why": "试行"}
    | {"to_commissioner": "true", "is_on": "true"},
    "POST /console/review/<observation_id:uuid>/messages": {"text": "请问门牌号？"},
    "POST /console/review/<observation_id:uuid>/joining": AT | {"item_id": "<item_id>"},
    "POST /console/review/<observation_id:uuid>/question": AT | {"reason": "unclear_place"},
    "POST /console/review/<observation_id:uuid>/redactions": {"photo_id": "<photo_id>", "boxes": "[]"},
    "POST /console/review/<observation_id:uuid>/refusal": AT | {"reason": "not_reform"},
    "POST /console/sealing/keys/drills/<drill_id:uuid>/answers": {"holder": "A", "proof": "0" * 64},
    "POST /console/sealing/openings/<opening_id:uuid>/answers": {"answer": "abc"},
    "POST /console/site-visits/<visit_id:uuid>/cancellation": {"reason": "改期"},
    "POST /console/site-visits/<visit_id:uuid>/asks": {"kind": "unlock", "note": "漏了一组"},
    "POST /console/site-visits/<visit_id:uuid>/check-ins": {
        "stop_id": "<stop_id>",
        "observer_id": "<observer_id>",
        "reason": "手机没电",
    },
    "POST /console/site-visits/<visit_id:uuid>/check-ins/<check_in_id:uuid>/rejection": {"reason": "没来"},
    "POST /console/site-visits/<visit_id:uuid>/confirmations": {
        f"check-in-{UUID(int=0)}": "1",
        "reason": "见到本人",
    },
    "POST /console/site-visits/<visit_id:uuid>/exceptions": {"judge_id": "<judge_id>", "reason": "晚到"},
    "POST /console/site-visits/<visit_id:uuid>/exclusions": {
        "judge_id": "<judge_id>",
        "stop-<stop_id>": "1",
        "reason": "没来",
    },
    "POST /console/site-visits/<visit_id:uuid>/recusals": {
        "judge_id": "<judge_id>",
        "entry_id": "<stop_id>",
        "reason": "亲属",
    },
    "POST /console/site-visits/<visit_id:uuid>/signals/<signal_id:uuid>": {"words": "已核实"},
    "POST /console/site-visits/<visit_id:uuid>/copies": VISIT,
    "POST /console/site-visits/<visit_id:uuid>/observers": {"group": "a", "person-<person_id>": "1"},
    "POST /console/site-visits/<visit_id:uuid>/corrections": RUBRIC | {"note": "权重写反了"},
    "POST /console/site-visits/<visit_id:uuid>/observers/confirmations": {"token": "x"},
    "POST /console/site-visits/<visit_id:uuid>/plan": AT | VISIT | RUBRIC,
    "POST /console/site-visits/<visit_id:uuid>/publication": AT,
    "POST /console/site-visits/<visit_id:uuid>/rules": RUBRIC | {"reason": "写错了"},
    "POST /console/site-visits/<visit_id:uuid>/stop-order": AT | {"stop_id": "<stop_id>", "move": "up"},
    "POST /console/site-visits/<visit_id:uuid>/stops": STOP,
    "POST /console/site-visits/<visit_id:uuid>/stops/<stop_id:uuid>": STOP,
    "POST /console/team/<member_id:uuid>/certificates": {"valid_until": LATER},
    "POST /console/team/<member_id:uuid>/revocations": {
        "certificate_id": "<certificate_id>",
        "because": "离队",
    },
    "POST /console/team/<member_id:uuid>/trainings": {"subject": "拍照", "held_on": "2026-11-20", "hours": 2},
    "POST /console/templates/<purpose:str>/preview": {"title": "交办", "body": "{编号}"},
    "POST /console/templates/<purpose:str>/restoration": AT | {"earlier": 1},
    "POST /console/templates/<purpose:str>/wording": AT
    | {"title": "交办", "body": "{编号}，期限{期限}。", "why": "新格式"},
    "POST /console/views/<view_id:uuid>/name": {"name": "另一个名字"},
}
# Where not the address but its query names the thing.
QUERIES = {
    "GET /api/v1/reminders": {"subject_id": "<item_id>"},
    "GET /console/cases/new": {"item_id": "<item_id>"},
    "GET /console/ledger/batches": REMIND,
}
