"""The light of an item as it stands, and the items of one light as the database finds them (LED-05)."""

from datetime import date

from tortoise.expressions import Q

from models import LedgerItem
from models.vocabulary import Light
from server.clock import business_date
from server.ledger.lights import DONE, SOON_DAYS, Shine, shine
from server.workdays import Calendar


def shine_of(item: LedgerItem, *, today: date, calendar: Calendar) -> Shine:
    """The colour of an item today, and why. Pure."""
    return shine(
        state=item.state,
        due_on=item.due_on,
        started_on=business_date(item.dispatched_at) if item.dispatched_at else None,
        percent=item.percent,
        today=today,
        calendar=calendar,
    )


async def lit(light: Light, *, today: date, calendar: Calendar) -> Q:
    """The items of a light, so that a list of them is counted and paged like any other."""
    done, running = Q(state__in=list(DONE)), ~Q(state__in=list(DONE))
    soon_ends = calendar.due(today, SOON_DAYS + 1).on
    later = running & Q(due_on__gte=soon_ends)
    match light:
        case Light.RED:
            return running & Q(due_on__lt=today)
        case Light.BLUE:
            return running & Q(due_on__gte=today, due_on__lt=soon_ends)
        case Light.GREY:
            return running & Q(due_on__isnull=True)
    behind = [one.id for one in await LedgerItem.filter(later) if _is_behind(one, today, calendar)]
    return Q(id__in=behind) if light is Light.YELLOW else done | (later & ~Q(id__in=behind))


def _is_behind(item: LedgerItem, today: date, calendar: Calendar) -> bool:
    return shine_of(item, today=today, calendar=calendar).light is Light.YELLOW
