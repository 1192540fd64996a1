"""A person's own data: seeing what the office holds, downloading it, and being forgotten."""

from server.own_data.collecting import Holdings, holdings_of, lines_of
from server.own_data.forgetting import let_leavers_go
from server.own_data.writing import write_file

__all__ = ["Holdings", "holdings_of", "let_leavers_go", "lines_of", "write_file"]
