"""The demo tells each mail once, with its link."""

from __future__ import annotations

from pathlib import Path

from django.core.mail import EmailMessage, get_connection

from coopcheck.demo_mail import MailFolder, WrittenMail


def _send(folder: Path, subject: str, text: str) -> None:
    connection = get_connection(
        "django.core.mail.backends.filebased.EmailBackend", file_path=str(folder)
    )
    message = EmailMessage(subject, text, to=["ana@alder.example"], connection=connection)
    message.send()


def test_each_mail_is_told_once_with_its_link(tmp_path: Path) -> None:
    _send(tmp_path, "Before", "http://localhost:8000/before/")
    folder = MailFolder(tmp_path)
    assert folder.new() == []
    _send(tmp_path, "Érable invites you", f"É. Here:\n\nhttp://localhost:8000/{'x' * 90}/\n")
    _send(tmp_path, "Nothing", "No link.")
    assert sorted(folder.new(), key=lambda mail: mail.subject) == [
        WrittenMail("ana@alder.example", "Nothing", ()),
        WrittenMail(
            "ana@alder.example", "Érable invites you", (f"http://localhost:8000/{'x' * 90}/",)
        ),
    ]
    assert folder.new() == []


def test_a_folder_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path / "mail")
    assert folder.new() == []
    (tmp_path / "mail").mkdir()
    _send(tmp_path / "mail", "First", "http://localhost:8000/a/")
    assert [mail.subject for mail in folder.new()] == ["First"]
