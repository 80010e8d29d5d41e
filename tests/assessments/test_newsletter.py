"""The weekly mail: once a week at most, to those who want it, and one click turns it off."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail, signing
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from assessments import newsletter, reading, tasks
from assessments.models import PastSheet, Reader, Revision, SheetChange
from orgs.models import Membership, Organisation, User
from tests.cast import ALDER, BIRCH, Cast, edition_toml, publish_assessments, publish_edition

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=60)
REFUSING = {**BIRCH, "answers": {**BIRCH["answers"], "rules": {"level": "no"}}}
CLICK = {"List-Unsubscribe": "One-Click"}


def joined(
    organisation: Organisation, email: str, *, verified: bool = True, role: str = "viewer"
) -> Membership:
    """A member of long standing."""
    user = User.objects.create_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return Membership.objects.create(
        organisation=organisation, user=user, role=role, joined_at=timezone.now() - LONG_AGO
    )


@pytest.fixture
def member(cast: Cast) -> Membership:
    """A member of Alder, with whom Birch is not compatible any more since this moment."""
    found = joined(cast.alder, "oto@alder.example")
    publish_assessments(REFUSING)
    return found


def send(*, at: datetime | None = None) -> int:
    at = at or timezone.now()
    return sum(newsletter.send(block, at=at) for block in newsletter.due_blocks(at=at))


def off_url() -> str:
    return str(mail.outbox[-1].extra_headers["List-Unsubscribe"])[1:-1]


def path_of(url: str) -> str:
    assert url.startswith("http://localhost:8000/news/mail/")
    return url.removeprefix("http://localhost:8000")


def test_nobody_gets_a_mail_only_because_the_criteria_changed(cast: Cast) -> None:
    """As curators read it before they publish."""
    joined(cast.alder, "oto@alder.example")
    assert send() == 0
    now = timezone.now()
    publish_edition(edition_toml("next", ("importance = 3", "importance = 4")), at=now)
    assert send(at=now + timedelta(days=8)) == 0
    breaking = ("[translations.es.edition]", NEW)
    publish_edition(edition_toml("other", breaking), at=now + timedelta(days=9))
    assert send(at=now + timedelta(days=16)) == 1
    (sent,) = mail.outbox
    assert sent.subject == "New for Alder: 1 no longer"
    assert "The criteria have changed: 1 new" in str(sent.body)


NEW = """[criteria.minutes]
dimension = "democracy"
question = "Are the minutes shared?"
kind = "practice"
must_reach = "yes"

[translations.es.edition]"""


# What it says


def test_it_tells_who_turned_and_why_with_links_that_lead_somewhere(member: Membership) -> None:
    assert send() == 1
    (sent,) = mail.outbox
    assert sent.to == ["oto@alder.example"]
    assert sent.subject == "New for Alder: 1 no longer"
    assert (
        "– Birch. Birch’s answer to “Are the rules of your main commons written and public?” "
        "went from “They are public” to “They are not”.\n"
        "  http://localhost:8000/organisations/alder/with/birch/\n"
    ) in sent.body
    assert "Now compatible" not in sent.body
    assert "criteria have changed" not in sent.body
    assert "http://localhost:8000/organisations/alder/news/" in sent.body
    assert off_url() in sent.body
    assert "&" not in sent.body
    written = sent.message().as_bytes()
    read = message_from_bytes(written, policy=policy.default)
    assert read["List-Unsubscribe"].strip() == f"<{off_url()}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # Whole, however the lines of the head are folded.
    assert f"<{off_url()}>\n" in written.decode()


def test_a_name_of_many_lines_makes_no_header(member: Membership) -> None:
    Organisation.objects.filter(slug="alder").update(name="Alder\r\nBcc: all@coop.example")
    assert send() == 1
    assert mail.outbox[0].subject == "New for Alder Bcc: all@coop.example: 1 no longer"
    assert mail.outbox[0].recipients() == ["oto@alder.example"]


def test_who_withdrew_is_named_without_an_answer_and_without_a_link(member: Membership) -> None:
    Organisation.objects.get(slug="birch").sheet.delete()
    assert send() == 1
    assert "– Birch. Birch withdrew what it had published.\n" in mail.outbox[0].body
    assert "/with/birch/" not in mail.outbox[0].body
    assert "They are" not in mail.outbox[0].body


def test_it_says_that_the_criteria_changed_until_one_publishes_again(member: Membership) -> None:
    publish_edition(
        edition_toml("second", ("[criteria.losses]", "[criteria.losses]\nmeaning = 2")),
        at=timezone.now(),
    )
    assert send() == 1
    assert (
        "The criteria have changed: 1 asked anew. Own requirements that lapsed: 1. For members:\n"
        "http://localhost:8000/organisations/alder/answers/\n\n"
    ) in mail.outbox[0].body


# To whom, and how often


def test_it_comes_once_a_week_and_tells_nothing_twice(member: Membership) -> None:
    now = timezone.now()
    assert [send(at=now + timedelta(hours=hours)) for hours in (0, 1, 24, 167)] == [1, 0, 0, 0]
    assert send(at=now + timedelta(days=8)) == 0  # It has told that already.
    publish_assessments(BIRCH)
    assert send(at=now + timedelta(days=9)) == 0  # It looked a day before.
    assert send(at=now + timedelta(days=15, hours=1)) == 1
    assert mail.outbox[-1].subject == "New for Alder: 1 now compatible"


def test_what_was_seen_on_the_page_is_not_told(member: Membership) -> None:
    reading.see(member, Revision.head(), at=timezone.now())
    assert send() == 0
    assert mail.outbox == []


def test_nothing_new_is_no_mail(cast: Cast) -> None:
    joined(cast.alder, "oto@alder.example")
    assert list(newsletter.due_blocks(at=timezone.now())) != []
    assert send() == 0
    assert mail.outbox == []
    assert list(newsletter.due_blocks(at=timezone.now())) == []


def test_only_those_who_can_and_want_to_get_one(cast: Cast) -> None:
    joined(cast.alder, "shown@alder.example")
    joined(cast.alder, "not-shown@alder.example", verified=False)
    other = joined(cast.alder, "other@alder.example")
    EmailAddress.objects.filter(user=other.user).update(email="earlier@alder.example")
    inactive = joined(cast.alder, "inactive@alder.example")
    User.objects.filter(pk=inactive.user_id).update(is_active=False)
    new = joined(cast.alder, "new@alder.example")
    Membership.objects.filter(pk=new.pk).update(joined_at=timezone.now() - timedelta(days=6))
    refuses = joined(cast.alder, "refuses@alder.example")
    reading.set_mail(refuses.user_id, refuses.organisation_id, wanted=False)
    hidden = Organisation.objects.create(slug="hidden", name="Hidden")
    joined(hidden, "hidden@hidden.example")
    publish_assessments(REFUSING)
    # Whoever is named, whether due or not.
    assert (
        newsletter.send(list(Membership.objects.values_list("pk", flat=True)), at=timezone.now())
        == 1
    )
    assert [one.to for one in mail.outbox] == [["shown@alder.example"]]


def test_each_of_several_organisations_has_its_own(cast: Cast) -> None:
    one = joined(cast.alder, "oto@coop.example")
    Membership.objects.create(
        organisation=cast.birch, user=one.user, role="steward", joined_at=timezone.now() - LONG_AGO
    )
    publish_assessments({**ALDER, "requirements": {"threshold": 100}})
    assert send() == 2
    assert sorted(one.subject for one in mail.outbox) == [
        "New for Alder: 1 no longer",
        "New for Birch: 1 no longer",
    ]


# Faults


def test_a_bad_address_does_not_stop_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("a", "bad", "c"):
        joined(cast.alder, f"{name}@alder.example")
    publish_assessments(REFUSING)
    deliver = EmailBackend.send_messages
    opened: list[int] = []
    is_broken = False

    def open_(_: EmailBackend) -> bool:
        nonlocal is_broken
        opened.append(1)
        is_broken = False
        return True

    def refuse_one(backend: EmailBackend, messages: list[Any]) -> int:
        nonlocal is_broken
        if is_broken:  # As with a connection that the server has closed.
            raise SMTPServerDisconnected("gone")
        if messages[0].to == ["bad@alder.example"]:
            is_broken = True
            raise SMTPRecipientsRefused({})
        return int(deliver(backend, messages))

    monkeypatch.setattr(EmailBackend, "open", open_)
    monkeypatch.setattr(EmailBackend, "send_messages", refuse_one)
    assert send() == 2
    assert [one.to[0] for one in mail.outbox] == ["a@alder.example", "c@alder.example"]
    assert len(opened) == 2
    assert "could not be sent" in caplog.text
    assert "@" not in caplog.messages[0]
    assert send() == 0


def test_while_the_server_is_away_nothing_is_lost(
    member: Membership, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patched:

        def away(_: EmailBackend) -> bool:
            raise ConnectionRefusedError

        patched.setattr(EmailBackend, "open", away)
        assert send() == 0
    assert "cannot be reached" in caplog.text
    assert Reader.objects.get().looked_at is None
    assert send() == 1


def test_what_breaks_off_in_between_sends_none_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        joined(cast.alder, f"{name}@alder.example")
    publish_assessments(REFUSING)
    deliver = EmailBackend.send_messages

    class Killed(BaseException):
        """As if the process were gone."""

    def die_after(backend: EmailBackend, messages: list[Any]) -> int:
        deliver(backend, messages)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", die_after)
        with pytest.raises(Killed):
            send()
    assert send() == 1
    assert [one.to[0] for one in mail.outbox] == ["a@alder.example", "b@alder.example"]


def test_two_workers_at_once_send_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have found the mail due; the other has sent it when the first is about to claim it."""
    member = joined(cast.alder, "oto@alder.example")
    publish_assessments(REFUSING)
    claim = newsletter._claim
    sent: list[int] = []

    def claim_after_the_other(*args: Any, **others: Any) -> bool:
        monkeypatch.setattr(newsletter, "_claim", claim)
        sent.append(newsletter.send([member.pk], at=timezone.now()))
        return claim(*args, **others)

    monkeypatch.setattr(newsletter, "_claim", claim_after_the_other)
    sent.append(newsletter.send([member.pk], at=timezone.now()))
    assert sent == [1, 0]
    assert len(mail.outbox) == 1


# The doors of Celery


def test_beat_rings_a_door_that_is_there(settings: Settings) -> None:
    rung = settings.CELERY_BEAT_SCHEDULE["look-for-weekly-news"]
    assert rung["task"] == tasks.look_for_news.name
    assert rung["schedule"] <= 3600


def test_the_doors_share_out_what_is_due_and_forget_what_is_old(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(newsletter.BLOCK + 1):
        joined(cast.alder, f"{number}@alder.example")
    publish_assessments(REFUSING)
    publish_assessments(BIRCH)
    publish_assessments(REFUSING)
    for change in SheetChange.objects.filter(number__lt=Revision.head()):
        change.made_at -= timedelta(days=500)
        change.save()
    shared: list[list[int]] = []
    monkeypatch.setattr(tasks.send_news, "apply_async", lambda args, **_: shared.append(args[0]))
    tasks.look_for_news()
    assert [len(block) for block in shared] == [newsletter.BLOCK, 1]
    assert PastSheet.objects.count() == 1
    for block in [*shared, *shared]:
        tasks.send_news(block)
    assert len(mail.outbox) == newsletter.BLOCK + 1


# One click


def test_one_click_turns_it_off_without_log_in(member: Membership) -> None:
    send()
    path = path_of(off_url())
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(path).status_code == 200
    assert browser.head(path).status_code == 200
    assert Reader.objects.get().wants_mail  # To look changes nothing: scanners follow links.
    for _ in range(2):
        answer = browser.post(path, CLICK)
        assert answer.status_code == 200
        assert "It is off." in answer.content.decode()
        assert not Reader.objects.get().wants_mail
    assert "no-store" in answer["Cache-Control"]
    publish_assessments(BIRCH)
    assert send(at=timezone.now() + timedelta(days=8)) == 0

    answer = browser.post(path, {"mail": "on"})
    assert "It is on again." in answer.content.decode()
    assert send(at=timezone.now() + timedelta(days=8)) == 1


def test_an_empty_click_turns_it_off_too(member: Membership) -> None:
    send()
    assert Client().post(path_of(off_url())).status_code == 200
    assert not Reader.objects.get().wants_mail


def test_the_link_holds_for_years(member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    send()
    path = path_of(off_url())
    monkeypatch.setattr(
        "django.core.signing.time.time", lambda: timezone.now().timestamp() + 5 * 365 * 86400
    )
    assert Client().post(path, CLICK).status_code == 200
    assert not Reader.objects.get().wants_mail


def test_the_link_is_of_one_person_and_one_organisation(member: Membership, cast: Cast) -> None:
    other = joined(cast.alder, "other@alder.example")
    elsewhere = Membership.objects.create(
        organisation=cast.birch,
        user=member.user,
        role="viewer",
        joined_at=timezone.now() - LONG_AGO,
    )
    token = newsletter.sign(member.user_id, member.organisation_id)
    Client().post(reverse("news-mail", args=[token]), CLICK)
    assert not reading.wants_mail(member.user_id, member.organisation_id)
    assert reading.wants_mail(other.user_id, other.organisation_id)
    assert reading.wants_mail(elsewhere.user_id, elsewhere.organisation_id)


def test_who_left_gets_none_and_is_told_no_name(member: Membership) -> None:
    send()
    path = path_of(off_url())
    member.delete()
    for answer in (Client().get(path), Client().post(path, CLICK)):
        assert answer.status_code == 200
        assert "Alder" not in answer.content.decode()
        assert "not a member" in answer.content.decode()
    publish_assessments(BIRCH)
    assert send(at=timezone.now() + timedelta(days=8)) == 0
    # Who comes back has not asked for mails in between.
    Reader.objects.update(wants_mail=False)
    Membership.objects.create(
        organisation=member.organisation,
        user=member.user,
        role="viewer",
        joined_at=timezone.now() - LONG_AGO,
    )
    assert send(at=timezone.now() + timedelta(days=16)) == 0


def test_who_is_deleted_leaves_nothing(member: Membership) -> None:
    send()
    path = path_of(off_url())
    User.objects.all().delete()
    assert not Reader.objects.exists()
    assert Client().post(path, CLICK).status_code == 200
    assert not Reader.objects.exists()


HOSTILE = {
    "nothing of ours": "none",
    "another salt": signing.dumps([1, 1], salt="orgs.invitation"),
    "no salt": signing.dumps([1, 1]),
    "another key": signing.dumps([1, 1], key="another", salt=newsletter.SALT),
    "cut": newsletter.sign(1, 1)[:-1],
    "longer": newsletter.sign(1, 1) + "A",
    "another person": "W" + newsletter.sign(1, 1)[1:-3] + newsletter.sign(1, 2)[-3:],
    "NUL": "%00",
    "a colon": ":::",
    "not ASCII": "%C3%A9:%C3%A9:%C3%A9",
    "long": "A" * 5000,
    "dots": "..",
}


@pytest.mark.parametrize("token", HOSTILE.values(), ids=HOSTILE)
def test_a_link_that_is_not_ours_is_not_there(member: Membership, token: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(f"/news/mail/{token}/")
        assert answer.status_code in {404, 400, 301}
        assert answer.status_code != 301 or ".." in token
    assert not Reader.objects.filter(wants_mail=False).exists()
