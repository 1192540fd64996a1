"""How sending a message ended, in the same terms for every channel. The class says what to do next (R4.3)."""


class NotSent(Exception):
    """The message was not taken. `errcode` is the other side's own number, None if it gave none."""

    def __init__(self, words: str = "", *, errcode: int | None = None) -> None:
        super().__init__(words[:200])
        self.errcode = errcode


class TryLater(NotSent):
    """Nothing was done; the same message may be sent again after a pause."""


class QuotaUsedUp(NotSent):
    """The channel takes nothing more today."""


class AddresseeRefused(NotSent):
    """This person can't be reached by this channel now."""


class MessageRefused(NotSent):
    """The message or our settings are wrong: repeating is useless, somebody must be alerted."""


class OutcomeNotKnown(NotSent):
    """The message went out and no readable answer came back: it may have arrived."""
