"""Staffing: people leave or hand over, duties and units end, and no work is left without a person (ADM-04)."""

from server.staffing.closing import close_organisation
from server.staffing.ending import end_duty
from server.staffing.handing_over import hand_over
from server.staffing.work_held import WorkHeld, successors_of, work_of

__all__ = [
    "WorkHeld",
    "close_organisation",
    "end_duty",
    "hand_over",
    "successors_of",
    "work_of",
]
