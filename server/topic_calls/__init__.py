"""Topic calls (M18): one obligation for each addressed unit, its answer, and what was published with its source."""

from server.topic_calls.answering import ANSWER, answer_call
from server.topic_calls.calling import call_topic
from server.topic_calls.commands import AnswerCall, CallTopic, EnterMedia
from server.topic_calls.publishing import enter_media
from server.topic_calls.reading import (
    MediaFilter,
    answer_seen_by,
    answers_of,
    call_seen_by,
    calls_of,
    media_of,
    media_wanted,
    owed_for,
)

__all__ = [
    "ANSWER",
    "AnswerCall",
    "CallTopic",
    "EnterMedia",
    "MediaFilter",
    "answer_call",
    "answer_seen_by",
    "answers_of",
    "call_seen_by",
    "call_topic",
    "calls_of",
    "enter_media",
    "media_of",
    "media_wanted",
    "owed_for",
]
