"""The channels behind one small interface; one that the office has not set up is not among them."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from models import Person, SubscriptionQuota
from models.vocabulary import Channel, Urgency
from server.gateways.sending import AddresseeRefused
from server.gateways.wechat import WeChatError
from server.kernel.clock import SHANGHAI
from server.notifications.channels.messages import Message
from server.notifications.channels.other_ways import MailWay, ServiceAccountWay, TextWay, WeComWay
from server.notifications.channels.outcomes import in_terms_of_channels
from server.people import identities
from server.tools import Tools

PURPOSE = "item_due"  # the subscribe template that reminders use


class Way(Protocol):
    """A channel: whom it reaches, and sending through it. Sending raises what server.gateways.sending lists.

    `says` is what the proof of a message has to say about the channel; empty for one that really sends.
    """

    channel: Channel
    says: str

    async def reaches(self, person_id: UUID, *, urgency: Urgency, tools: Tools) -> bool:
        """Return whether the channel can reach a person now, without asking the other side."""

    async def send(self, message: Message, *, to: UUID, tools: Tools) -> str:
        """Send a message and return the other side's number for it, or an empty text."""


class SubscribeWay:
    """A subscribe message of the mini-program; the claim has paid for it."""

    channel, says = Channel.SUBSCRIBE, ""

    async def reaches(self, person_id: UUID, *, urgency: Urgency, tools: Tools) -> bool:
        template = tools.settings.wechat_templates.get(PURPOSE, "")
        quota = await SubscriptionQuota.get_or_none(person_id=person_id, template=template)
        kept_back = urgency is Urgency.ROUTINE and quota is not None and not quota.is_long_term
        return quota is not None and quota.credits > kept_back

    async def send(self, message: Message, *, to: UUID, tools: Tools) -> str:
        openid = await identities.openid_of(Person(id=to), keys=tools.keys)
        if openid is None:
            raise AddresseeRefused("没有绑定微信")
        here = tools.clock.now().astimezone(SHANGHAI)
        when = f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
        fields = tools.settings.wechat_fields[PURPOSE]
        data = dict(zip(fields, (message.title, message.about, when), strict=True))
        template = tools.settings.wechat_templates[PURPOSE]
        try:
            return await tools.wechat.tell(openid, template=template, page=message.page, data=data)
        except WeChatError as error:
            raise in_terms_of_channels(error) from error


def ways(tools: Tools) -> Mapping[str, Way]:
    """Return the channels that this office has set up, by their codes."""
    found: list[Way] = []
    if tools.settings.wechat_templates.get(PURPOSE):
        found.append(SubscribeWay())
    if tools.service_account:
        found.append(ServiceAccountWay(tools.service_account))
    if tools.wecom:
        found.append(WeComWay(tools.wecom))
    if tools.mail:
        found.append(MailWay(tools.mail))
    if tools.texts:
        found.append(TextWay(tools.texts))
    return {way.channel.value: way for way in found}
