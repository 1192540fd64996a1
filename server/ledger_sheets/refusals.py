"""The refusals of whole ledger sheets, in the words that the office reads."""

from server.kernel.refusal import Refusal


class LedgerSheetUnreadable(Refusal):
    """The file is not a readable sheet; the message says why."""

    status = 422
    message_zh = "这个文件不能作为台账表读取。"
    hint_zh = "请用系统导出的台账，或者下载模板填写，再上传。"


class LedgerSheetWithoutHeader(Refusal):
    """None of the first rows names the columns of the ledger."""

    status = 422
    message_zh = "没有找到台账的表头，看不出哪一列是什么。"
    hint_zh = "请在前20行内保留一行表头，写明标题、挂号时间、牵头单位等列名。"


class LedgerSheetEmpty(Refusal):
    """There is a header, but no item below it."""

    status = 422
    message_zh = "表头下面没有台账。"
    hint_zh = "请从表头的下一行起填写，每行一件，再上传。"


class TooManyChanges(Refusal):
    """More rows differ than one import may change."""

    status = 422
    message_zh = "一次最多修改和接入500件。"
    hint_zh = "请拆成几个文件，分次上传；没有改动的行不算在内。"


class LedgerImportExpired(Refusal):
    """The preview is older than half an hour."""

    status = 410
    message_zh = "这次台账预览已超过30分钟，不能再确认。"
    hint_zh = "请重新上传表格，预览后再确认。"


class RowNotBroughtIn(Refusal):
    """One row was refused during the import, so no row was imported."""

    message_zh = "有一行不能导入，整张表都没有写入。"
    hint_zh = "请按列出的原因改好，重新上传预览。"
