"""Joining: an invitation belongs to one person of the roster and lets one WeChat account become that person."""

import secrets
from datetime import datetime, timedelta

from models import Invitation, Person
from models.vocabulary import Role, SessionChannel
from server import journal, reporters
from server.gateways.sealing import KeyRing
from server.kernel.refusal import Refusal
from server.kernel.text import CODE_LETTERS, code_form
from server.kernel.unit_of_work import unit_of_work
from server.people import identities
from server.people.sessions import Actor, hash_token, open_session, revoke_all

VALID_FOR = timedelta(days=14)
LENGTH = 12


class IdentityTaken(Refusal):
    """Another person is already bound to this account or phone."""

    message_zh = "这个微信号已经绑定了其他身份。"
    hint_zh = "换了微信号的，请联系改革办在“组织与人员”里解除原来的微信绑定，再重新输入邀请码。"


class InvitationUnknown(Refusal):
    """No open invitation has this code."""

    status = 404
    message_zh = "邀请码无效或已过期。"
    hint_zh = "请核对邀请码，或请改革办重新发一个。"


@unit_of_work
async def invite(person: Person, *, by: Person, now: datetime) -> str:
    """Create an invitation for a person of the roster and return its code, which is not stored; older ones end."""
    await Invitation.filter(person_id=person.id, accepted_at=None).update(expires_at=now)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(LENGTH))
    await Invitation.create(
        person=person, code_hash=hash_token(code), created_by=by, created_at=now, expires_at=now + VALID_FOR
    )
    await journal.record("person.invited", person, by=by)
    return code


class AlreadyJoined(Refusal):
    """The actor is already on the roster; the office gives further duties without an invitation."""

    message_zh = "您已经有工作身份，不能再用邀请码加入。"
    hint_zh = "如果需要增加职责，请联系改革办。"


@unit_of_work
async def accept(code: str, *, by: Actor, keys: KeyRing, now: datetime) -> tuple[str, Person]:
    """Become the invited person: account, reports and photos move over; returns a new token and that person."""
    if any(duty.role is not Role.CITIZEN for duty in by.duties):
        raise AlreadyJoined
    code_hash = hash_token(code_form(code))
    invitation = await Invitation.filter(code_hash=code_hash).select_for_update().first()
    if invitation is None or invitation.accepted_at or now >= invitation.expires_at:
        raise InvitationUnknown
    member = await Person.get(id=invitation.person_id)
    await _move_account(by.person, member, keys=keys)
    await Person.filter(id=by.person.id).update(is_active=False)
    await reporters.hand_over(by.person.id, to=member.id)
    await revoke_all(by.person, now=now)
    invitation.accepted_at = now
    await invitation.save()
    token = await open_session(member, channel=SessionChannel.PHONE, now=now)
    await journal.record("person.accepted_invitation", member, by=member)
    return token, member


async def _move_account(actor: Person, member: Person, *, keys: KeyRing) -> None:
    """Move the account to the member's own identity, next to the name and phone already on the roster."""
    if await identities.openid_of(member, keys=keys):
        raise IdentityTaken("这份邀请对应的身份已经绑定了另一个微信号。")
    openid = await identities.openid_of(actor, keys=keys)
    await identities.forget(actor.id)
    await identities.bind(member, keys=keys, openid=openid)
