"""Ties each day to the notice that names it, so that loading one notice deletes no other's days."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0009_what_the_database_guards_of_letters")]

    initial = False

    operations = [
        ops.AddField(
            model_name="CalendarNotice",
            name="replaced_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterModelOptions(
            name="CalendarNotice",
            options={
                "table": "calendar_notice",
                "app": "models",
                "indexes": [Index(fields=["year"])],
                "pk_attr": "id",
                "table_description": "A notice of holidays and make-up workdays, as the office loaded it.",
            },
        ),
        ops.RunSQL("CREATE TABLE calendar_day_before AS SELECT * FROM calendar_day", reverse_sql=""),
        ops.DeleteModel(name="CalendarDay"),
        ops.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "notice",
                    fields.ForeignKeyField(
                        "models.CalendarNotice",
                        source_field="notice_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="days",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("day", fields.DateField()),
                ("is_workday", fields.BooleanField()),
                ("note", fields.CharField(default="", max_length=40)),
            ],
            options={
                "table": "calendar_day",
                "app": "models",
                "unique_together": (("notice_id", "day"),),
                "pk_attr": "id",
                "table_description": "A day that a notice names: off for a holiday, or worked.",
            },
            bases=["Model"],
        ),
        # Until now only the newest notice of a year counted, and all days of the year were its own.
        ops.RunSQL(
            """
            UPDATE calendar_notice AS old SET replaced_at = newer.loaded_at FROM calendar_notice AS newer
            WHERE newer.year = old.year AND newer.loaded_at > old.loaded_at AND NOT EXISTS (
                SELECT 1 FROM calendar_notice AS between_them WHERE between_them.year = old.year
                AND between_them.loaded_at > old.loaded_at AND between_them.loaded_at < newer.loaded_at);
            INSERT INTO calendar_day (id, notice_id, day, is_workday, note)
            SELECT gen_random_uuid(), n.id, d.day, d.is_workday, d.note FROM calendar_day_before d
            JOIN calendar_notice n ON n.year = extract(year FROM d.day) AND n.replaced_at IS NULL;
            DROP TABLE calendar_day_before;
            """,
            reverse_sql="",
        ),
    ]
