"""The shapes in which WeChat's events were seen in the field, read into our words."""

import pytest

from server.gateways.wechat import PictureVerdict, SubscriptionChange, Verdict
from server.gateways.wechat import read_picture_verdict as read_picture
from server.gateways.wechat import read_subscription_changes as read_changes

PICTURE = {"Event": "wxa_media_check", "trace_id": "t-1", "version": 2}


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({"errcode": 0, "result": {"suggest": "risky", "label": 20001}}, Verdict("risky", 20001)),
        ({"result": {"suggest": "pass", "label": "100"}}, Verdict("pass", 100)),
        ({"errcode": "0", "result": {"suggest": "review", "label": "20002"}}, Verdict("review", 20002)),
        ({"result": {"suggest": "risky", "label": "9" * 9}}, Verdict("risky", 999_999_999)),
        ({"result": {"suggest": "risky", "label": "9" * 10}}, Verdict("risky")),
        ({"result": {"suggest": "risky", "label": "9" * 5000}}, Verdict("risky")),
        ({"isrisky": 0}, Verdict("review")),
        ({"result": {"suggest": "fine"}}, Verdict("review")),
        ({"result": None}, Verdict("review")),
    ],
)
def test_only_a_readable_pass_is_a_pass(told, verdict):
    assert read_picture(PICTURE | told) == PictureVerdict("t-1", verdict)


@pytest.mark.parametrize("told", [{"result": {"suggest": "pass", "label": 100}}, {"detail": []}])
@pytest.mark.parametrize("errcode", [-1008, "-1008", 1])
def test_a_picture_that_was_not_seen_has_not_passed(told, errcode):
    assert read_picture(PICTURE | told | {"errcode": errcode}) == PictureVerdict(
        "t-1", Verdict("review"), was_seen=False
    )


def test_other_events_are_no_verdict():
    assert read_picture({"Event": "subscribe_msg_sent_event", "trace_id": "t-1"}) is None
    assert read_picture({"Event": "wxa_media_check"}) is None


ACCEPT = {"TemplateId": "due-soon", "SubscribeStatusString": "accept", "PopupScene": "0"}
REJECT = {"TemplateId": "letter", "SubscribeStatusString": "reject", "PopupScene": "0"}
ACCEPTED = SubscriptionChange("openid-li", "due-soon", "accepted")
REJECTED = SubscriptionChange("openid-li", "letter", "rejected")


@pytest.mark.parametrize(
    ("told", "changes"),
    [
        ({"List": ACCEPT}, [ACCEPTED]),
        ({"List": [ACCEPT, REJECT]}, [ACCEPTED, REJECTED]),
        ({"SubscribeMsgPopupEvent": {"List": [ACCEPT, REJECT]}}, [ACCEPTED, REJECTED]),
        ({"SubscribeMsgPopupEvent": {"List": REJECT}}, [REJECTED]),
        ({"SubscribeMsgPopupEvent": [ACCEPT]}, [ACCEPTED]),
        ({"List": []}, []),
        ({"List": "rubbish"}, []),
        ({"List": [{"TemplateId": "x"}, {}]}, []),
        ({}, []),
    ],
)
def test_one_entry_or_many_with_or_without_a_list(told, changes):
    event = {"Event": "subscribe_msg_popup_event", "FromUserName": "openid-li"}
    assert read_changes(event | told) == changes


@pytest.mark.parametrize(("code", "outcome"), [(0, "sent"), ("0", "sent"), (3, "failed"), ("3", "failed")])
def test_what_became_of_a_message(code, outcome):
    entry = {"TemplateId": "due-soon", "MsgID": "1", "ErrorCode": code, "ErrorStatus": "success"}
    event = {"Event": "subscribe_msg_sent_event", "FromUserName": "openid-li", "List": entry}
    assert read_changes(event) == [SubscriptionChange("openid-li", "due-soon", outcome, "1")]


def test_other_events_change_no_subscription():
    assert read_changes({"Event": "wxa_media_check", "List": ACCEPT}) == []
