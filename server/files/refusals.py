"""Why a file is refused, in the words of whom it belongs to."""

from server.kernel.refusal import Refusal


class FileNotAccepted(Refusal):
    """The content is none of the accepted kinds."""

    status = 422
    message_zh = "这个文件的格式不能上传。"
    hint_zh = "请上传PDF、Word（docx）、Excel（xlsx）文件，或者JPEG、PNG、HEIC照片；旧格式请另存为新格式。"


class FileHasMacros(Refusal):
    """The document contains program code."""

    status = 422
    message_zh = "这个文件里带有宏程序，没有保存。"
    hint_zh = "请另存为不带宏的docx或xlsx，或者另存为PDF后再上传。"


class FileHasVirus(Refusal):
    """The virus scanner knows the content."""

    status = 422
    message_zh = "病毒扫描发现这个文件有问题，没有保存。"
    hint_zh = "请在电脑上查杀病毒，重新制作这份文件后再上传。"


class ScannerUnreachable(Refusal):
    """A virus scanner is set up and does not answer."""

    status = 503
    message_zh = "病毒扫描暂时不能用，文件没有保存。"
    hint_zh = "请过几分钟再上传；一直不行请告诉管理员。"
    retry = "later"


class FileTooBig(Refusal):
    """The file is larger than 50 MB."""

    status = 413
    message_zh = "文件超过50MB，没有保存。"
    hint_zh = "请压缩图片或拆成几个文件后再上传。"


class FileDiffers(Refusal):
    """The bytes do not match the digest in the address."""

    status = 422
    message_zh = "文件在传输中损坏，没有保存。"
    hint_zh = "请保持网络畅通后重新上传。"
    retry = "same"


class FileStorageAway(Refusal):
    """The storage has no room or does not answer."""

    status = 503
    message_zh = "服务器暂时不能保存文件。"
    hint_zh = "请过一会儿再上传，填写的文字没有丢。"
    retry = "later"


class TooManyFiles(Refusal):
    """More bytes of files in a day than an office needs."""

    status = 429
    message_zh = "您今天上传的文件已达到每天1GB的上限。"
    hint_zh = "请明天再上传，或者请同事上传。"
    retry = "later"
