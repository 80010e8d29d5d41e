"""The links of mails that the demo writes into its folder instead of sending them."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BETWEEN_MAILS = re.compile(rb"^-{79}\n", re.MULTILINE)
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class WrittenMail:
    """A mail that was written: to whom, about what, and where it leads."""

    to: str
    subject: str
    links: tuple[str, ...]


class MailFolder:
    """Tells each mail once; those that were there before it began to look are not told."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: dict[Path, int] = {}
        self.new()

    def new(self) -> list[WrittenMail]:
        """The mails that were written since the last look, whole ones only."""
        return [mail for path in sorted(self._folder.glob("*.log")) for mail in self._new_of(path)]

    def _new_of(self, path: Path) -> Iterator[WrittenMail]:
        begins = self._told.get(path, 0)
        try:
            if path.stat().st_size == begins:
                return
            written = path.read_bytes()
        except OSError:
            return  # Removed in the meantime; there is nothing to tell.
        for end in _BETWEEN_MAILS.finditer(written, begins):
            yield _read(written[begins : end.start()])
            begins = end.end()
        self._told[path] = begins


def _read(written: bytes) -> WrittenMail:
    mail = email.message_from_bytes(written.lstrip(), policy=email.policy.default)
    text = mail.get_content() if mail.get_content_type() == "text/plain" else ""
    return WrittenMail(
        to=str(mail["To"]), subject=str(mail["Subject"]), links=tuple(_LINK.findall(text))
    )
