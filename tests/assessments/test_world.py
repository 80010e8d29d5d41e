"""What a process keeps in memory is what the database holds, whatever happened in between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments import keeping, matching, world
from assessments.compatibility.encoding import Rows
from assessments.compatibility.ledger import Ledger
from assessments.models import (
    Answer,
    PastSheet,
    Revision,
    Sheet,
    SheetChange,
    Trouble,
    triggers,
)
from assessments.world import World, read_world
from orgs.models import Organisation
from tests.assessments.changing import Changing, current
from tests.cast import BIRCH, CEDAR, Cast, edition_toml, publish_assessments, publish_edition

pytestmark = pytest.mark.django_db

OTHER_BIRCH = {**BIRCH, "requirements": {"threshold": 100}}


def assert_as_read_anew(known: World) -> None:
    """A world that was brought up to date is the one that is read in one go."""
    world.forget()
    whole = read_world(current())
    assert whole is not known
    assert (known.slugs, known.as_of, known.mark) == (whole.slugs, whole.as_of, whole.mark)
    assert known.places == whole.places
    for name in ("ids", "revisions"):
        assert (getattr(known, name) == getattr(whole, name)).all()
    for name in Rows.__slots__:
        assert np.array_equal(getattr(known.rows, name), getattr(whole.rows, name)), name
    for name in Ledger.__slots__:
        mine, theirs = known.encoded.ledger, whole.encoded.ledger
        assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name


def test_costs_one_query_while_nothing_changes(cast: Cast) -> None:
    known = read_world(cast.edition)

    with CaptureQueriesContext(connection) as queries:
        assert read_world(cast.edition) is known

    assert len(queries) == 1


def test_reads_only_what_has_changed(cast: Cast) -> None:
    known = read_world(cast.edition)
    publish_assessments(OTHER_BIRCH)

    with CaptureQueriesContext(connection) as queries:
        later = read_world(cast.edition)

    assert len(queries) == 2
    assert later.as_of == known.as_of + 1
    assert (later.revisions > known.as_of).tolist() == [False, True, False, False]
    assert known.rows.thresholds[1] != later.rows.thresholds[1] == 100


@pytest.mark.parametrize("seed", range(3))
def test_is_what_is_read_anew_after_any_changes(tmp_path: Path, seed: int) -> None:
    changing = Changing(tmp_path, seed, organisations=24, criteria=7)
    changing.load(*changing.chance.sample(changing.everybody, 12))
    known = read_world(current())
    assert len(known.encoded.ledger.thresholds) == 12  # It is laid out from then on.
    for _ in range(6):
        changing.go_on()
        known = read_world(current())
        assert_as_read_anew(known)


def test_what_came_to_nothing_is_not_kept(cast: Cast) -> None:
    before = read_world(cast.edition)

    with transaction.atomic():
        publish_assessments({**CEDAR, "slug": "elm", "name": "Elm"})
        assert "elm" in read_world(cast.edition).slugs
        transaction.set_rollback(True)

    assert read_world(cast.edition).slugs == before.slugs
    # The next change takes the number that came to nothing.
    publish_assessments(OTHER_BIRCH)
    assert_as_read_anew(read_world(cast.edition))


def test_a_database_that_was_put_back_is_noticed(cast: Cast) -> None:
    known = read_world(cast.edition)
    SheetChange.objects.filter(number=known.as_of).update(mark="of another history")
    Sheet.objects.filter(organisation=cast.birch).update(
        row=known.frame.row(*_empty(known)).tobytes()
    )

    later = read_world(cast.edition)

    assert later is not known
    assert (later.rows.levels[1] == -1).all()


def _empty(known: World) -> tuple[Any, Any]:
    from assessments.scoring import answers, policy, terms

    edition = known.edition
    nothing = terms.Requirements(None, {})
    return answers.sheet(edition, {}, edition), policy.of(edition, nothing, edition)


def test_another_edition_is_read_whole(cast: Cast) -> None:
    read_world(cast.edition)
    publish_edition(edition_toml("next", ("threshold = 60", "threshold = 90")))

    later = read_world(current())

    assert later.edition.slug == "next"
    assert_as_read_anew(later)


class TestHistory:
    def test_a_sheet_that_is_replaced_is_kept(self, cast: Cast) -> None:
        before = Sheet.objects.get(organisation=cast.birch)
        publish_assessments(OTHER_BIRCH)

        past = PastSheet.objects.get()

        assert (past.organisation_id, past.edition_id) == (cast.birch.pk, cast.edition.pk)
        assert bytes(past.row) == bytes(before.row)
        assert (past.since, past.until) == (before.revision, Revision.head())

    def test_a_removal_by_any_means_raises_the_revision(self, cast: Cast) -> None:
        head = Revision.head()
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM assessments_sheet WHERE organisation_id = %s", [cast.birch.pk]
            )

        assert Revision.head() == head + 1
        assert PastSheet.objects.get().until == head + 1
        assert SheetChange.objects.filter(number=head + 1).exists()

    def test_every_number_has_a_mark_of_its_own(self, cast: Cast) -> None:
        publish_assessments(OTHER_BIRCH)
        marks = list(SheetChange.objects.values_list("mark", flat=True))

        assert len(marks) == len(set(marks)) == Revision.head() + 1
        assert {len(mark) for mark in marks} == {32}


def corrupt(organisation: Organisation, row: bytes = b"not a row") -> None:
    """Spoil a packed row in the database, which nobody tells."""
    Sheet.objects.filter(organisation=organisation).update(row=row)


def spoil_the_source(organisation: Organisation, value: str = "much") -> None:
    """Put something in the place of the published numbers that a packed row is made from."""
    with triggers.lifted():
        said = Answer.objects.filter(assessment__organisation=organisation).exclude(value="")
        said.update(value=value)


def spoilt_numbers(organisation: Organisation) -> bytes:
    """A row of the right length with a number that the edition does not have."""
    row = bytearray(Sheet.objects.get(organisation=organisation).row)
    row[:2] = (99).to_bytes(2, "little")
    return bytes(row)


class TestARowThatDoesNotFit:
    @pytest.mark.parametrize("spoilt", [lambda _: b"short", spoilt_numbers], ids=["short", "odd"])
    def test_is_named_and_made_again_from_its_source(
        self,
        cast: Cast,
        caplog: pytest.LogCaptureFixture,
        spoilt: Callable[[Organisation], bytes],
    ) -> None:
        before = bytes(Sheet.objects.get(organisation=cast.birch).row)
        corrupt(cast.birch, spoilt(cast.birch))
        world.forget()

        found = read_world(cast.edition)

        assert len(found) == 4
        assert bytes(Sheet.objects.get(organisation=cast.birch).row) == before
        assert "The sheet of birch does not fit the edition small." in caplog.text
        assert_as_read_anew(found)

    def test_is_left_out_where_its_source_is_spoilt_too(self, cast: Cast) -> None:
        keeping.refresh()
        spoil_the_source(cast.birch)
        corrupt(cast.birch)
        world.forget()

        found = read_world(cast.edition)

        assert found.slugs == ("alder", "cedar", "dogwood")
        assert found.left_out.keys() == {cast.birch.pk}
        matches = matching.matches(cast.alder, cast.edition)
        assert "birch" not in [match.slug for match in matches]
        assert sum(matches.counts.values()) == 2

    def test_is_made_again_for_the_page_of_a_pair_too(self, client: Client, cast: Cast) -> None:
        before = bytes(Sheet.objects.get(organisation=cast.birch).row)
        corrupt(cast.birch)

        assert client.get("/organisations/alder/with/birch/").status_code == 200

        assert bytes(Sheet.objects.get(organisation=cast.birch).row) == before

    def test_makes_no_page_fail(self, client: Client, cast: Cast) -> None:
        spoil_the_source(cast.birch)
        corrupt(cast.birch)
        world.forget()

        for address, status in (
            ("/", 200),
            ("/organisations/", 200),
            ("/organisations/alder/matches/", 200),
            ("/organisations/birch/matches/", 404),
            ("/organisations/alder/matches/not-compatible/", 200),
            ("/organisations/birch/matches/not-compatible/", 404),
            ("/organisations/alder/with/birch/", 404),
            ("/api/v1/organisations/alder/matches/", 200),
            ("/api/v1/organisations/birch/matches/", 404),
        ):
            assert client.get(address).status_code == status, address

    def test_does_not_keep_the_others_from_their_results(self, cast: Cast) -> None:
        spoil_the_source(cast.birch)
        corrupt(cast.birch)
        world.forget()

        tries = []
        for _ in range(keeping.MOST_TRIES + 2):
            keeping.refresh()
            tries.append(Trouble.objects.get().tries)

        assert tries == [1, 2, 3, 4, 5, 5, 5]
        assert "InvalidOperation" in Trouble.objects.get().error
        assert not keeping.stale().exists()
        # Another sheet is tried anew, and what was noted goes.
        spoil_the_source(cast.birch, "12")
        publish_assessments(OTHER_BIRCH)
        keeping.refresh()
        assert not Trouble.objects.exists()
        assert not keeping.stale().exists()
