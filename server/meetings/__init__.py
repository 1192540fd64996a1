"""Meetings and month reports (M01, M02): each counts for what its organisation owes, and opens ledger items."""

from server.meetings.chairs import chairs
from server.meetings.deciding import answer_request, put_decision, put_request
from server.meetings.reading import (
    MeetingFilter,
    ReportFilter,
    RequestFilter,
    decisions_of,
    meeting_seen_by,
    meetings_of,
    meetings_wanted,
    report_seen_by,
    reports_of,
    reports_wanted,
    requests_of,
    requests_waiting,
)
from server.meetings.recording import KINDS, MEETING, add_decision, record, void
from server.meetings.reporting import REPORT, hand_in_report, send_report

__all__ = [
    "KINDS",
    "MEETING",
    "REPORT",
    "MeetingFilter",
    "ReportFilter",
    "RequestFilter",
    "add_decision",
    "answer_request",
    "chairs",
    "decisions_of",
    "hand_in_report",
    "meeting_seen_by",
    "meetings_of",
    "meetings_wanted",
    "put_decision",
    "put_request",
    "record",
    "report_seen_by",
    "reports_of",
    "reports_wanted",
    "requests_of",
    "requests_waiting",
    "send_report",
    "void",
]
