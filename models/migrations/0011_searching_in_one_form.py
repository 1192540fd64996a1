"""Keeps searched text in one form, set by the database: one width, one case, one dash, no spaces.

search_form() is the twin of server.text.search_form; tests/server/test_text.py compares the two.
"""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

DASHES = "‐‑‒–—―−﹘﹣－"
OPENING, CLOSING = "〔［【（｛「『《<[{", "〕］】）｝」』》>]}"
FROM = DASHES + OPENING + CLOSING
TO = "-" * len(DASHES) + "(" * len(OPENING) + ")" * len(CLOSING)

SEARCHED = {
    "ledger_item": ("title", "number_text", "place_name"),
    "problem": ("title", "number_text", "place_name"),
    "organisation": ("name", "short_name", "code"),
    "person": ("designation",),
}

SEARCH_FORM = f"""
CREATE FUNCTION search_form(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(lower(translate(normalize(words, NFKC), '{FROM}', '{TO}')), '\\s', '', 'g')
$$;
"""


def keeping(table: str, columns: tuple[str, ...]) -> str:
    words = " || '|' || ".join(f"NEW.{column}" for column in columns)
    form = " || '|' || ".join(columns)
    return f"""
UPDATE {table} SET search_text = search_form({form});
CREATE FUNCTION {table}_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_text := search_form({words});
    RETURN NEW;
END $$;
CREATE TRIGGER {table}_search_text BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_search_text();
"""  # noqa: S608  (names from this file, no input)


class Migration(migrations.Migration):
    dependencies = [("models", "0010_notices_are_lists_of_days")]

    initial = False

    operations = [
        *(
            ops.AddField(
                model_name=model, name="search_text", field=fields.TextField(db_default="", unique=False)
            )
            for model in ("LedgerItem", "Problem", "Organisation", "Person")
        ),
        ops.RunSQL(
            [
                SEARCH_FORM,
                *(keeping(table, columns) for table, columns in SEARCHED.items()),
                "DROP INDEX ledger_item_words",
                "CREATE INDEX ledger_item_search_text ON ledger_item USING gin (search_text gin_trgm_ops)",
            ],
            reverse_sql="",
        ),
    ]
