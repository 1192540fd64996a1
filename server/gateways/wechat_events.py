"""The events WeChat pushes, in our terms. JSON and XML differ, and a single entry comes without a list."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Suggestion = Literal["pass", "review", "risky"]
LABEL = re.compile(r"\d{1,9}")
Outcome = Literal["accepted", "rejected", "sent", "failed"]


@dataclass(frozen=True)
class Verdict:
    """WeChat's judgement of content. `label` is its category (100 is harmless), 0 if it named none."""

    suggest: Suggestion
    label: int = 0


@dataclass(frozen=True)
class PictureVerdict:
    """The late answer to `check_picture`; `was_seen` is False if the picture could not be fetched (-1008)."""

    trace_id: str
    verdict: Verdict
    was_seen: bool = True


@dataclass(frozen=True)
class SubscriptionChange:
    """What happened to one person's subscription to one template."""

    openid: str
    template: str
    outcome: Outcome
    message_id: str = ""  # WeChat's number of the message, for `sent` and `failed`


def read_verdict(told: object) -> Verdict:
    """Parse WeChat's `result` as a verdict; anything unreadable goes to a person (`review`)."""
    match told:
        case {"suggest": "pass" | "review" | "risky" as suggest, **rest}:
            label = LABEL.fullmatch(str(rest.get("label", 0)))
            return Verdict(suggest, int(label[0]) if label else 0)
    return Verdict("review")


def read_picture_verdict(event: Mapping[str, Any]) -> PictureVerdict | None:
    """Return the verdict in a `wxa_media_check` event, None for other events. Not downloaded (-1008) is `review`."""
    if event.get("Event") != "wxa_media_check" or not event.get("trace_id"):
        return None
    trace_id = str(event["trace_id"])
    if str(event.get("errcode", 0)) != "0":
        return PictureVerdict(trace_id, Verdict("review"), was_seen=False)
    return PictureVerdict(trace_id, read_verdict(event.get("result")))


def read_subscription_changes(event: Mapping[str, Any]) -> list[SubscriptionChange]:
    """Return the changes in a `subscribe_msg_…_event`; empty for other events."""
    if not str(event.get("Event", "")).startswith("subscribe_msg_"):
        return []
    return [
        SubscriptionChange(
            str(event.get("FromUserName", "")),
            str(entry["TemplateId"]),
            outcome,
            str(entry.get("MsgID", "")),
        )
        for entry in _entries(event)
        if "TemplateId" in entry and (outcome := _outcome(entry))
    ]


def _outcome(entry: Mapping[str, Any]) -> Outcome | None:
    match entry:
        case {"SubscribeStatusString": "accept"}:
            return "accepted"
        case {"SubscribeStatusString": "reject"}:
            return "rejected"
        case {"ErrorCode": code}:
            return "sent" if str(code) == "0" else "failed"
    return None


def _entries(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the entries under `List`, one or many, in the event itself or in a part named after it."""
    for name, told in event.items():
        if name == "List":
            yield from (
                entry for entry in (told if isinstance(told, list) else [told]) if isinstance(entry, dict)
            )
        elif name.startswith("SubscribeMsg") and isinstance(told, dict):
            yield from _entries(told)
        elif name.startswith("SubscribeMsg"):
            yield from _entries({"List": told})
