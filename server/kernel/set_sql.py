"""Statements over whole sets of rows: a Tortoise query says which rows, SQL of our own says what is wanted of them.

So there is one rule of visibility, and the database counts and groups instead of us (server/decisions/0030).
"""

from collections.abc import Sequence
from typing import Any

from pypika_tortoise.context import SqlContext
from pypika_tortoise.terms import Parameterizer
from tortoise import connections
from tortoise.expressions import Subquery
from tortoise.queryset import AwaitableQuery, QuerySet, ValuesQuery


class AnyOf(Subquery):
    """The values of a query as one array, read once; beside an OR an index finds these, but not those of an IN."""

    def get_sql(self, ctx: SqlContext) -> str:
        return f"ANY(ARRAY({super().get_sql(ctx)}))"


async def rows_over(rows: ValuesQuery[Any], statement: str) -> list[dict[str, Any]]:
    """Run `statement` with the query `rows` in the place of `{rows}`, and return what it finds."""
    sql, values = _parameterised(rows, Parameterizer())
    found: list[dict[str, Any]] = await connections.get("default").execute_query_dict(
        statement.replace("{rows}", sql), values
    )
    return found


async def count_each(queries: Sequence[QuerySet[Any]]) -> list[int]:
    """Count the rows of several queries in one statement."""
    numbers = Parameterizer()
    parts = [f"({_parameterised(one.count(), numbers)[0]})" for one in queries]
    if not parts:
        return []
    columns = ", ".join(f"{part} AS n{at}" for at, part in enumerate(parts))
    (found,) = await connections.get("default").execute_query_dict(f"SELECT {columns}", numbers.values)
    return [found[f"n{at}"] for at in range(len(parts))]


def _parameterised(query: AwaitableQuery[Any], numbers: Parameterizer) -> tuple[str, list[Any]]:
    """Return a query as SQL whose placeholders go on from those that `numbers` has given, and all values so far."""
    query._choose_db_if_not_chosen()
    query._make_query()
    context = query.query.QUERY_CLS.SQL_CONTEXT.copy(parameterizer=numbers)
    sql, values = query.query.get_parameterized_sql(context)
    return sql, values
