"""WeChat's errors in our terms. The class says what to do next."""


class WeChatError(Exception):
    """WeChat did not do what it was asked. `errcode` is its own number, None if it gave none."""

    def __init__(self, detail: str = "", *, errcode: int | None = None) -> None:
        super().__init__(detail if errcode is None else f"{errcode}: {detail}")
        self.errcode = errcode


class CodeRefused(WeChatError):
    """The code is wrong, too old or used up: the phone fetches a new one and starts over."""


class RiskyAccount(WeChatError):
    """WeChat bars this account from signing in: the person gets an explanation and a telephone number, no loop."""


class WeChatBusy(WeChatError):
    """Nothing was done; the same request may be sent again after a pause."""


class TokenRefused(WeChatBusy):
    """WeChat refuses even a fresh token. Nothing was done; somebody should check the settings."""


class QuotaSpent(WeChatError):
    """Today's quota of this call is used up; the call fails until tomorrow."""


class ReceiverRefused(WeChatError):
    """This person cannot be told this way: no credit left, or no wish to be told (43101)."""


class NotSeenLately(WeChatError):
    """WeChat checks content only for people seen within two hours; a person decides instead."""


class ContentRefused(WeChatError):
    """WeChat found the content itself unlawful (87014)."""


class OurFault(WeChatError):
    """The request or our settings are wrong: repeating is useless, somebody must be alerted."""


class OutcomeUnknown(WeChatError):
    """The request was sent and no readable answer came back: it may have been carried out."""


class CallbackForged(Exception):
    """This callback does not come from WeChat unaltered. It changes nothing."""


class CallbackRepeated(CallbackForged):
    """A genuine callback that was opened before: answer `success`, do nothing."""


# The token is unknown, wrong or too old.
TOKEN_CODES = frozenset({40001, 40014, 42001})

# WeChat's numbers and their meaning; a number not listed here is `OurFault`.
MEANING: dict[int, type[WeChatError]] = {
    -1: WeChatBusy,
    45011: WeChatBusy,
    40029: CodeRefused,
    40163: CodeRefused,
    40226: RiskyAccount,
    45009: QuotaSpent,
    43101: ReceiverRefused,
    43104: ReceiverRefused,
    # These three occur in practice and are documented nowhere.
    43107: ReceiverRefused,
    43108: ReceiverRefused,
    45168: ReceiverRefused,
    61010: NotSeenLately,
    87014: ContentRefused,
}


def meaning_of(errcode: int, errmsg: str) -> WeChatError:
    """Return the error that `errcode` means; the detail keeps WeChat's own message, which names a wrong field."""
    return MEANING.get(errcode, OurFault)(errmsg[:200], errcode=errcode)
