"""The results of a watermark check, in the words people read: what was found, why, what next."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from models.vocabulary import Word
from server.photos.redacting import Box


class Verdict(Word):
    GENUINE = "genuine", "真实：与存档一致"
    RESAVED = "resaved", "同一张照片：转存过，画面没有变"
    ALTERED = "altered", "不一致：画面与存档不同"
    UNDECIDED = "undecided", "还不能判断"
    UNKNOWN = "unknown", "查无此码"


class Cause(Enum):
    """The cause of a verdict: the verdict, why in the reader's words, and what to do next."""

    CODE_IS_OURS = (
        Verdict.GENUINE,
        "这个验真码由本系统生成，存档没有被改动。",
        "要知道您手里的照片是不是这一张，请选上照片核对。",
    )
    SAME_FILE = (Verdict.GENUINE, "您选的照片与存档逐字节相同，没有被改动。", "这张照片可以采用。")
    SAVED_AGAIN = (
        Verdict.RESAVED,
        "画面与存档相同。微信转发、改大小、换格式都会把照片重新保存一遍，所以文件和存档不同，画面没有变。",
        "画面可以采用；要留作证据的，请用系统里的照片。",
    )
    TURNED = (
        Verdict.RESAVED,
        "画面与存档相同，只是转了方向，又重新保存过。",
        "画面可以采用；要留作证据的，请用系统里的照片。",
    )
    ARCHIVE_CHANGED = (
        Verdict.ALTERED,
        "存档的照片与生成验真码时不一致。",
        "请不要采用，并联系改革办核查。",
    )
    PARTS_DIFFER = (
        Verdict.ALTERED,
        "大部分画面与存档相同，框出的地方不同：可能添了东西、换了东西、涂改或打了码。",
        "请不要采用，以系统里的照片为准；有疑问的，请联系改革办核查。",
    )
    MARK_DIFFERS = (
        Verdict.ALTERED,
        "画面与存档相同，只有底部的水印不同：水印被涂改或遮住，或者您选的是没有水印的原片。",
        "水印上写的时间和地点请不要采信，以系统里的记录为准。",
    )
    CROPPED = (
        Verdict.ALTERED,
        "照片的长宽比例与存档不同：被裁剪、拼接、拉伸、加了边框，或者是手机截屏。",
        "请找没有裁剪过的照片再核对；找不到的，请不要采用。",
    )
    ANOTHER_PICTURE = (
        Verdict.ALTERED,
        "画面与这个验真码的存档对不上：照片被大幅裁剪、翻拍过，或者验真码被用在了另一张照片上。",
        "请先看看验真码有没有输错；没有输错的，请不要采用这张照片。",
    )
    FILE_DIFFERS = (
        Verdict.UNDECIDED,
        "您手里的文件和存档不是同一个文件。转发、改大小、换格式都会这样，只看文件分不出画面变没变。",
        "请选上照片，比对画面。",
    )
    TOO_SMALL = (
        Verdict.UNDECIDED,
        "照片太小，长边不到240像素，看不清有没有改动。",
        "请找大一些、清楚一些的照片再核对。",
    )
    WITHDRAWN = (
        Verdict.UNDECIDED,
        "这个验真码是本系统的，但这一版照片已经收回，改革办遮挡人脸或车牌后换了新版，旧版不再比对画面。",
        "请向改革办要新版照片，用新版上的验真码核对。",
    )
    NO_SUCH_CODE = (
        Verdict.UNKNOWN,
        "系统里没有这个验真码。",
        "请对照水印重新输入，不含数字0、1和字母I、L、O；仍查不到的，请不要采用这张照片。",
    )

    def __init__(self, verdict: Verdict, why: str, next_step: str) -> None:
        self.verdict = verdict
        self.why = why
        self.next_step = next_step


@dataclass(frozen=True)
class Finding:
    """The result of a check: its cause, when the mark was made, and where the picture in hand differs."""

    cause: Cause
    made_at: datetime | None = None
    differs: list[Box] = field(default_factory=list)
