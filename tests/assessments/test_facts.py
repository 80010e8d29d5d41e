"""What lists show, sort and narrow by is what the database holds, whatever happened in between."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments import facts
from assessments.facts import Facts, facts_of
from assessments.models import DescriptionMark, Edition, Sheet, triggers
from assessments.world import read_world
from orgs import directory
from orgs.models import Organisation
from tests.cast import ALDER, BIRCH, CEDAR, Cast, publish_assessments

pytestmark = pytest.mark.django_db

ELM = {**CEDAR, "slug": "elm", "name": "Elm", "country": "FR", "sectors": ["timber", "hosting"]}


def as_of_now() -> Facts:
    edition = Edition.objects.current()
    assert edition is not None
    return facts_of(read_world(edition))


def content(known: Facts) -> dict[int, tuple[bool, str, str, set[str]]]:
    """All that is known of each organisation, by its id, in the order of the names."""
    countries, sectors = known.countries, known.sectors
    places = [
        *known.by_name.tolist(),
        *(place for place, there in enumerate(known.is_there) if not there),
    ]
    return {
        int(known.ids[place]): (
            bool(known.is_there[place]),
            known.texts[place],
            countries.names[countries.codes[place]] if countries.codes[place] >= 0 else "",
            {sectors.names[code] for code in sectors.codes[sectors.owners == place]},
        )
        for place in places
    }


def of_the_database() -> dict[int, tuple[bool, str, str, set[str]]]:
    """The same from the tables."""
    listed = Organisation.objects.filter(sheet__isnull=False)
    return {
        one.pk: (True, one.search_text, one.country, set(one.sectors))
        for one in sorted(listed, key=lambda one: (one.search_text, one.slug))
    }


def assert_as_in_the_database() -> None:
    known, there = content(as_of_now()), of_the_database()
    assert known == there
    assert list(known) == list(there)


def mark() -> str:
    return DescriptionMark.objects.get().mark


def test_costs_one_small_query_while_nothing_changes(cast: Cast) -> None:
    world = read_world(cast.edition)
    known = facts_of(world)

    with CaptureQueriesContext(connection) as queries:
        assert facts_of(world) is known

    assert [query["sql"] for query in queries] == [facts._MARK]


def test_a_new_organisation_is_read_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    as_of_now()
    publish_assessments(ELM)
    asked: list[Any] = []
    read = facts._read

    def noted(ids: Any) -> Any:
        asked.append(ids)
        return read(ids)

    monkeypatch.setattr(facts, "_read", noted)

    assert_as_in_the_database()

    assert asked == [[Organisation.objects.get(slug="elm").pk]]


def test_another_sheet_of_the_same_organisation_reads_nothing_again(cast: Cast) -> None:
    known = as_of_now()
    publish_assessments({**BIRCH, "requirements": {"threshold": 100}})
    assert as_of_now() is known


@pytest.mark.parametrize("seed", range(3))
def test_is_what_the_database_holds_after_any_changes(
    cast: Cast, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(facts, "MOST_ALONE", 2)
    number = 0

    def found() -> None:
        nonlocal number
        for _ in range(chance.choice((1, 1, 3))):
            number += 1
            slug = f"{chance.choice('abyz')}-{number}"
            name = chance.choice(("Érable", "Same", "zeta"))
            publish_assessments({**chance.choice((ALDER, ELM)), "slug": slug, "name": name})

    def one() -> Organisation:
        return chance.choice(list(Organisation.objects.filter(sheet__isnull=False)))

    def rename() -> None:
        described = {"name": chance.choice(("Ábaco", "Beta", "Omega")), "place": "Leeds"}
        named = one()
        directory.describe(named, described=described, seen=directory.mark(named))

    def move() -> None:
        Organisation.objects.filter(pk=one().pk).update(country=chance.choice(("", "DE", "PT")))

    def work() -> None:
        organisation = one()
        organisation.sectors = chance.sample(("web", "Web", "food", "print"), chance.randint(0, 3))
        Organisation.objects.bulk_update([organisation], ["sectors"])

    def withdraw() -> None:
        if Sheet.objects.count() > 2:
            Sheet.objects.get(organisation=one()).delete()

    changes: list[Callable[[], None]] = [found, rename, move, work, withdraw]
    assert_as_in_the_database()
    for _ in range(15):
        for _ in range(chance.randint(1, 2)):
            chance.choice(changes)()
        assert_as_in_the_database()


def test_what_came_to_nothing_is_not_kept(cast: Cast) -> None:
    as_of_now()
    with transaction.atomic():
        directory.describe(
            cast.birch, described={"name": "Bouleau"}, seen=directory.mark(cast.birch)
        )
        publish_assessments(ELM)
        assert_as_in_the_database()
        transaction.set_rollback(True)

    assert_as_in_the_database()
    # The next one may get the id of the one that came to nothing.
    publish_assessments({**ELM, "name": "Orme", "country": "BE"})
    assert_as_in_the_database()


def test_who_withdrew_after_the_sheets_were_read_is_not_there(cast: Cast) -> None:
    world = read_world(cast.edition)
    Sheet.objects.get(organisation=cast.birch).delete()

    known = facts_of(world)

    place = world.places[cast.birch.pk]
    assert not known.is_there[place]
    assert place not in known.by_name
    assert not known.found("")[place]


@pytest.mark.parametrize(
    "change",
    [{"slug": "b"}, {"name": "B"}, {"country": "PT"}, {"sectors": ["b"]}, {"search_text": "b"}],
    ids=lambda change: "".join(change),
)
def test_whatever_lists_show_renews_the_mark(cast: Cast, change: dict[str, Any]) -> None:
    before = mark()
    Organisation.objects.filter(pk=cast.birch.pk).update(**change)
    assert mark() != before
    assert DescriptionMark.objects.count() == 1


def test_what_lists_do_not_show_leaves_the_mark(cast: Cast) -> None:
    before = mark()
    Organisation.objects.filter(pk=cast.birch.pk).update(website="https://b.example", size_class="")
    Organisation.objects.create(slug="elm", name="Elm")
    assert mark() == before


def test_what_is_saved_as_it_was_leaves_the_mark(cast: Cast) -> None:
    before = mark()
    cast.birch.save()
    same = {"name": cast.birch.name, "website": ""}
    directory.describe(cast.birch, described=same, seen=directory.mark(cast.birch))
    Organisation.objects.filter(slug="nobody").update(name="B")
    Organisation.objects.filter(slug="nobody").delete()
    assert mark() == before


def test_one_of_many_in_one_statement_renews_the_mark(cast: Cast) -> None:
    before = mark()
    others = [cast.alder, cast.birch, cast.cedar]
    cast.cedar.country = "PT"
    Organisation.objects.bulk_update(others, ["country"])
    assert mark() != before


def test_a_deletion_renews_the_mark(cast: Cast) -> None:
    elm = Organisation.objects.create(slug="elm", name="Elm")
    before = mark()
    elm.delete()
    assert mark() != before


def test_what_changed_while_the_triggers_were_down_is_seen(cast: Cast) -> None:
    as_of_now()
    with triggers.lifted():
        Organisation.objects.filter(pk=cast.birch.pk).update(country="PT")
    assert_as_in_the_database()


def test_without_a_mark_everything_is_read_each_time(cast: Cast) -> None:
    as_of_now()
    DescriptionMark.objects.all().delete()
    assert_as_in_the_database()
    with triggers.lifted():
        DescriptionMark.objects.all().delete()
        Organisation.objects.filter(pk=cast.birch.pk).update(country="PT")
        DescriptionMark.objects.all().delete()
        assert_as_in_the_database()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Alder", "Birch", "Cedar", "Dogwood"]),
        ("BIRCH", ["Birch"]),
        ("bir irc birch", ["Birch"]),
        ("birch cedar", []),
        ("%", []),
    ],
)
def test_every_word_of_a_text_has_to_occur(cast: Cast, text: str, names: list[str]) -> None:
    known = as_of_now()
    found = known.ids[known.found(text)].tolist()
    assert [one.name for one in Organisation.objects.filter(pk__in=found).order_by("name")] == names
