"""Review, preview, publish, withdraw, and the address of what was published."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import drafting, publishing
from assessments.models import Assessment, Edition
from assessments.scoring.terms import Answer, Asked, Requirements
from tests import drafters
from tests.cast import Cast, edition_toml, publish_edition
from tests.drafters import BUT, LATER, NO, NOON, YES, Hazel
from tests.orgs.conftest import as_
from tests.pages import reading
from tests.pages.reading import Element

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
OF_MEMBERS = ("review", "preview")
OF_STEWARDS = ("publish", "withdraw")
AS_OTHERS_ASK = {
    "losses": Answer(level="no"),
    "release-delay": Answer(level="at-once"),
    "decisions": Answer(level="consent"),
    "outflow": Answer(value=Decimal(12)),
    "licences": Answer(licences=("AGPL-3.0-or-later",)),
}


@pytest.fixture
def hazel(small_edition: Edition) -> Hazel:
    return drafters.found()


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """The rings for the workers, which are not there."""
    rings: list[bool] = []
    monkeypatch.setattr("assessments.tasks.ring", lambda: rings.append(True))
    return rings


def url(name: str, slug: str = "hazel", *parts: int) -> str:
    return reverse(name, args=[slug, *parts])


def page_of(response: Any) -> Element:
    return reading.read(response.content)


def seen(hazel: Hazel) -> str:
    """What a steward saw of the draft on the page where it is published."""
    page = page_of(as_(hazel.ana).get(url("publish")))
    return next(
        one.attributes["value"] for one in page.all("input") if one.attributes.get("name") == "seen"
    )


def publish(hazel: Hazel, **others: str) -> Any:
    fields = {"seen": seen(hazel), "confirmed": "yes"} | others
    return as_(hazel.ana).post(url("publish"), fields)


class TestLadder:
    @pytest.mark.parametrize("name", OF_MEMBERS + OF_STEWARDS)
    def test_who_sees_it(self, hazel: Hazel, name: str) -> None:
        hazel.save(YES)
        publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
        hazel.save(BUT, by=hazel.emre)
        for user in (hazel.ana, hazel.emre, hazel.vilma):
            client = as_(user)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(url(name))
            is_allowed = name in OF_MEMBERS or user == hazel.ana
            assert response.status_code == (200 if is_allowed else 403)
            assert len(queries) <= MOST_QUERIES
            assert "no-store" in response["Cache-Control"]
            page_of(response)
        stranger = as_(hazel.oto)
        there, unknown = stranger.get(url(name)), stranger.get(url(name, "nobody"))
        assert there.status_code == unknown.status_code == 404
        assert there.content == unknown.content
        assert reverse("account_login") in Client().get(url(name))["Location"]

    @pytest.mark.parametrize("name", OF_STEWARDS)
    def test_only_stewards_do_it(self, hazel: Hazel, name: str) -> None:
        hazel.save(YES)
        publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
        hazel.save(BUT)
        for user, status in ((hazel.emre, 403), (hazel.vilma, 403), (hazel.oto, 404)):
            assert as_(user).post(url(name), {"confirmed": "yes"}).status_code == status
        assert Client().post(url(name)).status_code == 302
        assert Assessment.objects.exclude(number=None).count() == 1
        assert Client().get(url("organisation")).status_code == 200

    def test_wrong_methods(self, hazel: Hazel) -> None:
        client = as_(hazel.ana)
        assert client.post(url("review")).status_code == 405
        assert client.post(url("preview")).status_code == 405
        assert client.delete(url("publish")).status_code == 405
        assert client.put(url("withdraw")).status_code == 405


class TestReview:
    def test_shows_what_counts_as_what_and_what_is_missing(self, hazel: Hazel) -> None:
        hazel.save(BUT, "rules")
        hazel.save(Answer(value=Decimal("5"), withheld=True), "outflow")
        page = page_of(as_(hazel.emre).get(url("review")))
        assert "It counts as No until the but is gone." in page.text
        assert "Kept private, so it counts as not yet known." in page.text
        # 3 of 12 of the importance hang on the number that is kept private.
        assert "kept private, up to 25 of 100" in page.text
        links = [one.attributes["href"] for one in page.all("a")]
        for slug in ("rules", "exchange"):
            assert reverse("question", args=["hazel", slug]) + "?from=review" in links

    def test_lists_claims_without_a_link(self, hazel: Hazel) -> None:
        hazel.save(Answer(level="yes"), "rules")
        assert "Claimed, not shown" in page_of(as_(hazel.ana).get(url("review"))).text

    def test_works_with_nothing_answered(self, hazel: Hazel) -> None:
        page = page_of(as_(hazel.ana).get(url("review")))
        assert (
            "Five of the scored questions are not yet known: 5 not answered. "
            "Two more are not answered, and bring no points." in page.text
        )

    def test_its_numbers_say_of_what_they_are(self, hazel: Hazel) -> None:
        hazel.save(Answer(level="yes"), "rules")
        hazel.save(Answer(na="never any"), "losses")
        hazel.save(Answer(unknown=True), "release-delay")
        page = page_of(as_(hazel.ana).get(url("review")))
        assert (
            "Four of the scored questions are not yet known: 2 not answered, 1 “we don’t know”, "
            "1 without the link that it needs. Two more are not answered, and bring no points."
            in page.text
        )
        assert [one.text for one in page.all("summary") if "question" in one.text] == [
            "5 questions in Commons stewardship: 4 scored, 1 not scored; 3 not answered",
            "2 questions in Democracy: 0 scored, 1 does not apply, 1 not scored; 1 not answered",
        ]
        notes = [one.text for one in page.all("span", "interval-note")]
        assert notes[0] == "0 of 4 scored known"

    def test_viewers_find_no_way_to_change(self, hazel: Hazel) -> None:
        hazel.save(YES)
        page = page_of(as_(hazel.vilma).get(url("review")))
        assert not [one for one in page.one("main").all("a") if one.text.startswith("Change")]


class TestPreview:
    def test_is_the_public_page(self, hazel: Hazel) -> None:
        hazel.save(BUT, "rules")
        hazel.save(Answer(value=Decimal("5"), withheld=True, note="secret-note"), "outflow")
        hazel.save(Answer(offers=("bread",)), "exchange")
        client = as_(hazel.ana)
        before = client.get(url("preview"))
        publish(hazel)
        client.get(url("publish"))  # Takes away the message that it was published.
        client = as_(hazel.ana)
        after = client.get(url("organisation"))
        banner = re.compile(r'<div class="notice is-open banner".*?</div>', re.DOTALL)
        shown, count = banner.subn("", before.content.decode())
        assert count == 1
        assert _body(shown) == _body(after.content.decode())
        assert "secret-note" not in shown


def _body(page: str) -> list[str]:
    main = page[page.index("<main") : page.index("</main>")]
    return [line.strip() for line in main.splitlines() if line.strip()]


class TestWhatWasPublishedBefore:
    def test_is_named_where_the_latest_is_read(self, hazel: Hazel) -> None:
        for answer in (YES, BUT, NO):
            hazel.save(answer, "rules")
            publish(hazel)
        page = page_of(Client().get(url("organisation")))
        said = next(one for one in page.all("p") if "Published by" in one.text)
        links = [(one.text, one.attributes["href"]) for one in said.all("a")]
        assert [text.split(" of ")[0] for text, _ in links] == ["no. 2", "no. 1"]
        assert [href for _, href in links] == [
            f"/organisations/hazel/assessments/{number}/" for number in (2, 1)
        ]
        assert "has loaded" not in said.text

    def test_came_from_a_file_where_nobody_has_published_it(self, cast: Cast) -> None:
        page = page_of(Client().get(f"/organisations/{cast.alder.slug}/"))
        assert "from a file that whoever runs this site has loaded" in page.text


class TestPublish:
    def test_asks_at_first_whether_this_is_what_one_asks_of_others(
        self, hazel: Hazel, rung: list[bool]
    ) -> None:
        hazel.save(YES)
        mark = seen(hazel)
        response = as_(hazel.ana).post(url("publish"), {"seen": mark})
        assert response.status_code == 422
        page = page_of(response)
        assert page.one(of_class="error-summary").one("a").attributes["href"] == "#confirmed"
        assert "What you ask of others" in page.text
        # What is to be confirmed can be read: all of it, the deal-breakers first.
        asks, _ = page.all("section", "section")
        lists = asks.all("ul", "summary")
        asked = [[row.text for row in one.all("li")] for one in lists]
        assert [len(rows) for rows in asked] == [1, 5]
        assert all("deal-breaker" in text for text in asked[0])
        assert not Assessment.objects.exclude(number=None).exists()
        assert not rung

    def test_publishes_and_leads_to_the_result(
        self, hazel: Hazel, rung: list[bool], django_capture_on_commit_callbacks: Any
    ) -> None:
        hazel.save(YES)
        mark = seen(hazel)
        client = as_(hazel.ana)
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(url("publish"), {"seen": mark, "confirmed": "yes"})
        assert rung
        page = page_of(client.get(response["Location"]))
        assert url("published", "hazel", 1) in [one.attributes["href"] for one in page.all("a")]
        assert Client().get(url("organisation")).status_code == 200

    def test_says_with_whom_one_is_compatible_before_and_now(self, cast: Cast) -> None:
        hazel = drafters.found()
        hazel.save(YES)
        publish(hazel)
        for slug, answer in AS_OTHERS_ASK.items():
            hazel.save(answer, slug)
        client = as_(hazel.ana)
        response = client.post(url("publish"), {"seen": seen(hazel)})
        said = page_of(client.get(response["Location"])).text
        before, now = re.findall(r"Compatible with you before: (\d+), now: (\d+)", said)[0]
        listed = page_of(client.get(url("matches"))).one("dl", "counts").all("dd")
        assert (before, now) == ("0", listed[0].text.split()[0])
        assert int(now) > 0
        assert f"{now} compatible" in said

    def test_says_what_differs_where_two_answers_read_alike(self, hazel: Hazel) -> None:
        hazel.save(Answer(level="yes", evidence=("https://a.example",)), "rules")
        hazel.save(Answer(value=Decimal(12)), "outflow")
        publish(hazel)
        hazel.save(Answer(level="yes", evidence=("https://b.example",), note="new"), "rules")
        hazel.save(Answer(value=Decimal(13)), "outflow")
        said = page_of(as_(hazel.ana).get(url("publish"))).text
        assert "(changed: its links, its note)" in said
        assert "(changed: its number)" in said

    def test_shows_what_is_asked_otherwise_than_before(self, hazel: Hazel) -> None:
        hazel.save(YES)
        publish(hazel)
        asked = Requirements(70, {"outflow": Asked(importance=9)})
        drafting.save_requirements(hazel.organisation, asked)
        said = page_of(as_(hazel.ana).get(url("publish"))).text
        assert "Before: 60" in said
        assert "Now: 70" in said
        assert "Now: Importance 9, no deal-breaker" in said

    def test_shows_what_changes_and_does_not_ask_again(self, hazel: Hazel) -> None:
        hazel.save(YES)
        publish(hazel)
        hazel.save(BUT)
        page = page_of(as_(hazel.ana).get(url("publish")))
        assert "What changes against no. 1" in page.text
        assert "Now: Yes, but not for guests" in page.text or "but not for guests" in page.text
        assert "This is what we ask of others." not in page.text
        assert as_(hazel.ana).post(url("publish"), {"seen": seen(hazel)}).status_code == 302
        assert Assessment.objects.exclude(number=None).count() == 2

    def test_publishes_nothing_that_was_not_looked_at(self, hazel: Hazel) -> None:
        hazel.save(YES)
        mark = seen(hazel)
        hazel.save(NO, by=hazel.emre)
        for stale in (mark, ""):
            fields = {"seen": stale, "confirmed": "yes"}
            assert as_(hazel.ana).post(url("publish"), fields).status_code == 409
        assert not Assessment.objects.exclude(number=None).exists()

    def test_has_nothing_to_publish_before_an_answer(self, hazel: Hazel) -> None:
        assert "Nothing to publish yet" in page_of(as_(hazel.ana).get(url("publish"))).text
        fields = {"seen": hazel.draft().whole_mark, "confirmed": "yes"}
        assert as_(hazel.ana).post(url("publish"), fields).status_code == 422


class TestPublished:
    def test_shows_each_as_it_was_on_its_day(self, hazel: Hazel) -> None:
        hazel.save(BUT)
        publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
        first = _body(Client().get(url("published", "hazel", 1)).content.decode())
        publish_edition(
            edition_toml("next", ("Are the rules of your main commons", "Are the new rules"))
        )
        hazel.save(NO)
        publishing.publish(hazel.organisation, by=hazel.ana, at=LATER)
        again = _body(Client().get(url("published", "hazel", 1)).content.decode())
        assert [line for line in first if "As it is seen today" not in line] == [
            line for line in again if "There is a newer one" not in line
        ]
        assert "Are the new rules" in Client().get(url("published", "hazel", 2)).content.decode()

    @pytest.mark.parametrize("number", [0, 3, 2**31, 2**63, 10**40])
    def test_what_was_not_published_is_not_there(self, hazel: Hazel, number: int) -> None:
        hazel.save(YES)
        publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
        hazel.save(NO)
        assert Client().get(url("published", "hazel", number)).status_code == 404


class TestWithdraw:
    def test_is_gone_everywhere_at_once_and_says_so(
        self, hazel: Hazel, cast: Any, rung: list[bool], django_capture_on_commit_callbacks: Any
    ) -> None:
        hazel.save(YES)
        publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
        with django_capture_on_commit_callbacks(execute=True):
            response = as_(hazel.ana).post(url("withdraw"))
        assert (response.status_code, bool(rung)) == (302, True)
        pair = {"slug": "alder", "other": "hazel"}
        for address in (
            url("organisation"),
            url("matches"),
            url("published", "hazel", 1),
            reverse("pair", kwargs=pair),
            reverse("api-organisation", args=["hazel"]),
            reverse("api-profile", args=["hazel"]),
            reverse("api-matches", args=["hazel"]),
            reverse("api-pair", kwargs=pair),
        ):
            gone = Client().get(address)
            assert gone.status_code == 410, address
            assert "withdrawn" in gone.content.decode()
            assert "Builders" not in gone.content.decode()
        for name in ("organisations", "api-organisations"):
            assert "Builders" not in Client().get(reverse(name)).content.decode()
        assert "Builders" not in Client().get(url("matches", "alder")).content.decode()
        # Who never published is not there, as before.
        assert Client().get(url("organisation", "oak")).status_code == 404

    def test_again_finds_nothing(self, hazel: Hazel) -> None:
        assert "nothing published" in page_of(as_(hazel.ana).get(url("withdraw"))).text
        assert as_(hazel.ana).post(url("withdraw")).status_code == 409

    def test_published_again_it_is_back(self, hazel: Hazel) -> None:
        hazel.save(YES)
        publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
        as_(hazel.ana).post(url("withdraw"))
        publish(hazel)
        assert Client().get(url("organisation")).status_code == 200
        assert Client().get(url("published", "hazel", 1)).status_code == 200


def test_the_desk_says_how_far_one_is(hazel: Hazel) -> None:
    def said() -> str:
        return page_of(as_(hazel.ana).get("/desk/")).one("li", "desk-organisation").text

    assert "ublished" not in said()
    hazel.save(YES)
    assert "Begun, not published yet." in said()
    publish(hazel)
    assert "Published as no. 1 on" in said()
    assert "changed since" not in said()
    hazel.save(BUT)
    assert "changed since, and not yet published again." in said()
    publishing.withdraw(hazel.organisation, by=hazel.ana, at=LATER)
    assert "Withdrawn: nobody outside sees it now." in said()
    gone = page_of(as_(hazel.ana).get(url("matches"))).one("main")
    assert "Publish again" in gone.text
    assert "Publish again" not in page_of(Client().get(url("matches"))).text
