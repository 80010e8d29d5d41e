"""The curators' desk: what others never see, what is foreseen, and that it comes so."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments import curation, foresight, keeping, tasks
from assessments.catalogue import edition_changes, edition_file, organisations_file
from assessments.catalogue.edition_changes import Weight
from assessments.compatibility import pairs
from assessments.compatibility.encoding import Frame
from assessments.compatibility.pairs import VERDICTS, Verdict
from assessments.models import Edition, Sheet, Trouble
from assessments.world import read_world
from orgs.models import Organisation, User
from tests.assessments.successors import give_spare_credits, successor
from tests.cast import (
    EDITION_PUBLISHED_AT,
    SMALL_TOML,
    Cast,
    edition_toml,
    publish_assessments,
    publish_edition,
)
from tests.pages import demo as the_demo
from tests.pages import people
from tests.pages.reading import Element, read
from tests.reference import worlds
from tests.reference.made_criteria import Dice

pytestmark = pytest.mark.django_db

DESK, UPLOAD = "/curation/", "/curation/edition/upload/"
NEXT = edition_toml("next", ('evidence = "required"', 'evidence = "optional"\nmeaning = 2'))


@pytest.fixture
def curator(db: None) -> Client:
    return people.logged_in("curator@coop.example", is_curator=True)


@pytest.fixture(autouse=True)
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(tasks, "ring", lambda: heard.append("rung"))
    return heard


def hand_in(client: Client, text: str) -> Any:
    return client.post(UPLOAD, {"text": text})


def publish(client: Client, slug: str, typed: str = "") -> Any:
    """Send the form of a draft's page as it stands there, with something typed."""
    page = read(client.get(f"/curation/{slug}/").content)
    return client.post(f"/curation/{slug}/publish/", {**seen(page), "confirmation": typed or slug})


def seen(page: Element) -> dict[str, str]:
    """What the form of a draft's page carries of what was compared."""
    hidden = (one.attributes for one in page.all("input") if one.attributes.get("name"))
    return {one["name"]: one["value"] for one in hidden if one["name"] in {"current", "draft"}}


# The ladder

PAGES = (DESK, UPLOAD, "/curation/small/", "/curation/small/edition.toml")
SENT = (UPLOAD, "/curation/next/publish/", "/curation/next/discard/")


def test_a_curator_sees_every_page(curator: Client, cast: Cast) -> None:
    hand_in(curator, NEXT)
    for page in (*PAGES, "/curation/next/"):
        assert curator.get(page).status_code == 200
        assert curator.put(page).status_code == 405


@pytest.mark.parametrize("page", [*PAGES, "/curation/next/"])
def test_nobody_else_sees_any(curator: Client, cast: Cast, page: str) -> None:
    hand_in(curator, NEXT)
    for client in (people.member(cast.alder), people.logged_in("outsider@coop.example")):
        answer = client.get(page)
        assert answer.status_code == 404
        assert answer.content == client.get("/curation/nothing/").content
    assert Client().get(page)["Location"].startswith("/account/login/")


@pytest.mark.parametrize("page", SENT)
def test_nobody_else_does_anything(curator: Client, cast: Cast, page: str) -> None:
    hand_in(curator, NEXT)
    before = list(Edition.objects.values_list("slug", "state"))
    for client, status in ((people.member(cast.alder), 404), (Client(), 401)):
        sent = {"confirmation": "next", "text": edition_toml("other")}
        assert client.post(page, sent).status_code == status
    assert list(Edition.objects.values_list("slug", "state")) == before


def test_forms_are_guarded_against_other_sites(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("curator@coop.example", is_curator=True))
    assert hand_in(client, NEXT).status_code == 403
    assert not Edition.objects.exists()


def test_what_is_not_there_is_not_there(curator: Client) -> None:
    for page in ("/curation/x/", "/curation/x/edition.toml"):
        assert curator.get(page).status_code == 404
    for page in ("/curation/x/publish/", "/curation/x/discard/"):
        assert curator.post(page).status_code == 404
        assert curator.get(page).status_code == 405


def test_pages_cost_the_same_for_1000(curator: Client) -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(10), edition)
    text = curation.export(edition).replace("commons-first-2026", "next", 1)
    assert hand_in(curator, text).status_code == 302
    pages = (DESK, UPLOAD, "/curation/next/", "/curation/commons-first-2026/")
    few = [people.queries(curator, page) for page in pages]
    the_demo.publish(the_demo.many(1000), edition)
    assert [people.queries(curator, page) for page in pages] == few
    assert max(few) <= 12


# What it says


def test_a_draft_is_compared_with_the_current_edition(curator: Client, cast: Cast) -> None:
    changed = edition_toml(
        "next",
        ('"Are losses put on those who work?"', '"Who bears losses?"'),
        ("importance = 3", "importance = 5"),
        ("threshold = 60", "threshold = 55"),
    )
    hand_in(curator, changed)
    found = edition_changes.compare(edition_file.read(SMALL_TOML), edition_file.read(changed))
    assert [(one.criterion.slug, one.weight) for one in found.changed] == [
        ("rules", Weight.COUNTING),
        ("losses", Weight.WORDS),
    ]
    text = read(curator.get("/curation/next/").content).one("main").text
    for words in ("importance", "counts differently", "Who bears losses?", "only words", "55"):
        assert words in text
    assert "2 changed" in text


def test_it_says_whose_answers_stop_counting(curator: Client, cast: Cast) -> None:
    hand_in(curator, NEXT)
    earlier = curation.ever_published()
    found = foresight.publishing(edition_file.read(NEXT), earlier)
    # Three have said and shown their rules; Dogwood has shown nothing that could be lost.
    assert (found.lost, found.losing, found.of_all) == ({"rules": 3}, 3, 4)
    text = read(curator.get("/curation/next/").content).one("main").text
    assert "3 of 4 organisations lose answers that count now" in text
    assert "asked anew" in text


def verdicts_now() -> Counter[Verdict]:
    world = read_world(Edition.objects.get(state="published"))
    found = pairs.compare(world.encoded, world.encoded).verdicts
    count = len(world.ids)
    return Counter(VERDICTS[found[i, j]] for i in range(count) for j in range(i + 1, count))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_foreseen_comes(
    curator: Client, rings: list[str], seed: int, django_capture_on_commit_callbacks: Any
) -> None:
    made, document = worlds.world(seed, organisations=14, criteria=9)
    give_spare_credits(Dice(seed), made)
    edition = publish_edition(worlds.edition_toml(made))
    organisations = organisations_file.read(worlds.document_json(document), edition.as_terms())
    the_demo.publish(organisations.organisations, edition)
    text = worlds.edition_toml(successor(seed, [made], "next"))
    answer = hand_in(curator, text)
    assert answer.status_code == 302, answer.content.decode()
    found = foresight.publishing(edition_file.read(text), curation.ever_published())
    assert {one: found.now(one) for one in VERDICTS if found.now(one)} == verdicts_now()
    before = {row.organisation_id: known(row, edition) for row in Sheet.objects.all()}
    with django_capture_on_commit_callbacks(execute=True):
        assert publish(curator, "next").status_code == 302
    assert rings == ["rung"]
    after = Edition.objects.get(slug="next")
    assert after.state == "published"
    assert {one: found.then(one) for one in VERDICTS if found.then(one)} == verdicts_now()
    lost: Counter[str] = Counter()
    for row in Sheet.objects.all():
        lost.update(before[row.organisation_id] - known(row, after))
    with_role = {one.slug for one in edition.as_terms().criteria if one.role != "none"}
    stays = {one.slug for one in after.as_terms().criteria if one.role != "none"}
    gone = {one.slug for one in edition.as_terms().criteria} - {
        one.slug for one in after.as_terms().criteria
    }
    comparable = with_role & (stays | gone)
    assert {k: v for k, v in found.lost.items() if k in comparable} == {
        k: v for k, v in lost.items() if k in comparable
    }


def known(row: Sheet, edition: Edition) -> set[str]:
    """The criteria with a role on which a stored sheet has a level that counts."""
    sheet = Frame.of(edition.as_terms()).sheet(bytes(row.row))
    return {slug for slug, level in sheet.items() if level.state != "unknown"}


def test_of_very_many_it_says_that_it_is_an_estimate(
    curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = the_demo.load()
    monkeypatch.setattr(foresight, "MOST", 20)
    monkeypatch.setattr(foresight, "SAMPLE", 10)
    hand_in(curator, curation.export(edition).replace("commons-first-2026", "next", 1))
    text = read(curator.get("/curation/next/").content).one("main").text
    assert "Estimated from 10 of 37 organisations" in text
    one, other = (
        foresight.publishing(edition.as_terms(), curation.ever_published()) for _ in range(2)
    )
    assert one == other
    assert one.pairs == sum(one.verdicts.values()) == 45


def test_it_does_not_say_that_curators_change_no_verdict(curator: Client, cast: Cast) -> None:
    hand_in(curator, NEXT)
    text = read(curator.get(DESK).content).one("main").text
    assert "sets no single verdict. A new edition may change many verdicts" in text
    assert "cannot change" not in text
    # One word for one thing.
    assert "Criteria" in [one.text for one in read(curator.get(DESK).content).all("th")]
    assert "7 criteria" in read(curator.get("/curation/next/").content).one("div", "head").text


# Publishing and discarding


def test_publishing_needs_the_slug_typed(
    curator: Client, cast: Cast, rings: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    hand_in(curator, NEXT)
    for typed in ("", "Next", "small", "\x00", "next next"):
        page = read(curator.get("/curation/next/").content)
        sent = {**seen(page), "confirmation": typed}
        answer = curator.post("/curation/next/publish/", sent)
        assert answer.status_code == 200
        assert "exactly so" in read(answer.content).one("div", "error-summary").text
    assert Edition.objects.get(slug="next").state == "draft"
    with django_capture_on_commit_callbacks(execute=True):
        publish(curator, "next")
    assert dict(Edition.objects.values_list("slug", "state")) == {
        "next": "published",
        "small": "retired",
    }
    assert rings == ["rung"]
    page = read(curator.get(DESK).content)
    assert "worked out anew: 0 of 4 organisations" in page.one("main").text
    assert page.one("progress").attributes["max"] == "4"
    keeping.refresh()
    text = read(curator.get(DESK).content).one("main").text
    assert "The verdicts of all 4 organisations are up to date." in text
    again = curator.post("/curation/next/publish/", {"confirmation": "next"}, follow=True)
    said = read(again.content).one("ul", "messages").text
    assert said.startswith("“A small edition” has been published already, on ")
    assert said.endswith("; it is the current edition.")


def test_says_how_far_a_large_recomputation_is(
    curator: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BLOCK", 3)
    _, second = keeping.look(at=timezone.now())
    keeping.refresh(second)
    page = read(curator.get(DESK).content)
    assert "worked out anew: 1 of 4 organisations, since " in page.one("main").text
    assert page.one("progress").attributes["value"] == "1"
    assert "Nobody has looked" not in page.one("main").text


def test_says_when_nobody_looks_for_what_is_stale(curator: Client, cast: Cast) -> None:
    assert "Nobody has looked" in read(curator.get(DESK).content).one("main").text
    keeping.look(at=timezone.now() - timedelta(minutes=11))
    assert "Nobody has looked" in read(curator.get(DESK).content).one("main").text
    keeping.look(at=timezone.now())
    assert "Nobody has looked" not in read(curator.get(DESK).content).one("main").text


def test_while_it_runs_it_stands_first_and_asks_for_itself_again(
    curator: Client, cast: Cast
) -> None:
    page = read(curator.get(DESK).content)
    fragment = next(one for one in page.all("section") if one.attributes.get("id") == "progress")
    assert page.all("section")[0] is fragment
    assert fragment.attributes["hx-get"] == DESK
    assert fragment.attributes["hx-trigger"] == "every 2s"
    assert fragment.attributes["hx-select"] == "#progress"
    # Without scripts a link does the same, and comes back to the bar.
    link = fragment.one("a").attributes["href"]
    assert link.startswith(f"{DESK}?at=")
    assert link.endswith("#progress")
    assert curator.get(link).status_code == 200
    keeping.refresh()
    page = read(curator.get(DESK).content)
    fragment = next(one for one in page.all("section") if one.attributes.get("id") == "progress")
    assert page.all("section")[-1] is fragment
    assert not [name for name in fragment.attributes if name.startswith("hx-")]
    assert not page.all("progress")


def test_says_when_each_edition_was_published(curator: Client, cast: Cast) -> None:
    page = read(curator.get(DESK).content)
    assert "15 January 2026, 09:00 UTC" in page.one("table").text
    ways = [one.text for one in page.one("nav", "breadcrumbs").all("li")]
    assert ways == ["Your desk", "Curation"]


def test_names_whoever_could_not_be_computed(curator: Client, cast: Cast) -> None:
    assert "could not be worked out" not in read(curator.get(DESK).content).one("main").text
    Trouble.objects.create(
        organisation=cast.cedar,
        revision=1,
        tries=5,
        error="<b>odd</b>",
        last_tried_at=timezone.now(),
    )
    text = read(curator.get(DESK).content).one("main").text
    assert "Cedar" in text
    assert "tried 5 times" in text
    assert "<b>odd</b>" in text


def test_a_draft_that_has_come_to_contradict_says_so(curator: Client, cast: Cast) -> None:
    later = edition_toml("later", ('slug = "soon", credit = 60', 'slug = "quick", credit = 60'))
    later = later.replace("[criteria.release-delay]", "[criteria.release-delay]\nmeaning = 2")
    hand_in(curator, later)
    other = later.replace('"later"', '"sooner"').replace('"quick"', '"fast"')
    publish_edition(other, at=EDITION_PUBLISHED_AT)
    page = read(curator.get("/curation/later/").content)
    assert "It cannot be published like this" in page.one("main").text
    assert seen(page) == {}
    mark = curation.mark(Edition.objects.get(slug="later").as_terms())
    sent = {"current": "sooner", "draft": mark, "confirmation": "later"}
    answer = curator.post("/curation/later/publish/", sent)
    assert answer.status_code == 200
    assert "It cannot be published like this" in read(answer.content).one("main").text
    assert Edition.objects.get(slug="later").state == "draft"


def test_only_a_draft_is_discarded(curator: Client, cast: Cast) -> None:
    hand_in(curator, NEXT)
    assert curator.post("/curation/next/discard/")["Location"] == DESK
    curator.post("/curation/small/discard/")
    assert list(Edition.objects.values_list("slug", flat=True)) == ["small"]
    assert Organisation.objects.count() == 4
    assert publish_assessments().published == 0
