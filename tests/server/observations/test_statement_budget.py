"""What a submission may ask of the database: so many statements for the text, and for each photo, first or third."""

import pytest

from models.vocabulary import Role
from tests.conftest import a_picture, a_report, sha256
from tests.statements import Statements

TEXT = 25  # one transaction, however many photos it names
PHOTO = 19


@pytest.fixture
async def phone(office):
    await office.stop_working()
    phone = await office.phone_of("队员", Role.TEAM_MEMBER)
    await phone.submit(a_report(a_picture("red")))  # what a person's first report does once
    return phone


@pytest.mark.parametrize("photos", [1, 3])
async def test_a_submission_keeps_to_its_statements(phone, photos):
    pictures = [a_picture((10 * number, photos, 99)) for number in range(photos)]
    with Statements() as sent:
        assert (await phone.submit(a_report(*pictures))).status_code == 201
    assert len(sent) <= TEXT, [one.sql[:150] for one in sent]
    for picture in pictures:
        with Statements() as sent:
            assert (await phone.upload(picture, digest=sha256(picture))).status_code == 201
        assert len(sent) <= PHOTO, [one.sql[:150] for one in sent]
