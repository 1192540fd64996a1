"""The ledger as a sheet: reading an edited export back row by row, and taking over older ledgers (DAT-03, DAT-04)."""

from server.ledger_sheets.bringing_in import bring_in
from server.ledger_sheets.columns import COLUMNS, EDITABLE
from server.ledger_sheets.confirming import confirm, import_of, imports_of
from server.ledger_sheets.previewing import Preview, forget_previews, preview
from server.ledger_sheets.refusals import (
    LedgerImportExpired,
    LedgerSheetEmpty,
    LedgerSheetUnreadable,
    LedgerSheetWithoutHeader,
    RowNotBroughtIn,
    TooManyChanges,
)
from server.ledger_sheets.sheet_rows import Change, SheetRow, TakeOver, Wish, wishes_of
from server.ledger_sheets.templating import template

__all__ = [
    "COLUMNS",
    "EDITABLE",
    "Change",
    "LedgerImportExpired",
    "LedgerSheetEmpty",
    "LedgerSheetUnreadable",
    "LedgerSheetWithoutHeader",
    "Preview",
    "RowNotBroughtIn",
    "SheetRow",
    "TakeOver",
    "TooManyChanges",
    "Wish",
    "bring_in",
    "confirm",
    "forget_previews",
    "import_of",
    "imports_of",
    "preview",
    "template",
    "wishes_of",
]
