"""Tasks: the annual task list, from an office's sheet to the list in force."""

from server.sheets.columns import Column
from server.sheets.problems import Problem, Skipped
from server.tasks.columns import COLUMNS
from server.tasks.comparing import Changes, FieldChange, Named, TaskChange
from server.tasks.confirming import confirm
from server.tasks.exporting import export, template, write_list
from server.tasks.finding_gaps import Gap, current_and_gaps, gaps
from server.tasks.passing_on import (
    count_tasks_of_unit,
    pass_on_tasks,
    tasks_answered_for,
    tasks_led_by,
)
from server.tasks.previewing import Preview, PreviewRow, forget_previews, preview
from server.tasks.reading import (
    changes_in,
    current_list,
    current_tasks,
    load_directory,
    task,
    tasks_of,
    titles_of,
    versions,
    years,
)
from server.tasks.refusals import (
    TaskImportExpired,
    TaskImportUnknown,
    TaskListMovedOn,
    TaskSheetEmpty,
    TaskSheetHasProblems,
    TaskSheetUnreadable,
    TaskSheetWithoutHeader,
    TaskUnknown,
)

__all__ = [
    "COLUMNS",
    "Changes",
    "Column",
    "FieldChange",
    "Gap",
    "Named",
    "Preview",
    "PreviewRow",
    "Problem",
    "Skipped",
    "TaskChange",
    "TaskImportExpired",
    "TaskImportUnknown",
    "TaskListMovedOn",
    "TaskSheetEmpty",
    "TaskSheetHasProblems",
    "TaskSheetUnreadable",
    "TaskSheetWithoutHeader",
    "TaskUnknown",
    "changes_in",
    "confirm",
    "count_tasks_of_unit",
    "current_and_gaps",
    "current_list",
    "current_tasks",
    "export",
    "forget_previews",
    "gaps",
    "load_directory",
    "pass_on_tasks",
    "preview",
    "task",
    "tasks_answered_for",
    "tasks_led_by",
    "tasks_of",
    "template",
    "titles_of",
    "versions",
    "write_list",
    "years",
]
