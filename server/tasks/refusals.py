"""The refusals of task lists, in the words that the office reads."""

from server.kernel.refusal import Refusal


class TaskSheetUnreadable(Refusal):
    """The file is not a readable sheet; the message says why."""

    status = 422
    message_zh = "这个文件不能作为表格读取。"
    hint_zh = "请下载模板，把任务填进去后再上传。"


class TaskSheetWithoutHeader(Refusal):
    """None of the first rows names the columns of a task list."""

    status = 422
    message_zh = "没有找到表头，看不出哪一列是什么。"
    hint_zh = "请在前20行内保留一行表头，写明任务编号、任务名称、牵头单位等列名；也可以下载模板填写。"


class TaskSheetEmpty(Refusal):
    """There is a header, but no task below it."""

    status = 422
    message_zh = "表头下面没有任务。"
    hint_zh = "请从表头的下一行起填写任务，每行一项，再上传。"


class TaskSheetHasProblems(Refusal):
    """A sheet with problems is not published, not even its correct rows."""

    status = 422
    message_zh = "表里还有没改好的问题，没有写入任何任务。"
    hint_zh = "请按列出的行和列改好表格，重新上传预览。"


class TaskImportUnknown(Refusal):
    """This person has no preview with this token: it does not exist or is somebody else's."""

    status = 404
    message_zh = "没有找到这次预览。"
    hint_zh = "请重新上传表格，预览后再确认。"


class TaskImportExpired(Refusal):
    """The preview is older than 30 minutes."""

    status = 410
    message_zh = "这次预览已超过30分钟，不能再确认。"
    hint_zh = "请重新上传表格，预览后再确认。"


class TaskListMovedOn(Refusal):
    """Another version was published after the preview, so the differences it showed are outdated."""

    status = 409
    message_zh = "您预览之后，已有人发布了新的一版清单。"
    hint_zh = "请重新上传表格，核对与新版的差别后再确认。"


class TaskUnknown(Refusal):
    """There is no such task."""

    status = 404
    message_zh = "没有找到这项任务。"
    hint_zh = "请返回任务清单重新选择。"
