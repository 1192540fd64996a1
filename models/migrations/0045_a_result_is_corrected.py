"""A sealed result can be recomputed under corrected rules that two persons agreed on; the former results stay."""

import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.all_at_once import adding
from models.vocabulary import RoundAskKind

CHECKS = {
    "round_ask": {"round_ask_recompute_has_rules": "(kind = 'recompute') = (rules IS NOT NULL)"},
    "score_result": {
        "score_result_corrected_has_rules": "(version = 1) = (rules IS NULL) AND (rules IS NULL) = (rule_digest = '')"
    },
}
# The first version comes with the seal; every later one follows a correction of its own that two persons agreed on.
GUARD = """
CREATE FUNCTION result_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    at text;
    agreed int;
BEGIN
    SELECT state INTO at FROM score_round WHERE id = NEW.round_id;
    SELECT count(*) INTO agreed FROM round_ask
        WHERE round_id = NEW.round_id AND kind = 'recompute' AND confirmed_at IS NOT NULL;
    IF NEW.version = 1 AND at = 'locked'
        OR NEW.version > 1 AND at IN ('sealed', 'published') AND NEW.version = agreed + 1
            AND EXISTS (SELECT FROM score_result WHERE round_id = NEW.round_id AND version = agreed)
            AND EXISTS (SELECT FROM round_ask WHERE round_id = NEW.round_id AND kind = 'recompute'
                AND confirmed_at IS NOT NULL AND rules = NEW.rules) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a round that is % takes no result of version %', at, NEW.version
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0044_what_must_be_done_how_often")]

    operations = [
        ops.AlterModelOptions(
            name="RoundAsk",
            options={
                "table": "round_ask",
                "app": "models",
                "indexes": [Index(fields=["round_id"])],
                "pk_attr": "id",
                "table_description": "What one person asks with a public note and another confirms; `rules` are those of a correction.",
            },
        ),
        ops.AlterModelOptions(
            name="ScoreResult",
            options={
                "table": "score_result",
                "app": "models",
                "unique_together": (("round_id", "version"),),
                "pk_attr": "id",
                "table_description": "What was computed at the seal, and again after each correction of the rules, which then stand beside it.",
            },
        ),
        ops.AlterField(
            model_name="RoundAsk",
            name="kind",
            field=fields.CharEnumField(
                description="UNLOCK: unlock\nANNUL: annul\nRECOMPUTE: recompute",
                enum_type=RoundAskKind,
                max_length=10,
            ),
        ),
        ops.AddField(
            model_name="RoundAsk",
            name="rules",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="ScoreResult",
            name="rules",
            field=fields.JSONField(
                null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="ScoreResult",
            name="rule_digest",
            field=fields.CharField(db_default="", max_length=64),
        ),
        ops.RunSQL(
            [
                *adding(CHECKS),
                GUARD,
                "DROP TRIGGER score_result_while ON score_result",
                "CREATE TRIGGER score_result_follows BEFORE INSERT ON score_result FOR EACH ROW"
                " EXECUTE FUNCTION result_follows()",
            ],
            reverse_sql="",
        ),
    ]
