"""What publishing a draft would make of the matches: it comes exactly so."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from assessments import drafting, drafts, matching, outlook, publishing, requiring
from assessments.compatibility.pairs import Verdict
from assessments.models import Edition
from assessments.outlook import Outlook
from assessments.requiring import Chosen
from assessments.scoring import policy
from assessments.scoring.policy import Policy
from assessments.scoring.terms import Answer
from assessments.world import read_world
from orgs.models import Organisation, User
from tests.cast import Cast, edition_toml, publish_assessments, publish_edition
from tests.pages import demo as the_demo

pytestmark = pytest.mark.django_db


def edition() -> Edition:
    return Edition.objects.get(state="published")


def foreseen(organisation: Organisation) -> Outlook:
    found = outlook.of_draft(drafts.read(organisation), read_world(edition()))
    assert found is not None
    return found


def counts(organisation: Organisation) -> dict[Verdict, int]:
    return matching.matches(organisation, edition()).counts


def ask(organisation: Organisation, **changes: Any) -> None:
    """Save what is asked, with something changed."""
    draft = drafts.read(organisation)
    now = policy.of(draft.edition, draft.requirements)
    changed = Policy(
        **{
            "threshold": now.threshold,
            "importances": now.importances,
            "must_reach": now.must_reach,
            **changes,
        }
    )
    requiring.save(organisation, Chosen(changed), seen=requiring.version(draft))


def publish(organisation: Organisation) -> None:
    by = User.objects.create_user(f"{User.objects.count()}@coop.example")
    publishing.publish(organisation, by=by, at=timezone.now())


def test_what_is_not_changed_changes_nothing(cast: Cast) -> None:
    for one in (cast.alder, cast.birch, cast.cedar, cast.dogwood):
        found = foreseen(one)
        assert found.now == found.then == counts(one)
        assert not found.says_otherwise
        assert not found.asks_otherwise


@pytest.mark.parametrize("threshold", [0, 50, 69, 71, 100])
def test_a_bar_does_what_was_foreseen_of_it(threshold: int) -> None:
    the_demo.load()
    alder = Organisation.objects.get(slug="alder")
    before = counts(alder)
    ask(alder, threshold=threshold)
    found = foreseen(alder)
    assert found.now == before == counts(alder)
    assert found.asks_otherwise
    assert not found.says_otherwise
    publish(alder)
    assert counts(alder) == found.then
    if threshold in {0, 100}:
        assert found.then != before


def test_a_deal_breaker_and_an_answer_do_what_was_foreseen_of_them(cast: Cast) -> None:
    ask(cast.alder, must_reach={}, threshold=0)
    found = foreseen(cast.alder)
    publish(cast.alder)
    assert counts(cast.alder) == found.then != found.now
    by = User.objects.latest("pk")
    mark = drafts.read(cast.birch).mark("rules")
    drafting.save_answer(
        cast.birch, "rules", Answer(level="no"), seen=mark, by=by, at=timezone.now()
    )
    found = foreseen(cast.birch)
    assert found.says_otherwise
    assert not found.asks_otherwise
    publish(cast.birch)
    assert counts(cast.birch) == found.then != found.now


def test_who_has_published_nothing_is_told_what_comes(cast: Cast) -> None:
    elm = Organisation.objects.create(slug="elm", name="Elm")
    by = User.objects.create_user("elm@coop.example")
    for slug, said in {
        "rules": Answer(level="yes", evidence=("https://elm.example/rules",)),
        "losses": Answer(level="no"),
        "release-delay": Answer(level="at-once"),
        "decisions": Answer(level="consent"),
        "outflow": Answer(level="from-10"),
        "licences": Answer(licences=("AGPL-3.0-or-later",)),
    }.items():
        mark = drafts.read(elm).mark(slug)
        drafting.save_answer(elm, slug, said, seen=mark, by=by, at=timezone.now())
    found = foreseen(elm)
    assert found.now is None
    publish(elm)
    assert counts(elm) == found.then
    assert found.then[Verdict.COMPATIBLE] > 0


def test_the_first_of_all_fits_nobody(small_edition: Edition) -> None:
    elm = Organisation.objects.create(slug="elm", name="Elm")
    found = foreseen(elm)
    assert (found.now, set(found.then.values())) == (None, {0})


def test_nothing_is_foreseen_under_other_criteria_than_those_of_the_world(cast: Cast) -> None:
    draft, world = drafts.read(cast.alder), read_world(edition())
    publish_edition(edition_toml("next"))
    assert outlook.of_draft(drafts.read(cast.alder), world) is None
    assert outlook.of_draft(draft, world) is not None


def test_counts_are_those_of_the_lists(cast: Cast) -> None:
    elm = Organisation.objects.create(slug="elm", name="Elm")
    ids = [cast.alder.pk, cast.cedar.pk, elm.pk]
    assert matching.counts(ids, edition()) == {
        one.pk: counts(one) for one in (cast.alder, cast.cedar)
    }
    publish_assessments({"slug": "elm", "name": "Elm", "answers": {}})
    assert matching.counts([elm.pk], edition()) == {elm.pk: counts(elm)}
