"""What is new: the same as comparing whole match lists of both states; when and why each turned."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from assessments import keeping, matching, news, tracing, world
from assessments.compatibility.pairs import Verdict
from assessments.compatibility.turns import Force, Kind
from assessments.models import MatchResult, PastSheet, Revision, Sheet, SheetChange
from assessments.news import News
from assessments.tracing import Cause, Traced
from assessments.world import read_world
from orgs.models import Organisation
from tests.assessments.changing import current
from tests.assessments.commands import run, written
from tests.cast import ALDER, BIRCH, DOGWOOD, Cast, edition_toml, publish_assessments
from tests.cast import publish_edition as publish_small
from tests.reference import worlds

pytestmark = pytest.mark.django_db

COMPATIBLE = Verdict.COMPATIBLE
State = dict[int, set[int]]
"""By organisation, with whom it is compatible."""


def everybody() -> State:
    """With whom each organisation is compatible, by its match list as of now."""
    edition = current()
    return {
        one.pk: {
            match.organisation_id
            for match in matching.matches(one, edition)
            if match.verdict is COMPATIBLE
        }
        for one in Organisation.objects.filter(sheet__isnull=False)
    }


def vanish(organisation: Organisation) -> int:
    """Leave of an organisation what is left of one that was deleted; returns the id it had."""
    nobody = 10**9 + organisation.pk
    organisation.sheet.delete()
    PastSheet.objects.filter(organisation=organisation).update(organisation=nobody)
    world.forget()
    return nobody


class History:
    """Random publishing, changes, withdrawals, deletions and editions, noted after each change."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.edition, self.document = worlds.world(seed, organisations=14, criteria=4)
        self.number = 0
        self.states: dict[int, State] = {Revision.head(): {}}
        self.publish_edition()
        self.load(*self.document["organisations"][:9])

    def publish_edition(self) -> None:
        """The same criteria in another edition, with other importances and thresholds."""
        self.number += 1
        toml = dict(self.edition)
        toml["edition"] = {
            **toml["edition"],
            "slug": f"edition-{self.number}",
            "threshold": self.chance.choice((0, 30, 60, 90)),
        }
        toml["criteria"] = {
            slug: {**one, "importance": self.chance.choice((0, 1, 3, 9))}
            if "role" not in one or one["role"] != "none"
            else one
            for slug, one in toml["criteria"].items()
        }
        text = worlds.edition_toml(toml)
        run("load_edition", written(self.folder, "e.toml", text), "--publish")
        self.note()

    def load(self, *organisations: dict[str, Any]) -> None:
        document = {"edition": current().slug, "organisations": list(organisations)}
        run("load_assessments", written(self.folder, "o.json", worlds.document_json(document)))
        self.note()

    def note(self) -> None:
        self.states[Revision.head()] = everybody()

    def go_on(self) -> None:
        dice = self.chance.random()
        known = list(Organisation.objects.filter(sheet__isnull=False))
        if dice < 0.15 and len(known) > 3:
            Sheet.objects.get(pk=self.chance.choice(known).pk).delete()
            self.note()
        elif dice < 0.2 and len(known) > 5:
            one = self.chance.choice(known)
            nobody = vanish(one)
            for number, state in self.states.items():
                self.states[number] = {
                    nobody if pk == one.pk else pk: {
                        nobody if other == one.pk else other for other in others
                    }
                    for pk, others in state.items()
                }
            self.note()
        elif dice < 0.32:
            self.publish_edition()
        else:
            count = self.chance.choice((1, 1, 2))
            some = self.chance.sample(self.document["organisations"], count)
            others = self.chance.sample(self.document["organisations"], count)
            self.load(
                *(
                    {**other, "slug": one["slug"], "name": one["name"]}
                    for one, other in zip(some, others, strict=True)
                )
            )


def since(organisation: Organisation, revision: int) -> News:
    return news.since(organisation, current(), revision)


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 60))]
)
def test_what_is_new_is_what_two_whole_match_lists_differ_in(tmp_path: Path, seed: int) -> None:
    history = History(tmp_path, seed)
    causes: set[Cause] = set()
    for _ in range(14):
        history.go_on()
    now = everybody()
    turned = 0
    for organisation in Organisation.objects.all():
        mine = now.get(organisation.pk, set())
        for revision, state in history.states.items():
            was = state.get(organisation.pk, set())
            found = since(organisation, revision)
            assert {one.organisation_id for one in found.gained} == mine - was
            assert {one.organisation_id for one in found.lost} == was - mine
            turned += len(found)
            traced = tracing.trace(found, [*found.gained, *found.lost])
            assert [one.turned for one in traced] == [*found.gained, *found.lost]
            for one in traced:
                causes.add(one.cause)
                is_as_told(history, organisation.pk, revision, one)
    if seed < 3:
        # Else nothing was shown; a history of the long run may by chance be a quiet one.
        assert turned > 50
        assert len(causes) >= 4, causes


def moment(number: int) -> object:
    return SheetChange.objects.get(pk=number).made_at


def is_as_told(history: History, own: int, revision: int, traced: Traced) -> None:
    """The moment is that of a change after which it stayed so, and the cause is one of it."""
    other = traced.turned.organisation_id
    is_there = other in dict.fromkeys(Organisation.objects.values_list("pk", flat=True))
    assert (traced.other is not None) == is_there
    numbers = [number for number in sorted(history.states) if number >= revision]
    at = [number for number in numbers if moment(number) == traced.at]
    assert len(at) == 1, traced
    place = numbers.index(at[0])
    assert place > 0
    after = [other in history.states[number].get(own, set()) for number in numbers[place:]]
    assert after == [traced.turned.is_gained] * len(after)
    published = [
        own in history.states[number] and other in history.states[number] for number in numbers
    ]
    before, then = numbers[place - 1], numbers[place]
    if traced.turned.now is None:
        assert traced.cause is (Cause.WITHDREW if is_there else Cause.GONE)
        gone = own if traced.is_own else other
        assert gone in history.states[before]
        assert gone not in history.states[then]
    elif traced.turned.is_gained:
        # Just before, they were not compatible, whatever the reason.
        assert other not in history.states[before].get(own, set())
    if traced.cause in {Cause.PUBLISHED, Cause.PUBLISHED_AGAIN}:
        assert not published[place - 1]
        publisher = own if traced.is_own else other
        assert publisher not in history.states[before]
        earlier = any(publisher in history.states[number] for number in history.states)
        if traced.cause is Cause.PUBLISHED_AGAIN:
            assert earlier
    # Editions of the same questions: which number of them made it so can always be told.
    assert (traced.turn is not None) == (traced.cause in {Cause.ITEMS, Cause.CRITERIA})
    assert (traced.earlier is not None) == (traced.cause is Cause.CRITERIA)
    if traced.turn is not None:
        assert (traced.turn.after is COMPATIBLE) == traced.turned.is_gained
        assert traced.turn.items


# Told one by one


def only(organisation: Organisation, revision: int) -> Traced:
    found = since(organisation, revision)
    (traced,) = tracing.trace(found, [*found.gained, *found.lost])
    return traced


def with_answer(organisation: dict[str, Any], **answers: Any) -> dict[str, Any]:
    return {**organisation, "answers": {**organisation["answers"], **answers}}


def test_nothing_is_new_without_a_change(cast: Cast) -> None:
    assert len(since(cast.alder, Revision.head())) == 0


def test_an_answer_of_the_other_is_told(cast: Cast) -> None:
    head = Revision.head()
    publish_assessments(with_answer(BIRCH, rules={"level": "no"}))
    publish_assessments({**DOGWOOD, "requirements": {"threshold": 7}})
    traced = only(cast.alder, head)
    assert (traced.other, traced.cause) == (cast.birch, Cause.ITEMS)
    assert (traced.turned.then, traced.turned.now) == (COMPATIBLE, Verdict.NOT_COMPATIBLE)
    assert traced.turn is not None
    assert traced.turn.force is Force.ALONE
    (item,) = traced.turn.items
    assert (item.is_own, item.kind, item.criterion, item.before, item.after) == (
        *(False, Kind.LEVEL, "rules"),
        *(1, 0),
    )
    assert traced.at == SheetChange.objects.get(pk=head + 1).made_at
    # And seen from the other side.
    (item,) = only(cast.birch, head).turn.items  # type: ignore[union-attr]
    assert item.is_own


def test_a_requirement_of_ones_own_is_told(cast: Cast) -> None:
    head = Revision.head()
    publish_assessments({**ALDER, "requirements": {"threshold": 100}})
    traced = only(cast.alder, head)
    assert traced.turn is not None
    assert ("threshold", True) in {(one.kind.value, one.is_own) for one in traced.turn.items}


def test_the_last_turn_of_several_is_told(cast: Cast) -> None:
    head = Revision.head()
    for level in ("no", "yes", "no"):
        answer = {"level": level, "evidence": ["https://birch.example/reglas"]}
        publish_assessments(with_answer(BIRCH, rules=answer))
    traced = only(cast.alder, head)
    assert traced.at == SheetChange.objects.get(pk=head + 3).made_at
    assert len(since(cast.alder, head + 1)) == 0


def test_who_publishes_withdraws_and_comes_back_is_told(cast: Cast) -> None:
    head = Revision.head()
    publish_assessments({**BIRCH, "slug": "elm", "name": "Elm"}, at=timezone.now())
    traced = only(cast.alder, head)
    assert traced.other is not None
    assert (traced.other.slug, traced.cause, traced.is_own) == ("elm", Cause.PUBLISHED, False)
    published = Revision.head()
    elm = traced.other
    elm.sheet.delete()
    gone = only(cast.alder, published)
    assert (gone.other, gone.cause, gone.turned.now) == (elm, Cause.WITHDREW, None)
    assert len(since(cast.alder, head)) == 0
    withdrawn = Revision.head()
    other = with_answer({**BIRCH, "slug": "elm", "name": "Elm"}, outflow={"value": 11})
    publish_assessments(other, at=timezone.now())
    assert only(cast.alder, withdrawn).cause is Cause.PUBLISHED_AGAIN
    assert len(since(cast.alder, published)) == 0


def test_who_is_deleted_is_not_named(cast: Cast) -> None:
    head = Revision.head()
    vanish(Organisation.objects.get(slug="birch"))
    traced = only(cast.alder, head)
    assert (traced.other, traced.cause) == (None, Cause.GONE)
    assert traced.at == SheetChange.objects.get(pk=Revision.head()).made_at


def test_who_withdraws_oneself_loses_all(cast: Cast) -> None:
    head = Revision.head()
    cast.alder.sheet.delete()
    traced = only(cast.alder, head)
    assert (traced.other, traced.cause, traced.is_own) == (cast.birch, Cause.WITHDREW, True)
    assert len(since(cast.alder, Revision.head())) == 0


def test_what_was_answered_before_a_withdrawal_is_not_told(cast: Cast) -> None:
    head = Revision.head()
    publish_assessments(with_answer(BIRCH, rules={"level": "no"}))
    Organisation.objects.get(slug="birch").sheet.delete()
    traced = only(cast.alder, head)
    assert (traced.cause, traced.turn) == (Cause.WITHDREW, None)


def test_other_criteria_are_told(cast: Cast) -> None:
    head = Revision.head()
    publish_small(edition_toml("strict", ("threshold = 60", "threshold = 100")))
    found = since(cast.alder, head)
    assert [one.organisation_id for one in found.lost] == [cast.birch.pk]
    (traced,) = tracing.trace(found, found.lost)
    assert (traced.cause, traced.edition.slug) == (Cause.CRITERIA, "strict")
    assert traced.at == SheetChange.objects.get(pk=Revision.head()).made_at


def test_a_number_that_is_not_there_yet_counts_as_now(cast: Cast) -> None:
    assert len(since(cast.alder, 2**62)) == 0


def test_several_at_once_cost_what_one_costs(cast: Cast, django_assert_num_queries: Any) -> None:
    head = Revision.head()
    publish_assessments({**ALDER, "requirements": {"threshold": 100}})
    publish_assessments(with_answer(DOGWOOD, rules=BIRCH["answers"]["rules"]))
    every = {cast.alder.pk: head, cast.birch.pk: head + 1, cast.cedar.pk: 0, cast.dogwood.pk: 1}
    one_by_one = [
        news.since(Organisation.objects.get(pk=pk), cast.edition, revision)
        for pk, revision in every.items()
    ]
    with django_assert_num_queries(2):
        found = news.since_each(every, cast.edition)
    assert [(one.gained, one.lost) for one in found] == [
        (one.gained, one.lost) for one in one_by_one
    ]
    assert any(map(len, found))


# What is kept


def age(days: int, *, up_to: int) -> None:
    for change in SheetChange.objects.filter(number__lte=up_to):
        change.made_at -= timedelta(days=days)
        change.save()


def test_what_nobody_can_ask_for_any_more_is_forgotten(cast: Cast) -> None:
    for threshold in (1, 2, 3, 4):
        publish_assessments({**BIRCH, "requirements": {"threshold": threshold}})
    head = Revision.head()
    keeping.refresh()
    at = timezone.now()
    assert news.prune(at=at) == 0
    age(390, up_to=head - 1)
    assert news.prune(at=at) == 0
    age(20, up_to=head - 2)
    before = list(PastSheet.objects.values_list("until", flat=True))
    assert len(before) == 4
    assert news.prune(at=at) == 2
    assert set(PastSheet.objects.values_list("until", flat=True)) == {head - 1, head}
    assert SheetChange.objects.order_by("number").values_list("number", flat=True)[0] == head - 2
    # What can still be asked for is answered as before.
    assert len(since(cast.alder, head - 2)) == 0


def test_what_a_stored_result_needs_is_kept(cast: Cast) -> None:
    keeping.refresh()
    stored = Revision.head()
    for threshold in (1, 2, 3):
        publish_assessments({**BIRCH, "requirements": {"threshold": threshold}})
    age(800, up_to=Revision.head())
    assert news.prune(at=timezone.now()) == 0
    assert PastSheet.objects.count() == 3
    MatchResult.objects.update(as_of=stored + 1)
    assert news.prune(at=timezone.now()) == 1


def test_a_process_that_remembers_something_older_reads_all_anew(cast: Cast) -> None:
    known = read_world(cast.edition)
    keeping.refresh()
    Organisation.objects.get(slug="birch").sheet.delete()
    publish_assessments({**DOGWOOD, "requirements": {"threshold": 2}})
    MatchResult.objects.update(as_of=Revision.head())
    age(800, up_to=Revision.head())
    assert news.prune(at=timezone.now()) == 2
    later = read_world(cast.edition)
    assert "birch" in known.slugs
    assert "birch" not in later.slugs
