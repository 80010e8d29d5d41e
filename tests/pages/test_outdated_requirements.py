"""What one asks, after the criteria changed: a page left open loses nothing, and marks say what."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments import drafts
from assessments.models import Requirement
from assessments.scoring.terms import Asked
from orgs.models import Organisation
from tests.cast import ALDER, Cast, edition_toml, publish_assessments, publish_edition
from tests.pages import people
from tests.pages.reading import Element, read
from tests.pages.test_requirements import HERE, asked, filled, filled_of, in_the_open

pytestmark = pytest.mark.django_db

TRUST = (
    "[criteria.decisions]",
    '[criteria.trust]\ndimension = "democracy"\nquestion = "Do members trust each other?"\n'
    'kind = "practice"\nimportance = 7\n\n[criteria.decisions]',
)
HEAVIER = ("importance = 3\nbands", 'importance = 4\nmust_reach = "from-3"\nbands')
ANEW = ("[criteria.losses]\n", "[criteria.losses]\nmeaning = 2\n")
BAR = ("threshold = 60", "threshold = 65")


@pytest.fixture
def steward(alder: Organisation) -> Client:
    return people.member(alder)


def change_criteria(*changes: tuple[str, str]) -> None:
    publish_edition(edition_toml("second", *(changes or (TRUST, HEAVIER, ANEW, BAR))))


def sent_late(client: Client, sent: dict[str, str]) -> Element:
    answer = client.post(HERE, sent)
    assert answer.status_code == 409
    return read(answer.content)


def notices(page: Element) -> list[str]:
    return [
        one.text
        for one in page.all("section", "notice")
        if one.attributes["aria-labelledby"] != "lapsed"
    ]


def test_a_page_left_open_says_so_once_and_keeps_what_was_changed(
    steward: Client, alder: Organisation
) -> None:
    sent = filled(steward, threshold="33", importance__licences="9", importance__losses="5")
    before = Requirement.objects.count()
    change_criteria()
    page = sent_late(steward, sent)
    (said,) = notices(page)
    assert "The criteria changed while you had this page open" in said
    assert "What is new stands below as the standard policy has it." in said
    assert "Your changes are kept, and are not saved yet: look, and save again." in said
    assert not page.all("div", "error-summary")
    assert "Somebody else" not in page.text
    rows = [row.all("th")[0].text for row in page.one("table").one("tbody").all("tr")]
    assert rows == ["The bar", "Under which licences do you publish?"]
    assert "Importance 2, no deal-breaker" in page.one("table").text
    assert "Saved now" not in page.one("table").text  # Nobody has saved it; it is the standard.
    assert "asked-licences" in in_the_open(page)
    assert Requirement.objects.count() == before
    form = filled_of(page)
    assert form["importance.licences"] == "9"
    # What was not touched, what is new, and what asks something else now is as it stands now.
    assert (form["importance.outflow"], form["must-reach.outflow"]) == ("4", "from-3")
    assert form["importance.trust"] == "7"
    assert (form["importance.losses"], form["must-reach.losses"]) == ("2", "no deal-breaker")
    # Alder's own importance goes on.
    assert form["importance.decisions"] == "4"
    hidden = {
        one.attributes["name"]: one.attributes["value"]
        for one in page.one("form", "asked-form").all("input")
        if one.attributes["name"] != "csrfmiddlewaretoken"
    }
    assert hidden["threshold"] == "33"
    assert steward.post(HERE, form | hidden).status_code == 302
    after = asked(alder)
    assert after.threshold == 33
    assert {slug: one for slug, one in after.criteria.items() if one != Asked()} == {
        "decisions": Asked(4),
        "licences": Asked(9),
    }


def test_a_page_on_which_nothing_was_changed_asks_for_nothing(steward: Client) -> None:
    sent = filled(steward)
    change_criteria()
    page = sent_late(steward, sent)
    (said,) = notices(page)
    assert "there is nothing to save" in said
    assert not page.all("table")


def test_what_goes_back_to_the_standard_goes_to_the_new_one(
    steward: Client, alder: Organisation
) -> None:
    sent = filled(steward, as_standard="criterion.decisions")
    change_criteria(HEAVIER)
    page = sent_late(steward, sent)
    assert filled_of(page)["importance.decisions"] == "2"


def test_a_wrong_bar_is_told_and_stays_typed(steward: Client) -> None:
    sent = filled(steward, threshold="hundred", importance__licences="9")
    change_criteria()
    page = sent_late(steward, sent)
    assert [one.attributes["href"] for one in page.one("div", "error-summary").all("a")] == [
        "#id_threshold"
    ]
    assert "Your changes are kept" in notices(page)[0]
    assert filled_of(page)["importance.licences"] == "9"


def test_criteria_that_change_in_the_very_moment_lose_nothing_either(
    steward: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = filled(steward, importance__licences="9")
    earlier = drafts.read(Organisation.objects.get(slug="alder"))
    change_criteria()
    read_now = drafts.read
    given: list[Any] = [earlier]
    monkeypatch.setattr(
        drafts, "read", lambda *some, **more: given.pop() if given else read_now(*some, **more)
    )
    page = sent_late(steward, sent)
    assert "The criteria changed while" in notices(page)[0]
    assert filled_of(page)["importance.licences"] == "9"


@pytest.mark.parametrize("edition", [*people.FUZZ, "nobody", "small", "second"])
def test_whatever_edition_is_sent_nothing_breaks(steward: Client, edition: str) -> None:
    sent = filled(steward, importance__licences="9")
    change_criteria()
    answer = people.send(steward, HERE, {**sent, "edition": edition})
    assert answer.status_code in {200, 409}
    assert steward.get(HERE).status_code == 200


# What of the standard policy has changed


def rows(client: Client) -> dict[str, str]:
    page = read(client.get(HERE).content)
    return {one.attributes["id"]: one.text for one in page.all("fieldset", "asked-row")}


def test_a_standard_that_changed_is_marked_where_one_has_nothing_of_ones_own(
    cast: Cast, steward: Client
) -> None:
    mark = "The standard changed"
    assert not any(mark in row for row in rows(steward).values())
    change_criteria(
        TRUST,
        HEAVIER,
        ANEW,
        BAR,
        (
            'importance = 2\nlevels = [\n  {slug = "vote"',
            'importance = 3\nlevels = [\n  {slug = "vote"',
        ),
    )
    found = rows(steward)
    assert (
        f"{mark} When you published it was: importance 3, no deal-breaker."
        in (found["asked-outflow"])
    )
    assert [slug for slug, row in found.items() if mark in row] == ["asked-outflow"]
    new = "New Not asked when you published."
    anew = "Asked anew It asked something else, or counted in another way, when you published."
    assert [slug for slug, row in found.items() if new in row] == ["asked-trust"]
    assert [slug for slug, row in found.items() if anew in row] == ["asked-losses"]
    folded = [one.text for one in read(steward.get(HERE).content).all("summary")]
    assert sum(text.endswith("2 new or asked anew") for text in folded) == 1, folded
    said = read(steward.get(HERE).content).one("ul", "asked-summary").text
    assert "one question on which you have nothing of your own. Each is marked below." in said
    birch = people.member(cast.birch)
    page = read(birch.get(HERE.replace("alder", "birch")).content)
    assert "The standard changed: was 60" in page.text
    assert "two questions on which you have nothing of your own, and the bar." in page.text
    publish_assessments(ALDER)
    assert not any(mark in row or new in row or anew in row for row in rows(steward).values())


def test_what_is_ones_own_is_called_so(steward: Client) -> None:
    page = read(steward.get(HERE).content)
    folded = [one.text for one in page.all("summary")]
    assert any(text.endswith("2 of your own") for text in folded), folded
    assert not any("changed" in text for text in folded)
