"""WeChat's answers: always status 200, a number and a few words."""

WORDS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40037: "invalid template_id",
    40125: "invalid appsecret",
    40163: "code been used",
    40169: "invalid scene",
    40226: "high risk user, mini program login has been intercepted",
    41001: "access_token missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, mustslower, retry next minute",
    47001: "data format error",
    47003: "argument invalid!",
    61010: "code is expired",
    87014: "risky content",
}


class No(Exception):
    """WeChat's refusal `errcode`; `detail` is appended to its message."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        super().__init__(errcode, detail)
        self.errcode = errcode
        self.detail = detail


def refusal(no: No) -> dict[str, object]:
    """Return the body of a refusal."""
    words = f"{WORDS.get(no.errcode, 'unknown error')} {no.detail}".strip()
    return {"errcode": no.errcode, "errmsg": f"{words} rid: 00000000-00000000-00000000"}


def yes(**told: object) -> dict[str, object]:
    """Return the body of a successful answer."""
    return {"errcode": 0, "errmsg": "ok"} | told
