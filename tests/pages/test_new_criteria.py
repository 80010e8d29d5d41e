"""After the criteria have changed: what is asked anew, and what is new, is said."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from assessments import drafting, publishing
from assessments.models import Edition
from assessments.scoring.terms import Answer, Requirements
from orgs.models.membership import Membership, Role
from tests import drafters
from tests.cast import Cast, edition_toml, publish_edition
from tests.drafters import LATER, NOON, YES, Hazel
from tests.orgs.conftest import as_, person
from tests.pages import people, reading
from tests.pages.reading import Element

pytestmark = pytest.mark.django_db

SOON = Answer(level="soon")
ASKED_ANEW = (
    ("How long do you wait before you publish?", "How soon do you publish your sources?"),
    ("[criteria.release-delay]\n", "[criteria.release-delay]\nmeaning = 2\n"),
)
NEW = (
    "[criteria.losses]",
    '[criteria.notice]\ndimension = "commons"\nquestion = "Do you say so?"\nkind = "practice"\n\n'
    "[criteria.losses]",
)


@pytest.fixture
def hazel(small_edition: Edition) -> Hazel:
    """Hazel has published two answers, and then the criteria changed."""
    hazel = drafters.found()
    hazel.save(YES)
    hazel.save(SOON, "release-delay")
    publishing.publish(hazel.organisation, by=hazel.ana, at=NOON)
    publish_edition(edition_toml("second", *ASKED_ANEW, NEW), at=LATER)
    return hazel


def page(client: Client, name: str, *parts: str) -> Element:
    return reading.read(client.get(reverse(name, args=["hazel", *parts])).content)


def test_the_list_says_how_many_and_which(hazel: Hazel) -> None:
    shown = page(as_(hazel.ana), "tasks")
    assert "one question is asked anew and one is new" in shown.one("p", "notice").text
    states = {
        line.one("a").text: line.one("span", "line-state").text
        for lines in shown.all("ul", "lines")
        for line in lines.all("li")
    }
    assert states["How soon do you publish your sources?"] == "asked anew"
    assert states["Do you say so?"] == "not answered"
    assert states["Are the rules of your main commons written and public?"] == "answered"


def test_the_question_shows_what_was_asked_and_answered_before(hazel: Hazel) -> None:
    said = page(as_(hazel.ana), "question", "release-delay").one("fieldset", "answer").text
    assert "How long do you wait before you publish?" in said
    assert "Within three months" in said
    assert "Asked anew" not in page(as_(hazel.ana), "question", "rules").text


def test_a_quotation_that_ends_with_a_full_stop_gets_no_second(hazel: Hazel) -> None:
    rules = ("[criteria.rules]", "[criteria.rules]\nmeaning = 2")
    publish_edition(edition_toml("third", *ASKED_ANEW, NEW, rules), at=LATER.replace(hour=13))
    said = page(as_(hazel.ana), "question", "rules").one("fieldset", "answer").text
    assert "your answer was They are public." in said
    assert "They are public.." not in said


def test_it_is_over_once_it_is_answered(hazel: Hazel) -> None:
    hazel.save(SOON, "release-delay")
    hazel.save(Answer(level="yes"), "notice")
    assert not page(as_(hazel.ana), "tasks").all("p", "notice")
    assert "Asked anew" not in page(as_(hazel.ana), "question", "release-delay").text


def test_everybody_reads_that_it_is_asked_anew_and_not_that_nothing_was_said(hazel: Hazel) -> None:
    states = {
        row.one("p", "summary-question").text: [one.text for one in row.all("p", "soft")]
        for answers in page(Client(), "organisation").all("ul", "summary")
        for row in answers.all("li")
        if row.all("p", "summary-question")
    }
    anew = "Asked anew since the criteria changed, and not answered yet"
    assert states["How soon do you publish your sources?"] == [anew]
    assert states["Do you say so?"] == ["Not said"]


def test_a_pair_says_of_it_what_the_profile_says(cast: Cast) -> None:
    publish_edition(edition_toml("second", *ASKED_ANEW, NEW), at=LATER)
    steward = people.member(cast.alder)
    pair = reading.read(steward.get(reverse("pair", args=["alder", "birch"])).content)
    anew = "Asked anew since the criteria changed, and not answered yet"
    said = {
        row.one("a").text: row.text.removeprefix(row.one("a").text)
        for where in [*pair.all("tbody"), *pair.all("ul", "reasons")]
        for row in [*where.all("tr"), *where.all("li")]
        if row.all("a") and ("sources" in row.text or "say so" in row.text)
    }
    assert anew in said["How soon do you publish your sources?"]
    assert anew not in said["Do you say so?"]
    told = [
        one.text
        for one in pair.all("span", "aside")
        if "Not said" in one.text or "Nothing said so far" in one.text
    ]
    assert len(told) == pair.text.count("Do you say so?")


@pytest.mark.parametrize("is_begun", [False, True], ids=["no draft", "a draft"])
def test_every_page_keeps_to_its_queries_until_one_publishes_anew(
    cast: Cast, is_begun: bool
) -> None:
    """What has changed is told by what was published before: it is read beside the draft."""
    ana = person("Ana")
    Membership.objects.create(organisation=cast.alder, user=ana, role=Role.STEWARD)
    publish_edition(edition_toml("strict", ("threshold = 60", "threshold = 100")))
    if is_begun:
        drafting.save_requirements(cast.alder, Requirements(50))
    client = as_(ana)
    pages = ("tasks", "review", "preview", "publish", "requirements", "matches", "doors", "news")
    of_one = {name: reverse(name, args=["alder"]) for name in (*pages, "messages", "members")}
    parts = {
        "desk": reverse("desk"),
        "question": reverse("question", args=["alder", "rules"]),
        "dimension": reverse("answers-dimension", args=["alder", "commons"]),
        "pair": reverse("pair", args=["alder", "birch"]),
    }
    counted = {name: people.queries(client, url) for name, url in {**of_one, **parts}.items()}
    assert {name: count for name, count in counted.items() if count > 12} == {}
