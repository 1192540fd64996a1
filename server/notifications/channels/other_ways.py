"""The channels besides the subscribe message: service account, WeCom, mail and text messages."""

from uuid import UUID

from models.vocabulary import Channel, Urgency
from server.gateways.mail import Mail
from server.gateways.sending import AddresseeRefused
from server.gateways.service_account import ServiceAccount
from server.gateways.texts import TextGateway
from server.gateways.wechat import WeChatError
from server.gateways.wecom import WeCom
from server.kernel.clock import SHANGHAI
from server.notifications.channels.messages import Message
from server.notifications.channels.outcomes import in_terms_of_channels
from server.packs import ways_of
from server.people import identities
from server.tools import Tools

WORDS = "【{product}】{title}，{about}。请打开小程序“{product}”查看和办理。"


class ByAddress:
    """A channel that needs an address of the person's, kept sealed with the identity."""

    field: str

    async def reaches(self, person_id: UUID, *, urgency: Urgency, tools: Tools) -> bool:
        """Return whether the person has such an address."""
        return await identities.told_of(person_id, self.field, keys=tools.keys) is not None

    async def address(self, person_id: UUID, *, tools: Tools) -> str:
        """Return the person's address; raises AddresseeRefused if there is none any more."""
        found = await identities.told_of(person_id, self.field, keys=tools.keys)
        if found is None:
            raise AddresseeRefused("没有登记联系方式")
        return found


class ServiceAccountWay(ByAddress):
    """A notice of the service account to those of its followers who are officials here, found by unionid."""

    channel, field, says = Channel.SERVICE_ACCOUNT, "service_openid", ""

    def __init__(self, account: ServiceAccount) -> None:
        self._account = account

    async def send(self, message: Message, *, to: UUID, tools: Tools) -> str:
        """Send a notice that opens the mini-program's page."""
        openid = await self.address(to, tools=tools)
        template, *fields = tools.settings.service_account_template
        here = tools.clock.now().astimezone(SHANGHAI)
        when = f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
        data = dict(zip(fields, (message.title, message.about, when), strict=True))
        try:
            return await self._account.tell(openid, template=template, page=message.page, data=data)
        except WeChatError as error:
            raise in_terms_of_channels(error) from error


class WeComWay(ByAddress):
    """A text of the office's own application to a member of its corporation."""

    channel, field, says = Channel.WECOM, "wecom", ""

    def __init__(self, wecom: WeCom) -> None:
        self._wecom = wecom

    async def send(self, message: Message, *, to: UUID, tools: Tools) -> str:
        """Send a text."""
        user_id = await self.address(to, tools=tools)
        try:
            return await self._wecom.tell(user_id, words_of(message, tools=tools))
        except WeChatError as error:
            raise in_terms_of_channels(error) from error


class MailWay(ByAddress):
    """A mail to the person's address."""

    channel, field, says = Channel.EMAIL, "email", ""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    async def send(self, message: Message, *, to: UUID, tools: Tools) -> str:
        """Send a mail."""
        address = await self.address(to, tools=tools)
        title = f"{product(tools)}：{message.title}"
        words = words_of(message, tools=tools)
        return await self._mail.send(address, title=title, words=words, key=message.key)


class TextWay(ByAddress):
    """A text message to the person's phone."""

    channel, field = Channel.SMS, "phone"

    def __init__(self, texts: TextGateway) -> None:
        self._texts, self.says = texts, texts.says

    async def send(self, message: Message, *, to: UUID, tools: Tools) -> str:
        """Send a text message."""
        number = await self.address(to, tools=tools)
        words, now = words_of(message, tools=tools), tools.clock.now()
        return await self._texts.send(number, words, key=message.key, now=now)


def words_of(message: Message, *, tools: Tools) -> str:
    """Return a message as one plain sentence."""
    return WORDS.format(product=product(tools), title=message.title, about=message.about)


def product(tools: Tools) -> str:
    """Return what the city calls the program."""
    return ways_of(tools.settings.city_pack).names.product
