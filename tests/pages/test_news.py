"""The page of what is new: its ladder, what it says, the mark that only a button moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import reading
from assessments.models import Edition, PastSheet, Reader, Revision, SheetChange
from orgs.models import Membership, Organisation, User
from tests.cast import ALDER, BIRCH, DOGWOOD, Cast, edition_toml, publish_assessments
from tests.cast import publish_edition as publish_small
from tests.pages import demo as the_demo
from tests.pages import people
from tests.pages.reading import read

pytestmark = pytest.mark.django_db

NEWS = "/organisations/alder/news/"
DESK = "/desk/"
REFUSING = {**BIRCH, "answers": {**BIRCH["answers"], "rules": {"level": "no"}}}


@pytest.fixture
def steward(cast: Cast) -> Client:
    """A steward of Alder, who has seen everything up to now."""
    client = people.member(cast.alder)
    client.post(NEWS, {"seen": str(Revision.head())})
    return client


def text(client: Client, address: str = NEWS) -> str:
    return " ".join(read(client.get(address).content).one("main").text.split())


def named(client: Client) -> list[str]:
    return [one.text for one in read(client.get(NEWS).content).all("h3")]


# The ladder


def test_only_members_come_in(cast: Cast) -> None:
    for role in ("steward", "editor", "viewer"):
        assert people.member(cast.alder, role).get(NEWS).status_code == 200
    stranger = people.member(cast.birch)
    not_there = stranger.get(NEWS.replace("alder", "nobody"))
    assert stranger.get(NEWS).status_code == not_there.status_code == 404
    assert stranger.get(NEWS).content == not_there.content
    assert stranger.post(NEWS, {"seen": "0"}).status_code == 404
    assert Client().get(NEWS).status_code == 302
    assert Client().post(NEWS, {"seen": "0"}).status_code == 401
    assert people.member(cast.alder).put(NEWS).status_code == 405
    assert not Reader.objects.exists()


def test_a_form_of_another_site_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    user = User.objects.create_user("oto@alder.example")
    Membership.objects.create(organisation=cast.alder, user=user, role="steward")
    client.force_login(user)
    assert client.post(NEWS, {"seen": "0"}).status_code == 403
    assert not Reader.objects.exists()


def test_the_pages_cost_the_same_for_1000(db: None) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(5), edition)
    the_demo.publish(the_demo.many(10), edition)
    alder = Organisation.objects.get(slug="alder")
    seen, new = people.member(alder), people.member(alder)
    Membership.objects.create(
        organisation=Organisation.objects.get(slug="birch"),
        user=User.objects.latest("pk"),
        role="viewer",
    )
    seen.post(NEWS, {"seen": "0"})

    def cost() -> list[int]:
        return [people.queries(one, page) for page in (NEWS, DESK) for one in (seen, new)]

    few = cost()
    assert named(seen)
    assert named(new)
    the_demo.publish(the_demo.many(1000), edition)
    assert cost() == few
    assert max(few) <= 12


def test_other_criteria_in_between_cost_little_more(steward: Client, cast: Cast) -> None:
    publish_small(edition_toml("strict", ("threshold = 60", "threshold = 100")))
    assert people.queries(steward, NEWS) <= 12
    assert people.queries(steward, DESK) <= 12
    assert "The criteria changed: “A small edition” came into force." in text(steward)


# What it says


def test_both_lists_say_who_when_and_why(steward: Client, cast: Cast) -> None:
    publish_assessments(REFUSING)
    rules = BIRCH["answers"]["rules"]
    publish_assessments({**BIRCH, "slug": "elm", "name": "Elm"}, at=timezone.now())
    publish_assessments({**DOGWOOD, "answers": {**BIRCH["answers"], "rules": rules}})
    page = read(steward.get(NEWS).content)
    assert [one.text for one in page.all("h3")] == ["Dogwood", "Elm", "Birch"]
    said = text(steward)
    assert "Now compatible 2" in said
    assert "No longer compatible 1" in said
    assert "Elm published for the first time." in said
    assert (
        "Birch’s answer to “Are the rules of your main commons written and public?” "
        "went from “They are public” to “They are not”."
    ) in said
    assert f"since {timezone.now():%-d %B %Y}" in said
    links = {one.text: one.attributes["href"] for one in page.one("main").all("a")}
    assert links["Birch"] == "/organisations/alder/with/birch/"
    assert steward.get(links["Birch"]).status_code == 200


def test_what_one_asks_oneself_is_told_as_ones_own(steward: Client, cast: Cast) -> None:
    publish_assessments({**ALDER, "requirements": {"threshold": 100}})
    assert "Your threshold went from 70 % to 100 %." in text(steward)


def test_who_withdrew_is_named_without_a_link_or_an_answer(steward: Client, cast: Cast) -> None:
    publish_assessments(REFUSING)
    Organisation.objects.get(slug="birch").sheet.delete()
    said = text(steward)
    assert "Birch withdrew what it had published." in said
    assert "rules" not in said
    assert "/with/birch/" not in steward.get(NEWS).content.decode()


def test_who_was_never_compatible_is_not_named(steward: Client, cast: Cast) -> None:
    Organisation.objects.get(slug="cedar").sheet.delete()
    Organisation.objects.create(slug="hidden", name="Hidden")
    said = text(steward)
    assert "Nothing new." in said
    assert "Cedar" not in said
    assert "Hidden" not in said


def test_who_is_deleted_is_told_without_a_name(steward: Client, cast: Cast) -> None:
    Organisation.objects.get(slug="birch").sheet.delete()
    PastSheet.objects.filter(organisation=cast.birch).update(organisation=10**9)
    assert named(steward) == ["An organisation that is no longer here"]
    assert "Birch" not in text(steward)


def test_a_name_is_text_and_nothing_else(steward: Client, cast: Cast) -> None:
    publish_assessments({**REFUSING, "name": "<script>Birch</script>"})
    assert named(steward) == ["<script>Birch</script>"]
    assert "<script>Birch" not in steward.get(NEWS).content.decode()


def test_only_so_many_are_shown_and_all_are_counted(
    steward: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.views.news.MOST_SHOWN", 2)
    publish_assessments(*({**BIRCH, "slug": f"elm-{n}", "name": f"Elm {n}"} for n in range(5)))
    assert len(named(steward)) == 2
    assert "Now compatible 5" in text(steward)
    assert "And 3 more." in text(steward)
    assert "What is new: 5 new" in text(steward, DESK)


RULES = "“Are the rules of your main commons written and public?”"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("threshold = 60", "threshold = 100"),
            "The standard policy’s threshold went from 60 % to 100 %. Birch has set nothing of its "
            "own there, so it counts as Birch’s.",
        ),
        (
            ('evidence = "required"', 'evidence = "required"\nmeaning = 2'),
            f"Each of these alone made it so: {RULES} asks something else now, so that your "
            f"earlier answer does not count for it. {RULES} asks something else now, so that the "
            "earlier answer of Birch does not count for it.",
        ),
        (
            (
                'importance = 2\nlevels = [\n  {slug = "never"',
                'must_reach = "at-once"\nimportance = 2\nlevels = [\n  {slug = "never"',
            ),
            "The standard policy’s new deal-breaker on “How long do you wait before you publish?” "
            "asks for “at-once”. You have set nothing of your own there, so it counts as yours.",
        ),
    ],
)
def test_new_criteria_name_what_made_it_so(
    steward: Client, cast: Cast, change: tuple[str, str], said: str
) -> None:
    publish_small(edition_toml("other", change))
    assert f"The criteria changed: “A small edition” came into force. {said}" in text(steward)


def test_new_criteria_name_a_question_that_they_ask_for_the_first_time(
    steward: Client, cast: Cast
) -> None:
    trust = """[criteria.trust]
dimension = "democracy"
question = "Do members trust each other?"
kind = "practice"
importance = 10

[criteria.decisions]"""
    publish_small(edition_toml("other", ("[criteria.decisions]", trust)))
    assert (
        "came into force. “Do members trust each other?” is asked for the first time, with an "
        "importance of 10."
    ) in text(steward)


def test_where_it_cannot_be_told_the_edition_is_named_alone(steward: Client, cast: Cast) -> None:
    bar = ("threshold = 60", "threshold = 88")
    publish_small(edition_toml("barred", bar))
    assert named(steward) == []
    whole = edition_toml("other", bar)
    for start, stop in (
        ("[criteria.rules]", "[criteria.losses]"),
        ("[translations.es.criteria.rules]", "[translations.es.criteria.outflow]"),
    ):
        whole = whole[: whole.index(start)] + whole[whole.index(stop) :]
    # Without the question that both answer well, Alder stays below Birch’s bar.
    publish_small(whole)
    assert "The criteria changed: “A small edition” came into force." in text(steward)


# From where on


def test_what_is_new_stays_so_until_it_is_seen(cast: Cast) -> None:
    client = people.member(cast.alder)
    assert "New since Alder first published." in text(client)
    publish_assessments(REFUSING)
    assert named(client) == ["Birch"]
    # Neither one's own publishing takes it away, nor other criteria, nor time.
    publish_assessments({**ALDER, "requirements": {"threshold": 1}}, at=timezone.now())
    assert named(client) == ["Birch"]
    publish_small(edition_toml("other"))
    publish_assessments({**ALDER, "requirements": {"threshold": 2}}, at=timezone.now())
    assert named(client) == ["Birch"]
    for change in SheetChange.objects.all():
        change.made_at -= timedelta(days=300)
        change.save()
    Membership.objects.update(joined_at=timezone.now() - timedelta(days=310))
    assert named(client) == ["Birch"]
    assert "What is new: 1 new" in text(client, DESK)
    client.post(NEWS, {"seen": str(Revision.head())})
    assert named(client) == []


def test_without_a_mark_one_begins_30_days_before_one_came(cast: Cast) -> None:
    publish_assessments(REFUSING)
    early, late = people.member(cast.alder), people.member(cast.alder)
    for change in SheetChange.objects.all():
        change.made_at -= timedelta(days=31)
        change.save()
    Membership.objects.filter(user=User.objects.earliest("pk")).update(
        joined_at=timezone.now() - timedelta(days=31)
    )
    assert named(early) == ["Birch"]
    assert "New since 30 days before you came to Alder." in text(late)
    assert "Nothing new." in text(late)
    publish_assessments(BIRCH)
    assert named(late) == ["Birch"]
    assert named(early) == []


def test_a_very_old_mark_begins_where_something_is_kept(steward: Client, cast: Cast) -> None:
    publish_assessments(REFUSING)
    for change in SheetChange.objects.all():
        change.made_at -= timedelta(days=500)
        change.save()
    publish_assessments(BIRCH)
    assert named(steward) == ["Birch"]
    assert "within the last 400 days" in text(steward)


def test_who_never_published_is_told_so(cast: Cast) -> None:
    new = Organisation.objects.create(slug="new", name="New")
    client = people.member(new)
    address = NEWS.replace("alder", "new")
    assert "Nothing can be new yet." in text(client, address)
    client.post(address, {"seen": str(Revision.head())})
    publish_assessments({**BIRCH, "slug": "new", "name": "New"}, at=timezone.now())
    assert "You published for the first time." in text(client, address)


def test_without_criteria_nothing_breaks(db: None) -> None:
    new = Organisation.objects.create(slug="alder", name="Alder")
    client = people.member(new)
    assert Edition.objects.count() == 0
    assert "Nothing can be new yet." in text(client)
    assert "What is new" in text(client, DESK)


# The mark


def test_to_look_changes_nothing(cast: Cast) -> None:
    publish_assessments(REFUSING)
    client = people.member(cast.alder)
    for _ in range(2):
        assert named(client) == ["Birch"]
    client.head(NEWS)
    client.get(NEWS, {"seen": str(Revision.head())})
    assert not Reader.objects.exists()


def test_the_button_marks_what_was_on_the_page_and_no_more(steward: Client, cast: Cast) -> None:
    publish_assessments(REFUSING)
    assert "What is new: 1 new" in text(steward, DESK)
    (button,) = [
        one
        for one in read(steward.get(NEWS).content).all("button")
        if one.attributes.get("name") == "seen"
    ]
    publish_assessments({**BIRCH, "slug": "elm", "name": "Elm"})
    answer = steward.post(NEWS, {"seen": button.attributes["value"]})
    assert (answer.status_code, answer["Location"]) == (302, NEWS)
    assert named(steward) == ["Elm"]
    assert f"New since {timezone.now():%-d %B %Y}" in text(steward)
    # Never back, also by an older page that was left open.
    steward.post(NEWS, {"seen": "0"})
    assert named(steward) == ["Elm"]


def test_each_member_has_a_mark_of_their_own(steward: Client, cast: Cast) -> None:
    other = people.member(cast.alder, "viewer")
    publish_assessments(REFUSING)
    steward.post(NEWS, {"seen": str(Revision.head())})
    assert named(steward) == []
    assert named(other) == ["Birch"]


@pytest.mark.parametrize("seen", [*people.FUZZ, "99", str(2**63), str(2**64), "1.0", "+1", "1 "])
def test_whatever_is_sent_nothing_breaks(steward: Client, seen: str) -> None:
    before = Reader.objects.values().get()
    for name in ("seen", "mail"):
        assert people.send(steward, NEWS, {name: seen}).status_code == 302
    after = Reader.objects.values().get()
    assert {**after, "seen_at": None} == {**before, "seen_at": None}
    assert steward.get(NEWS).status_code == 200


def test_the_weekly_mail_is_turned_off_and_on(steward: Client, cast: Cast) -> None:
    for wanted, said in (("off", "You get no mail"), ("on", "Once a week")):
        steward.post(NEWS, {"mail": wanted})
        assert said in text(steward)
        assert Reader.objects.get().wants_mail is (wanted == "on")


def test_counts_are_of_each_organisation(steward: Client, cast: Cast) -> None:
    user = Membership.objects.get(organisation=cast.alder).user
    Membership.objects.create(organisation=cast.birch, user=user, role="viewer")
    publish_assessments(REFUSING)
    memberships = list(Membership.objects.order_by("pk"))
    counts = reading.counts(memberships, cast.edition, at=timezone.now())
    assert counts == {cast.alder.pk: 1, cast.birch.pk: 1}
    reading.see(memberships[0], Revision.head(), at=timezone.now())
    counts = reading.counts(memberships, cast.edition, at=timezone.now())
    assert counts == {cast.alder.pk: 0, cast.birch.pk: 1}
    assert reading.counts([], cast.edition, at=timezone.now()) == {}


def test_the_address_of_a_mail_is_not_a_page_of_the_app(cast: Cast, client: Client) -> None:
    answer: Any = client.get(reverse("news-mail", args=["none"]))
    assert answer.status_code == 404
