"""Why a photo can be refused, in the words the reporter reads."""

from server.kernel.refusal import Refusal


class NotAPhoto(Refusal):
    """The content is not a JPEG, PNG, HEIC, WebP or AVIF, or its pixels can't be shown."""

    status = 422
    message_zh = "这个文件不是照片，或者照片格式不支持。"
    hint_zh = "请直接用手机拍照，或从相册选择JPEG、PNG、HEIC、WebP、AVIF格式的照片。"


class PhotoTooBig(Refusal):
    """The photo is larger than 10 MB."""

    status = 413
    message_zh = "照片超过10MB，没有保存。"
    hint_zh = "请选择“压缩”后的照片重新上传。"


class TooManyBytesToday(Refusal):
    """More bytes of photos in a day than honest reports need."""

    status = 429
    message_zh = "您今天上传的照片已达到每天的上限。"
    hint_zh = "照片和文字已保存在手机上，明天0点以后可以直接提交。"
    retry = "later"


class TooManyUnnamed(Refusal):
    """Too many bytes of photos wait for a report that names them."""

    status = 429
    message_zh = "您有较多照片还没有随上报提交，这一张没有保存。"
    hint_zh = "请先提交这些照片所在的上报。没有提交的照片保存24小时，之后自动清除。"
    retry = "later"


class UploadEnded(Refusal):
    """The upload in parts was begun more than a day ago."""

    status = 410
    message_zh = "这张照片的续传已超过24小时，要重新开始。"
    hint_zh = "照片仍在您的手机上，程序会自动重新开始；还在的部分不用再传。"


class DigestDiffers(Refusal):
    """The bytes do not match the digest in the address."""

    status = 422
    message_zh = "照片在传输中损坏，没有保存。"
    hint_zh = "请保持网络畅通后重新上传这张照片。"
    retry = "same"


class ManyAreChecking(Refusal):
    """More pictures are being checked against their marks than this machine can handle beside its work."""

    status = 429
    message_zh = "现在核对照片的人较多，这一张还没有核对。"
    hint_zh = "请过一分钟再核对一次；验真码本身随时可以查。"
    retry = "later"


class NoFile(Refusal):
    """The upload has no file in the field `file`, or more than one."""

    status = 422
    message_zh = "没有收到照片文件。"
    hint_zh = "请重新选择一张照片上传。"


class StorageFull(Refusal):
    """The server has no room left; nothing was kept."""

    status = 507
    message_zh = "服务器空间不足，照片暂时不能保存。"
    hint_zh = "照片仍在您的手机上，请过一会儿再传；文字内容不受影响。"
    retry = "later"


class StorageAway(Refusal):
    """The storage can't be reached; nothing was kept."""

    status = 503
    message_zh = "照片存储正在恢复，暂时不能保存。"
    hint_zh = "照片仍在您的手机上，请过一会儿再传。"
    retry = "same"


class TooManyAtOnce(Refusal):
    """The person already has as many uploads running as a phone starts at once."""

    status = 429
    message_zh = "您同时上传的照片太多，这一张还没有开始传。"
    hint_zh = "照片仍在您的手机上，前面的传完后会自动接着传，请保持程序打开。"
    retry = "same"


class LineTooLong(Refusal):
    """Too many photos wait to be checked to finish within the time that a phone waits."""

    status = 503
    message_zh = "现在上传照片的人很多，这张照片还没有轮到处理。"
    hint_zh = "照片仍在您的手机上，过几秒会自动再传，请保持程序打开；文字内容不受影响。"
    retry = "same"


class LinkEnded(Refusal):
    """The photo link is forged, expired, or another person's."""

    status = 404
    message_zh = "照片链接已失效。"
    hint_zh = "请返回上一页，重新打开照片。"
    retry = "later"
