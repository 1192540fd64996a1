"""What WeChat may answer instead of yes, in our own words. The class says what to do next."""


class WeChatError(Exception):
    """WeChat did not do what it was asked. `errcode` is its own number, None if it gave none."""

    def __init__(self, detail: str = "", *, errcode: int | None = None) -> None:
        super().__init__(detail if errcode is None else f"{errcode}: {detail}")
        self.errcode = errcode


class CodeRefused(WeChatError):
    """The code is wrong, too old or used up: the phone fetches a new one and starts over."""


class RiskyAccount(WeChatError):
    """WeChat bars this account from signing in: the person gets words and a telephone number, no loop."""


class WeChatBusy(WeChatError):
    """Nothing was done; the same request may be sent again after a pause."""


class TokenRefused(WeChatBusy):
    """WeChat refuses even a fresh token. Nothing was done; somebody should look at the settings."""


class QuotaSpent(WeChatError):
    """Today's quota of this call is spent; nothing of this kind until tomorrow."""


class ReceiverRefused(WeChatError):
    """This person cannot be told this way: no credit left (43101), or the openid is not ours (40003)."""


class NotSeenLately(WeChatError):
    """Content is only checked for people seen within two hours; a human decides instead."""


class ContentRefused(WeChatError):
    """WeChat found the content itself unlawful (87014)."""


class OurFault(WeChatError):
    """The request or our settings are wrong: repeating is useless, somebody must be alarmed."""


class OutcomeUnknown(WeChatError):
    """The request was written and no readable answer came back: it may have been carried out."""


class CallbackForged(Exception):
    """This callback does not come from WeChat as WeChat sent it. It changes nothing."""


class CallbackRepeated(CallbackForged):
    """A genuine callback that was opened before: answer `success`, do nothing."""


# The token is unknown, wrong or too old.
TOKEN_CODES = frozenset({40001, 40014, 42001})

# WeChat's numbers and what they mean to us; a number not listed here is `OurFault`.
MEANING: dict[int, type[WeChatError]] = {
    -1: WeChatBusy,
    45011: WeChatBusy,
    40029: CodeRefused,
    40163: CodeRefused,
    40226: RiskyAccount,
    45009: QuotaSpent,
    40003: ReceiverRefused,
    43101: ReceiverRefused,
    43104: ReceiverRefused,
    # These three are seen in the field and documented nowhere.
    43107: ReceiverRefused,
    43108: ReceiverRefused,
    45168: ReceiverRefused,
    61010: NotSeenLately,
    87014: ContentRefused,
}


def meaning_of(errcode: int, errmsg: str) -> WeChatError:
    """The error that `errcode` means; the detail keeps WeChat's own words, which name a wrong field."""
    return MEANING.get(errcode, OurFault)(errmsg[:200], errcode=errcode)
