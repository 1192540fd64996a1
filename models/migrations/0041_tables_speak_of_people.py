"""Tables describe people without guessing who they are; nothing but descriptions changes."""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0040_letters_are_found_by_day")]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name="DigestSent",
            options={
                "table": "digest_sent",
                "app": "models",
                "unique_together": (("person_id", "day"),),
                "indexes": [Index(fields=["day"])],
                "pk_attr": "id",
                "table_description": "That a person was told through WeChat on a day that there is news of their reports; of which, nothing tells.",
            },
        ),
        ops.AlterModelOptions(
            name="IdempotencyKey",
            options={
                "table": "idempotency_key",
                "app": "models",
                "indexes": [Index(fields=["made_on"])],
                "pk_attr": "scope",
                "table_description": "One action under a key of the phone's own, for seven days. Without the server's keys it tells of nobody.",
            },
        ),
        ops.AlterModelOptions(
            name="JournalActor",
            options={
                "table": "journal_actor",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Who did what an entry tells; actions of reporters and of the machine have no row.",
            },
        ),
        ops.AlterModelOptions(
            name="JournalEntry",
            options={
                "table": "journal_entry",
                "app": "models",
                "indexes": [Index(fields=["subject_id", "id"])],
                "pk_attr": "id",
                "table_description": "One action. Number and time are set by the database; nothing is ever changed or removed.",
            },
        ),
        ops.AlterModelOptions(
            name="ManifestLine",
            options={
                "table": "manifest_line",
                "app": "models",
                "unique_together": (("subject_id", "position"),),
                "indexes": [Index(fields=["sha256"])],
                "pk_attr": "id",
                "table_description": "One photo that an action announced by its digest, of a report or of evidence.",
            },
        ),
        ops.AlterModelOptions(
            name="MissionMember",
            options={
                "table": "mission_member",
                "app": "models",
                "unique_together": (("mission_id", "member_id"),),
                "indexes": [Index(fields=["member_id"])],
                "pk_attr": "id",
                "table_description": "A member who was sent on a mission, and when they accepted.",
            },
        ),
        ops.AlterModelOptions(
            name="Participation",
            options={
                "table": "participation",
                "app": "models",
                "unique_together": (("round_id", "person_id"),),
                "pk_attr": "id",
                "table_description": "How many of a judge's ballots counted: all that is said of them after the seal.",
            },
        ),
        ops.AlterModelOptions(
            name="ReadMarks",
            options={
                "table": "read_marks",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Which messages about their reports a person has read, sealed: a row says only that they opened some.",
            },
        ),
        ops.AlterModelOptions(
            name="Salt",
            options={
                "table": "salt",
                "app": "models",
                "indexes": [Index(fields=["person_id"]), Index(fields=["key_id"])],
                "pk_attr": "id",
                "table_description": "Random bytes of a person's own, sealed; without them nothing finds their reports (server.reporters).",
            },
        ),
        ops.AlterModelOptions(
            name="ScoreJudge",
            options={
                "table": "score_judge",
                "app": "models",
                "unique_together": (("round_id", "person_id"),),
                "pk_attr": "id",
                "table_description": "That somebody judges in a round, in one of its groups; what they gave is nowhere joined with it.",
            },
        ),
        ops.AlterModelOptions(
            name="SubscriptionQuota",
            options={
                "table": "subscription_quota",
                "app": "models",
                "unique_together": (("person_id", "template"),),
                "pk_attr": "id",
                "table_description": "How many messages of a template somebody has allowed, and what they answered last.",
            },
        ),
        ops.AlterModelOptions(
            name="TicketDay",
            options={
                "table": "ticket_day",
                "app": "models",
                "unique_together": (("person_id", "day"),),
                "pk_attr": "id",
                "table_description": "Who opened the program on a day got tickets; this tells nothing, because everybody gets them.",
            },
        ),
        ops.AlterModelOptions(
            name="TrainingRecord",
            options={
                "table": "training_record",
                "app": "models",
                "indexes": [Index(fields=["member_id"])],
                "pk_attr": "id",
                "table_description": "A training that a member took, and whether they passed.",
            },
        ),
    ]
