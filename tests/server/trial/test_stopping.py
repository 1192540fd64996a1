"""Stopping removes the socket's short folder, and nothing that holds data."""

import shutil
from uuid import uuid4

from server.trial.postgres import SHORT_FOLDER, TEMPORARY, EmbeddedPostgres


def test_a_database_whose_folder_looks_like_a_short_one_survives_its_stop():
    folder = TEMPORARY / f"{SHORT_FOLDER}{uuid4().hex[:8]}"
    try:
        first = EmbeddedPostgres(folder)
        first.start()
        first.run("CREATE TABLE kept AS SELECT 7 AS number", database="duchatong")
        first.stop()
        second = EmbeddedPostgres(folder)
        second.start()
        assert second.run("SELECT number FROM kept", database="duchatong") == "7"
        second.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
