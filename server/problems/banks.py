"""Banks: every organisation keeps one; its level follows from the kind of organisation (M11, PRB-01)."""

from models import Organisation
from models.vocabulary import BankLevel, OrganisationKind

LEVELS: dict[OrganisationKind, BankLevel] = {
    OrganisationKind.REFORM_OFFICE: BankLevel.CITY,
    OrganisationKind.COUNTY_REFORM_OFFICE: BankLevel.COUNTY_UNIT,
    OrganisationKind.COUNTY_UNIT: BankLevel.COUNTY_UNIT,
    OrganisationKind.SPECIAL_GROUP_OFFICE: BankLevel.SPECIAL_GROUP,
    OrganisationKind.RESPONSIBLE_UNIT: BankLevel.UNIT,
    OrganisationKind.SUPERVISION_OFFICE: BankLevel.UNIT,
}


async def city_of(bank: Organisation) -> Organisation:
    """Return the organisation at the root of a bank's tree, which keeps the city's key problem bank."""
    root = bank.path.split("/")[1]
    return await Organisation.get(path=f"/{root}/")
