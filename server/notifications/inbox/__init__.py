"""The inbox: messages to people in words made for them."""

from server.notifications.inbox.read_marks import read_by, reseal_read_marks
from server.notifications.inbox.reading import (
    Message,
    all_messages_of,
    count_of,
    mark_all_read,
    mark_read,
    messages_of,
    unread_of,
)
from server.notifications.inbox.taking_back import take_back
from server.notifications.inbox.telling import tell_commissioner
from server.notifications.inbox.telling_cases import tell_case_opener, tell_case_unit
from server.notifications.inbox.telling_deeds import Told, tell, what
from server.notifications.inbox.telling_letters import tell_addressee, tell_letter_people
from server.notifications.inbox.telling_missions import tell_members, tell_planner
from server.notifications.inbox.telling_observers import tell_observer, tell_observers
from server.notifications.inbox.telling_people import tell_successor
from server.notifications.inbox.telling_photos import tell_owner_of_photo
from server.notifications.inbox.telling_problems import tell_who_escalated
from server.notifications.inbox.telling_reporters import tell_reporter, tell_reporters_of_item
from server.notifications.inbox.telling_results import tell_result
from server.notifications.inbox.wording import deed_names, timeline_words

__all__ = [
    "Message",
    "Told",
    "all_messages_of",
    "count_of",
    "deed_names",
    "mark_all_read",
    "mark_read",
    "messages_of",
    "read_by",
    "reseal_read_marks",
    "take_back",
    "tell",
    "tell_addressee",
    "tell_case_opener",
    "tell_case_unit",
    "tell_commissioner",
    "tell_letter_people",
    "tell_members",
    "tell_observer",
    "tell_observers",
    "tell_owner_of_photo",
    "tell_planner",
    "tell_reporter",
    "tell_reporters_of_item",
    "tell_result",
    "tell_successor",
    "tell_who_escalated",
    "timeline_words",
    "unread_of",
    "what",
]
