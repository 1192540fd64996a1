"""Calendar feeds: a person's deadlines, missions and visits, behind a link that only they have and can revoke."""

from server.calendar_feeds.linking import FeedGone, make_link, revoke_link, whose
from server.calendar_feeds.writing import feed_of

__all__ = ["FeedGone", "feed_of", "make_link", "revoke_link", "whose"]
