"""The data map knows every table: what is personal in it, or that nothing is (PRI-01)."""

import re

import pytest
from tortoise import Model, fields

import models
from models.personal import IMPERSONAL, PERSONAL
from server.commands.reference_pages import data_map_page

TABLES = {
    one._meta.db_table: one
    for one in vars(models).values()
    if isinstance(one, type) and issubclass(one, Model)
}
# Columns with such names hold something about a person or stand for one.
TELLING = re.compile(
    "sealed$|_lookup$|token_hash|password|device|nickname|avatar|real_name|phone|email|openid|actor_id"
)
# Sealed, a digest, or a day, but of a thing and not of a person.
OF_THINGS = {
    "photo.sealed_sha256",
    "visit_stop.key_sealed",
    "task_import.token_hash",
    "observer_import.token_hash",
}


def test_pri_01_of_every_table_somebody_decided_what_is_personal_in_it():
    assert PERSONAL.keys() | IMPERSONAL == TABLES.keys()
    assert PERSONAL.keys() & IMPERSONAL == set()


@pytest.mark.parametrize("table", sorted(PERSONAL))
def test_pri_01_the_map_names_columns_that_exist(table):
    named = {column for one in PERSONAL[table] for column in one.columns}
    assert named <= TABLES[table]._meta.fields_db_projection.keys()


def test_pri_01_no_column_that_sounds_personal_is_left_out():
    missed = set()
    for table, model in TABLES.items():
        known = {column for one in PERSONAL.get(table, ()) for column in one.columns}
        missed |= {f"{table}.{name}" for name in model._meta.fields_db_projection if TELLING.search(name)} - {
            f"{table}.{name}" for name in known
        }
    assert missed - OF_THINGS == set()


def test_pri_01_the_map_tells_of_each_pointer_at_a_person_what_becomes_of_it():
    page = data_map_page()
    for table, model in TABLES.items():
        for name, field in model._meta.fields_map.items():
            if (
                isinstance(field, fields.relational.ForeignKeyFieldInstance)
                and field.model_name == "models.Person"
            ):
                assert f"`{table}.{name}_id`" in page
