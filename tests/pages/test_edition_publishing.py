"""Nobody publishes what they have not compared: from an old tab nothing goes out."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from assessments import aftermath, curation, foresight, tasks
from assessments.catalogue import edition_file
from assessments.models import Edition, SetOff
from tests.cast import SMALL_TOML, Cast, edition_toml, publish_edition
from tests.pages import people
from tests.pages.reading import Element, read
from tests.pages.test_curation_desk import publish, seen

pytestmark = pytest.mark.django_db

PAGE, PUBLISH, DISCARD = "/curation/next/", "/curation/next/publish/", "/curation/next/discard/"
NEXT = edition_toml("next", ("importance = 3", "importance = 5"))
LATER = datetime(2026, 3, 1, 16, 45, tzinfo=UTC)


@pytest.fixture
def curator(db: None) -> Client:
    return people.logged_in("curator@coop.example", is_curator=True)


@pytest.fixture(autouse=True)
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(tasks, "ring", lambda: heard.append("rung"))
    return heard


def load(text: str) -> None:
    curation.load(edition_file.read(text))


def opened(client: Client) -> dict[str, str]:
    """What a tab sends that was opened now, once the slug is typed."""
    return {**seen(read(client.get(PAGE).content)), "confirmation": "next"}


def refused(client: Client, sent: dict[str, str]) -> Element:
    """The page that says that nothing was published."""
    before = list(Edition.objects.order_by("pk").values_list("slug", "state", "published_at"))
    answer = client.post(PUBLISH, sent)
    assert answer.status_code == 409
    states = list(Edition.objects.order_by("pk").values_list("slug", "state", "published_at"))
    assert states == before
    page = read(answer.content)
    assert page.one("div", "error-summary").one("h2").text == "Nothing was published"
    assert page.one("title").text.startswith("Error: ")
    return page


def said(page: Element) -> str:
    return page.one("div", "error-summary").one("p").text


def test_a_tab_opened_before_the_current_edition_changed_publishes_nothing(
    curator: Client, cast: Cast
) -> None:
    load(NEXT)
    old = opened(curator)
    publish_edition(edition_toml("other", ("A small edition", "The other")), at=LATER)
    page = refused(curator, old)
    assert said(page) == (
        "The current edition has changed since you opened this page: “The other” was published "
        "on 1 March 2026, 16:45 UTC. This is the new comparison."
    )
    assert "Beside “The other”, the current edition" in page.one("main").text
    # The slug has to be typed again, and then the new comparison is what counts.
    (field,) = (one for one in page.all("input") if one.attributes.get("name") == "confirmation")
    assert "value" not in field.attributes
    answer = curator.post(PUBLISH, {**seen(page), "confirmation": "next"})
    assert answer.status_code == 302
    assert Edition.objects.get(slug="next").state == "published"


def test_a_tab_opened_before_the_draft_was_replaced_publishes_nothing(
    curator: Client, cast: Cast
) -> None:
    load(NEXT)
    old = opened(curator)
    load(NEXT.replace("importance = 5", "importance = 9"))
    page = refused(curator, old)
    assert said(page) == (
        "This draft has been replaced since you opened this page. This is the new comparison."
    )
    load(NEXT)  # As it was: what was compared is what would be published.
    assert curator.post(PUBLISH, old).status_code == 302


def test_it_is_said_even_where_the_slug_is_typed_wrong(curator: Client, cast: Cast) -> None:
    load(NEXT)
    old = opened(curator)
    load(NEXT.replace("importance = 5", "importance = 9"))
    refused(curator, {**old, "confirmation": "no"})


@pytest.mark.parametrize("without", ["current", "draft"])
def test_who_does_not_say_what_was_compared_publishes_nothing(
    curator: Client, cast: Cast, without: str
) -> None:
    load(NEXT)
    sent = opened(curator)
    del sent[without]
    refused(curator, sent)


def test_the_first_edition_is_compared_with_none(curator: Client, db: None) -> None:
    load(NEXT)
    old = opened(curator)
    assert old["current"] == ""
    publish_edition(SMALL_TOML)
    refused(curator, old)
    assert publish(curator, "next").status_code == 302


def test_what_is_compared_is_held_until_it_is_published(
    curator: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever happens in between: the verb looks again, not the page."""
    load(NEXT)
    seen_ = curation.Seen("small", curation.mark(Edition.objects.get(slug="next").as_terms()))
    assert curation.hold_draft("next", seen_).slug == "next"
    with pytest.raises(curation.Outdated) as outdated:
        curation.hold_draft("next", curation.Seen("", "x"))
    assert (outdated.value.is_current, outdated.value.is_draft) == (True, True)
    with pytest.raises(curation.NoDraft):
        curation.hold_draft("small", seen_)


def test_a_second_tab_says_what_was_published(curator: Client, cast: Cast) -> None:
    load(edition_toml("next", ("A small edition", "The next")))
    old = opened(curator)
    assert curator.post(PUBLISH, old).status_code == 302

    def again() -> str:
        answer = curator.post(PUBLISH, old, follow=True)
        return read(answer.content).one("ul", "messages").all("li")[-1].text

    assert again().startswith("“The next” has been published already, on ")
    assert again().endswith(" UTC; it is the current edition.")
    publish_edition(edition_toml("other"), at=LATER)
    assert again().endswith(" UTC; it is retired now.")


def test_the_address_of_a_discarded_draft_leads_curators_back(curator: Client, cast: Cast) -> None:
    load(NEXT)
    old = opened(curator)
    curator.post(DISCARD)
    answers: list[Any] = [curator.get(PAGE), curator.post(PUBLISH, old), curator.post(DISCARD)]
    for answer in answers:
        assert answer.status_code == 404
        main = read(answer.content).one("main")
        assert "a draft was discarded" in main.text
        assert "/curation/" in {one.attributes["href"] for one in main.all("a")}
    for other in (people.member(cast.alder), Client()):
        answer = other.get("/organisations/nobody/", follow=True)
        assert answer.status_code == 404
        assert b"uration" not in answer.content
        assert b"draft" not in answer.content


NOTHING = (
    '[edition]\nslug = "next"\ntitle = "Nothing"\n[dimensions.d]\ntitle = "D"\n',
    '[edition]\nslug = "next"\ntitle = "Offers"\n[dimensions.d]\ntitle = "D"\n'
    '[criteria.c]\ndimension = "d"\nquestion = "?"\nkind = "offers"\n',
)


@pytest.mark.parametrize("text", NOTHING, ids=["no criteria", "none that is scored"])
def test_what_judges_nobody_is_not_published_here(curator: Client, cast: Cast, text: str) -> None:
    load(text)
    page = read(curator.get(PAGE).content)
    assert "It cannot be published like this" in page.one("main").text
    assert "everybody would be compatible with everybody" in page.one("ol", "problems").text
    mark = curation.mark(Edition.objects.get(slug="next").as_terms())
    sent = {"current": "small", "draft": mark, "confirmation": "next"}
    answer = curator.post(PUBLISH, sent)
    assert "It cannot be published like this" in read(answer.content).one("main").text
    assert Edition.objects.get(slug="next").state == "draft"


# Who is told, and what is kept


def test_before_publishing_it_says_who_is_told(curator: Client, cast: Cast) -> None:
    load(NEXT)
    page = read(curator.get(PAGE).content)
    (section,) = (
        one for one in page.all("section") if one.attributes.get("aria-labelledby") == "publish"
    )
    text = section.text
    assert section.all("button")
    assert text.index("Who is told") < text.index("Nobody gets") < text.rindex("Publish")
    assert "Nobody gets a mail only because the criteria changed." in text


def sets_off(page: Element) -> Element:
    (found,) = (
        one for one in page.all("section") if one.attributes.get("aria-labelledby") == "sets-off"
    )
    return found


def test_what_publishing_set_off_is_kept_as_it_was_foreseen(curator: Client, cast: Cast) -> None:
    anew = ('evidence = "required"', 'evidence = "required"\nmeaning = 2')
    losses = ("[criteria.losses]", "[criteria.losses]\nmeaning = 2")
    load(edition_toml("next", anew, losses))
    before = sets_off(read(curator.get(PAGE).content))
    foreseen = foresight.publishing(
        Edition.objects.get(slug="next").as_terms(), curation.ever_published()
    )
    assert curator.post(PUBLISH, opened(curator)).status_code == 302
    row = Edition.objects.get(slug="next")
    assert aftermath.of(row) == foreseen
    after = sets_off(read(curator.get(PAGE).content))
    assert after.one("h2").text == "What publishing set off"
    assert after.all("ul", "counted")[0].text == before.all("ul", "counted")[0].text
    foreseen_verdicts = before.all("table")[1].text
    assert after.all("table")[1].text == (
        foreseen_verdicts.replace("Now", "Before").replace("Then", "After")
    )
    # What happens later changes nothing in it, and an edition after it neither.
    publish_edition(edition_toml("other"), at=datetime.now(UTC) + timedelta(days=1))
    assert sets_off(read(curator.get(PAGE).content)).text == after.text
    assert people.queries(curator, PAGE) <= 12


def test_who_is_gone_is_counted_and_not_named(curator: Client, cast: Cast) -> None:
    load(edition_toml("next", ('evidence = "required"', 'evidence = "required"\nmeaning = 2')))
    curator.post(PUBLISH, opened(curator))
    kept = SetOff.objects.get()
    assert "Alder" not in json.dumps(kept.foreseen)
    text = json.dumps(kept.foreseen).replace('"alder"', '"nobody"')
    SetOff.objects.update(foreseen=json.loads(text))
    page = sets_off(read(curator.get(PAGE).content))
    assert "Alder" not in page.text
    assert "3 of 4 organisations lost answers" in page.text
    assert "and 1 more" in page.text


def test_where_nothing_was_kept_it_says_so(curator: Client, cast: Cast) -> None:
    publish_edition(edition_toml("next"), at=LATER)
    assert "was not kept" in read(curator.get(PAGE).content).one("main").text
    assert "was not kept" not in read(curator.get("/curation/small/").content).one("main").text


def test_who_opens_the_address_of_the_form_finds_back(curator: Client, cast: Cast) -> None:
    load(NEXT)
    answer: Any = curator.get(PUBLISH)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    main = read(answer.content).one("main")
    assert PAGE in {one.attributes["href"] for one in main.all("a")}
    stranger = people.logged_in("outsider@coop.example").get(PUBLISH)
    assert (stranger.status_code, stranger.content) == (405, b"")
