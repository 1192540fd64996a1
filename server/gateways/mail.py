"""Mail over SMTP (aiosmtplib); failures in the terms of every channel."""

from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import errors

from server.gateways.sending import AddresseeRefused, MessageRefused, NotSent, OutcomeNotKnown, TryLater

SECONDS = 8.0


class Mail:
    """An office's outgoing mail at `smtp://user:password@host:port` or `smtps://…`, from one address.

    smtp uses STARTTLS where the server offers it; credentials are never sent without it.
    """

    def __init__(self, url: str, *, sender: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._is_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._is_tls else 587)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._sender = sender

    async def send(self, address: str, *, title: str, words: str, key: str) -> str:
        """Send a plain text and return its Message-ID, which stays the same for a second copy; raises NotSent."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, address, title
        mail["Message-ID"] = f"<{key}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(words)
        try:
            await aiosmtplib.send(
                mail,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._is_tls,
                start_tls=True if self._user and not self._is_tls else None,
                timeout=SECONDS,
            )
        except (errors.SMTPException, OSError) as error:
            raise _meaning(error) from error
        return str(mail["Message-ID"])


def _meaning(error: Exception) -> NotSent:
    """Return a failure in the channels' terms: 4xx may pass, 5xx will not, silence after the data is unknown."""
    words = f"{type(error).__name__}"
    match error:
        case errors.SMTPRecipientsRefused(recipients=[errors.SMTPRecipientRefused(code=code), *_]):
            return TryLater(words, errcode=code) if code < 500 else AddresseeRefused(words, errcode=code)
        case errors.SMTPConnectError() | errors.SMTPConnectTimeoutError() | errors.SMTPConnectResponseError():
            return TryLater(words)
        case errors.SMTPResponseException(code=code) if 400 <= code < 500:
            return TryLater(words, errcode=code)
        case errors.SMTPResponseException(code=code):
            return MessageRefused(words, errcode=code)
        case errors.SMTPReadTimeoutError() | errors.SMTPTimeoutError() | errors.SMTPServerDisconnected():
            return OutcomeNotKnown(words)
    return TryLater(words)
