"""What an organisation asks of others: seen by members, set by stewards, lost by nobody."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import drafting, drafts, evaluation, matching, requiring
from assessments.compatibility import overview, pairs
from assessments.compatibility.encoding import Frame, encode
from assessments.models import Requirement, Sheet
from assessments.scoring import policy, profiles
from assessments.scoring.terms import Answer, Asked
from assessments.world import read_world
from orgs.models import Organisation, User
from tests.cast import Cast
from tests.pages import demo as the_demo
from tests.pages import people
from tests.pages.reading import read
from tests.pages.routes import address

pytestmark = pytest.mark.django_db
HERE = "/organisations/alder/requirements/"


@pytest.fixture
def steward(alder: Organisation) -> Client:
    return people.member(alder)


def filled(client: Client, **changes: str) -> dict[str, str]:
    """What a browser would send of the page as it stands, with some fields changed."""
    form = read(client.get(HERE).content).one("form", "asked-form")
    sent = {
        one.attributes["name"]: one.attributes.get("value", "")
        for one in form.all("input")
        if one.attributes["name"] != "csrfmiddlewaretoken"
    }
    for one in form.all("select"):
        (chosen,) = [o for o in one.all("option") if "selected" in o.attributes]
        sent[one.attributes["name"]] = chosen.attributes["value"]
    return sent | {name.replace("__", "."): value for name, value in changes.items()}


def asked(organisation: Organisation) -> Any:
    return drafts.read(organisation).requirements


# The ladder


@pytest.mark.parametrize("role", ["steward", "editor", "viewer"])
def test_every_member_sees_what_is_asked(alder: Organisation, role: str) -> None:
    page = read(people.member(alder, role).get(HERE).content)
    assert page.one("h1").text == "What Alder asks of others"
    assert "Are the rules of your main commons written and public?" in page.one("main").text
    assert bool(page.all("form", "asked-form")) is (role == "steward")


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_a_steward_changes_it(alder: Organisation, steward: Client, role: str) -> None:
    before = asked(alder)
    sent = filled(steward, threshold="1")
    assert people.member(alder, role).post(HERE, sent).status_code == 403
    assert asked(alder) == before


def test_what_is_not_yours_is_not_there(alder: Organisation, birch: Organisation) -> None:
    stranger = people.member(birch)
    not_yours, not_there = stranger.get(HERE), stranger.get("/organisations/x/requirements/")
    assert not_yours.status_code == not_there.status_code == 404
    assert not_yours.content == not_there.content
    assert stranger.post(HERE, {"threshold": "3"}).status_code == 404
    answer = Client().get(HERE)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")
    assert Client().post(HERE).status_code == 302


def test_it_can_be_read_before_there_are_criteria(db: None) -> None:
    organisation = Organisation.objects.create(slug="alder", name="Alder")
    assert b"Nothing can be asked yet" in people.member(organisation).get(HERE).content
    assert people.member(organisation).post(HERE, {"threshold": "1"}).status_code == 302


# Saving


def test_what_was_not_touched_stays_as_it_was_said(steward: Client, alder: Organisation) -> None:
    before = asked(alder)
    assert before.criteria["losses"] == Asked(None, "no", says_must_reach=True)
    assert steward.post(HERE, filled(steward)).status_code == 302
    after = asked(alder)
    assert after.threshold == before.threshold
    assert {k: v for k, v in after.criteria.items() if v != Asked()} == before.criteria


def test_what_is_changed_is_said_and_nothing_else(steward: Client, alder: Organisation) -> None:
    sent = filled(steward, threshold="60", importance__outflow="9", **{"must-reach__rules": "no"})
    assert steward.post(HERE, sent).status_code == 302
    after = asked(alder)
    assert after.threshold is None  # Sixty is the standard, so nothing is said.
    assert after.criteria["outflow"] == Asked(9)
    assert after.criteria["rules"] == Asked(None, "no", says_must_reach=True)
    page = read(steward.get(HERE).content)
    marked = [one.one("legend").text for one in page.all("fieldset", "has-changed")]
    assert len(marked) == 4


def test_a_deal_breaker_can_be_taken_away(steward: Client, alder: Organisation) -> None:
    steward.post(HERE, filled(steward, **{"must-reach__rules": "no deal-breaker"}))
    assert asked(alder).criteria["rules"] == Asked(None, None, says_must_reach=True)


def test_one_click_goes_back_to_the_standard_and_keeps_the_rest(
    steward: Client, alder: Organisation
) -> None:
    sent = filled(steward, importance__outflow="9", as_standard="criterion.losses")
    answer = steward.post(HERE, sent)
    assert answer["Location"] == f"{HERE}#asked-losses"
    after = asked(alder)
    assert after.criteria.get("losses", Asked()) == Asked()
    assert after.criteria["outflow"] == Asked(9)
    assert after.threshold == 70
    steward.post(HERE, filled(steward, as_standard="threshold"))
    assert asked(alder).threshold is None
    steward.post(HERE, filled(steward, as_standard="all"))
    assert not any(one != Asked() for one in asked(alder).criteria.values())


def test_two_stewards_never_overwrite_each_other_unseen(
    steward: Client, alder: Organisation
) -> None:
    mine, theirs = filled(steward, importance__outflow="9"), filled(steward, threshold="33")
    assert steward.post(HERE, theirs).status_code == 302
    answer = steward.post(HERE, mine)
    assert answer.status_code == 409
    assert asked(alder).threshold == 33
    page = read(answer.content)
    rows = [
        [cell.text for cell in row.walk() if cell.tag in {"th", "td"}]
        for row in page.one("table").one("tbody").all("tr")
    ]
    assert ["The bar", "Saved now33", "Yours70"] in rows
    assert len(rows) == 2
    assert "asked-outflow" in in_the_open(page)
    (again,) = [one for one in page.all("input") if one.attributes["name"] == "seen"]
    assert steward.post(HERE, mine | {"seen": again.attributes["value"]}).status_code == 302
    assert (asked(alder).threshold, asked(alder).criteria["outflow"].importance) == (70, 9)


def test_an_error_says_where_and_keeps_what_was_typed(steward: Client, alder: Organisation) -> None:
    before = asked(alder)
    sent = filled(steward, threshold="hundred", importance__outflow="9")
    page = read(steward.post(HERE, sent).content)
    summary = page.one("div", "error-summary")
    assert [one.attributes["href"] for one in summary.all("a")] == ["#id_threshold"]
    (field,) = [one for one in page.all("input") if one.attributes["name"] == "threshold"]
    assert field.attributes["value"] == "hundred"
    assert filled_of(page)["importance.outflow"] == "9"
    assert asked(alder) == before
    assert not in_the_open(page)  # The bar is never folded.


def test_a_dimension_opens_where_something_is_to_be_mended(steward: Client) -> None:
    assert not in_the_open(read(steward.get(HERE).content))
    sent = filled(steward, importance__outflow="11")
    assert "asked-outflow" in in_the_open(read(steward.post(HERE, sent).content))


def in_the_open(page: Any) -> set[str]:
    """The rows of dimensions that are not folded."""
    return {
        row.attributes["id"]
        for dimension in page.all("details")
        if "open" in dimension.attributes
        for row in dimension.all("fieldset", "asked-row")
    }


def filled_of(page: Any) -> dict[str, str]:
    return {
        one.attributes["name"]: chosen.attributes["value"]
        for one in page.all("select")
        for chosen in one.all("option")
        if "selected" in chosen.attributes
    }


def test_nothing_is_public_before_it_is_published(steward: Client, alder: Organisation) -> None:
    row = bytes(Sheet.objects.get(organisation=alder).row)
    steward.post(HERE, filled(steward, threshold="99"))
    assert bytes(Sheet.objects.get(organisation=alder).row) == row


# What stands beside it


def test_it_says_whom_each_deal_breaker_shuts_out_and_what_one_does_not_give(
    steward: Client, cast: Cast
) -> None:
    page = read(steward.get(HERE).content)
    rows = {one.attributes["id"]: one.text for one in page.all("fieldset", "asked-row")}
    assert "Shuts out 1 of 3 now." in rows["asked-rules"]
    assert "Shuts out 1 of 3 now." in rows["asked-losses"]
    assert "shut out 1 of 3 listed" in page.one("ul", "asked-summary").text
    cedar = read(people.member(cast.birch).get("/organisations/birch/requirements/").content)
    assert "Asks" not in cedar.one("main").text
    half = read(people.member(cast.dogwood).get("/organisations/dogwood/requirements/").content)
    assert "Asks what you have not said or shown yourselves." in half.one("main").text


def summary(client: Client) -> str:
    return read(client.get(HERE).content).one("ul", "asked-summary").text


def test_it_says_what_is_saved_would_do_and_it_comes_so(steward: Client, cast: Cast) -> None:
    assert "As it is published now: 1 compatible with you, 1 not yet known, 1 not compatible." in (
        summary(steward)
    )
    told = steward.post(HERE, filled(steward, threshold="100"), follow=True)
    page = read(told.content)
    assert page.one("ul", "messages").text == (
        "Saved. Others see it, and it counts, once you publish. "
        "Then 0 will be compatible with you (now 1)."
    )
    said = (
        "With what is saved here: 0 compatible with you (now 1), 1 not yet known (as now), "
        "2 not compatible (now 1)."
    )
    assert said in page.one("ul", "asked-summary").text
    published = read(steward.get("/organisations/alder/publish/").content)
    assert said.replace("is saved here", "you publish now") in published.one("main").text
    (seen,) = [one for one in published.all("input") if one.attributes["name"] == "seen"]
    steward.post("/organisations/alder/publish/", {"seen": seen.attributes["value"]})
    counted = matching.matches(cast.alder, cast.edition).counts
    assert list(counted.values()) == [0, 1, 2]
    assert "As it is published now: 0 compatible" in summary(steward)


def test_what_leaves_as_many_says_so_and_that_changed_answers_count_too(
    steward: Client, cast: Cast
) -> None:
    told = steward.post(HERE, filled(steward, threshold="69"), follow=True)
    assert (
        "once you publish. Then 1 will be compatible with you (as now)." in read(told.content).text
    )
    assert "changed in your draft" not in summary(steward)
    mark = drafts.read(cast.alder).mark("losses")
    by = User.objects.earliest("pk")
    now = timezone.now()
    drafting.save_answer(cast.alder, "losses", Answer(level="no"), seen=mark, by=by, at=now)
    assert "With what is saved here: 1 compatible with you (as now)," in summary(steward)
    assert "This counts the answers that have changed in your draft, too." in summary(steward)


def test_before_the_first_publishing_nothing_is_compared(cast: Cast) -> None:
    elm = Organisation.objects.create(slug="elm", name="Elm")
    client, here = people.member(elm), "/organisations/elm/requirements/"
    said = read(client.get(here).content).one("ul", "asked-summary").text
    assert "With what is saved here: 0 compatible with you, 3 not yet known" in said
    assert "(now" not in said
    assert "(as now" not in said


def differing(client: Client) -> list[str]:
    """What each page says of how much differs from the standard policy."""
    found = []
    for page in (HERE, "/organisations/alder/publish/", "/organisations/alder/"):
        text = read(client.get(page).content).one("main").text
        found += re.findall(r"[^.;:]+ differs? from the standard policy", text)
    return [one.strip() for one in found]


def test_every_page_counts_alike_what_differs(steward: Client) -> None:
    assert (
        differing(steward) == ["Two requirements and the bar differ from the standard policy"] * 3
    )
    steward.post(HERE, filled(steward, as_standard="threshold"))
    assert differing(steward)[:2] == ["Two requirements differ from the standard policy"] * 2
    steward.post(HERE, filled(steward, as_standard="criterion.losses"))
    assert differing(steward)[:2] == ["One requirement differs from the standard policy"] * 2
    steward.post(HERE, filled(steward, as_standard="all"))
    assert "All of it is the standard policy." in summary(steward)
    steward.post(HERE, filled(steward, threshold="12"))
    assert differing(steward)[:2] == ["The bar differs from the standard policy"] * 2
    publish = read(steward.get("/organisations/alder/publish/").content)
    assert "12 of 100" in publish.text


def test_a_deal_breaker_is_read_in_full_below_its_choice(steward: Client) -> None:
    page = read(steward.get(HERE).content)
    row = next(one for one in page.all("fieldset") if one.attributes["id"] == "asked-rules")
    assert "As saved: “They are public”." in row.text
    likeness = next(o for o in page.all("fieldset") if o.attributes["id"] == "asked-decisions")
    assert "As saved" not in likeness.text


def test_in_one_go_it_finds_what_one_by_one_finds() -> None:
    edition = the_demo.load()
    world = read_world(edition)
    found = overview.headlines(world.frame, world.rows).tolist()
    for place, sheet in enumerate(Sheet.objects.order_by("organisation__slug")):
        one_by_one = profiles.headline(world.edition, world.frame.sheet(bytes(sheet.row)))
        assert overview.HEADLINES[found[place]] is one_by_one.answer
        failed = overview.shut_out(world.frame, world.rows.take([place]), world.rows)
        judged = pairs.judge(encode(world.frame, world.rows.take([place])), world.encoded)
        assert np.array_equal(failed.sum(axis=1), judged.failed[0])


def test_the_page_costs_the_same_for_1000() -> None:
    edition = the_demo.publish_default()
    the_demo.publish(the_demo.many(10), edition)
    steward = people.member(Organisation.objects.get(slug="alder"))
    pages = (HERE, "/organisations/alder/publish/", "/desk/")
    few = [people.queries(steward, page) for page in pages]
    the_demo.publish(the_demo.many(1000), edition)
    assert [people.queries(steward, page) for page in pages] == few
    assert max(few) <= 12


# Whatever is sent


@pytest.mark.usefixtures("cast")
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_sent_nothing_breaks(data: st.DataObject) -> None:
    alder = Organisation.objects.get(slug="alder")
    client = people.member(alder)
    form = filled(client)
    names = [*form, "as_standard", "unknown", "importance.nobody", "must-reach."]
    text = st.sampled_from(people.FUZZ) | st.text(max_size=50)
    sent = form | data.draw(st.dictionaries(st.sampled_from(names), text, max_size=4))
    for name in data.draw(st.sets(st.sampled_from(names), max_size=2)):
        sent.pop(name, None)
    answer = people.send(client, HERE, sent)
    assert answer.status_code in {200, 302, 409}
    after = drafts.read(alder)
    chosen = policy.of(after.edition, after.requirements)
    assert 0 <= chosen.threshold <= 100
    assert all(0 <= one <= 10 for one in chosen.importances.values())
    assert set(Requirement.objects.values_list("criterion__edition__slug", flat=True)) == {"small"}
    assert after.answers.keys() == {
        *("rules", "losses", "release-delay", "decisions", "outflow", "licences", "exchange")
    }


def test_a_requirement_said_as_the_standard_policy_survives(alder: Organisation) -> None:
    draft = drafts.read(alder)
    chosen = policy.of(draft.edition, draft.requirements)
    again = requiring.said(draft, requiring.Chosen(chosen))
    assert policy.of(draft.edition, again) == chosen
    assert Frame.of(draft.edition).row(
        evaluation.read([alder.sheet.assessment])[0].sheet(draft.edition), chosen
    ).tobytes() == bytes(alder.sheet.row)
    assert address("requirements") == HERE
