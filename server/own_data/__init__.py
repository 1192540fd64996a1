"""One's own data: see what the office holds, take it along, and be forgotten."""

from server.own_data.collecting import Holdings, holdings_of, lines_of
from server.own_data.forgetting import let_leavers_go
from server.own_data.writing import write_file

__all__ = ["Holdings", "holdings_of", "let_leavers_go", "lines_of", "write_file"]
