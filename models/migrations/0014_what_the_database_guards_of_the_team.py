"""Checks of the supervision team and its missions, as SQL (see 0002)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHECKS = {
    "team_member": {
        "team_member_deputies_have_a_kind": "(source = 'deputy') = (deputy_kind IS NOT NULL)",
        "team_member_term": "left_on IS NULL OR left_on >= joined_on",
    },
    "training_record": {"training_record_hours": "hours BETWEEN 1 AND 500"},
    "certificate": {
        "certificate_term": "valid_until > valid_from",
        "certificate_revoked_for_a_reason": "(revoked_on IS NULL) = (revoked_because = '')",
    },
    "mission": {
        "mission_partner_is_another": "partner_id IS NULL OR partner_id <> organisation_id",
        "mission_finished_has_summary": "(state = 'finished') = (finished_at IS NOT NULL) "
        "AND (state = 'finished') = (summary <> '')",
    },
    "mission_stop": {
        "mission_stop_place_is_whole": "(wgs_latitude IS NULL) = (wgs_longitude IS NULL)",
        "mission_stop_fence": "fence_m BETWEEN 20 AND 5000",
    },
    "checklist_answer": {"checklist_answer_distance": "distance_m IS NULL OR distance_m >= 0"},
}


class Migration(migrations.Migration):
    dependencies = [("models", "0013_supervision_team")]

    operations = [
        ops.RunSQL(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})", reverse_sql="")
        for table, checks in CHECKS.items()
        for name, check in checks.items()
    ]
