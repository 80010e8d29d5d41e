"""What curators do with editions: load, replace, publish, retire, export."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from assessments import aftermath, curation, foresight
from assessments.catalogue import edition_file, edition_rules
from assessments.models import Criterion, Edition, Revision, Sheet
from assessments.models.criteria import EditionState
from assessments.scoring.problems import Refused
from tests.assessments.commands import everything, refusal, run, written
from tests.cast import SMALL_TOML, Cast, edition_toml, publish_edition
from tests.reference import worlds

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
IMPORTANCE = ("importance = 3\nmust_reach", "importance = 5\nmust_reach")
OTHER_TITLE = ("A small edition", "Another title")


def load(folder: Path, toml: str, *options: str) -> str:
    return run("load_edition", written(folder, "edition.toml", toml), *options)


def refused(folder: Path, toml: str, *options: str) -> str:
    """What a load says that is refused; it must have changed nothing."""
    before = everything()
    said = refusal("load_edition", written(folder, "edition.toml", toml), *options)
    assert everything() == before
    assert "nothing was changed" in said
    return said


def states() -> dict[str, str]:
    return dict(Edition.objects.values_list("slug", "state"))


class TestLoading:
    def test_makes_a_draft_that_is_not_current(self, tmp_path: Path) -> None:
        assert load(tmp_path, SMALL_TOML) == "small: loaded as a draft\n"

        draft = Edition.objects.get(slug="small")
        assert (draft.state, draft.published_at) == (EditionState.DRAFT, None)
        assert draft.as_terms() == edition_file.read(SMALL_TOML)
        assert Edition.objects.current() is None

    def test_replaces_a_draft_whole(self, tmp_path: Path) -> None:
        load(tmp_path, SMALL_TOML)
        shorter = SMALL_TOML.split("[criteria.exchange]")[0]

        load(tmp_path, shorter)

        assert Edition.objects.get().as_terms() == edition_file.read(shorter)
        assert not Criterion.objects.filter(slug="exchange").exists()

    def test_publishes_a_draft_in_the_form_that_the_file_has(self, tmp_path: Path) -> None:
        load(tmp_path, SMALL_TOML)
        changed = edition_toml("small", OTHER_TITLE)

        assert load(tmp_path, changed, "--publish") == (
            "small: published: it is the current edition\n"
        )

        current = Edition.objects.current()
        assert current is not None
        assert current.as_terms() == edition_file.read(changed)
        assert Edition.objects.count() == 1

    def test_leaves_the_draft_before_when_a_new_one_is_refused(self, tmp_path: Path) -> None:
        load(tmp_path, SMALL_TOML)

        refused(tmp_path, edition_toml("small", ("threshold = 60", "threshold = 101")))

    def test_touches_no_sheet_until_it_publishes(self, tmp_path: Path, cast: Cast) -> None:
        before = everything()

        load(tmp_path, edition_toml("next"))

        after = everything()
        for table in ("assessments_sheet", "assessments_revision", "assessments_assessment"):
            assert after[table] == before[table]
        assert states() == {"small": "published", "next": "draft"}

    @pytest.mark.parametrize("options", [(), ("--publish",)])
    def test_of_what_is_current_changes_nothing(
        self, tmp_path: Path, cast: Cast, options: tuple[str, ...]
    ) -> None:
        before = everything()

        # The same content, written another way.
        assert load(tmp_path, edition_file.write(cast.edition.as_terms()), *options) == (
            "small: unchanged\n"
        )
        assert load(tmp_path, f"# A note.\n{SMALL_TOML}", *options) == "small: unchanged\n"

        assert everything() == before

    def test_of_what_is_retired_changes_nothing(self, tmp_path: Path, cast: Cast) -> None:
        publish_edition(edition_toml("next"), at=LATER)
        before = everything()

        assert load(tmp_path, SMALL_TOML) == "small: unchanged\n"

        assert everything() == before

    @pytest.mark.parametrize("options", [(), ("--publish",)])
    @pytest.mark.parametrize(
        "change",
        [
            OTHER_TITLE,
            IMPORTANCE,
            ("Una edición", "Una nueva edición"),
            ("Within three", "Within four"),
        ],
        ids=["the title", "a number", "a translation", "the text of a level"],
    )
    def test_of_what_is_published_with_other_content_is_refused(
        self, tmp_path: Path, cast: Cast, options: tuple[str, ...], change: tuple[str, str]
    ) -> None:
        said = refused(tmp_path, edition_toml("small", change), *options)

        assert "edition.slug: “small” has been published with other content" in said
        assert "Give the edition a new slug." in said

    def test_of_what_is_retired_with_other_content_is_refused(
        self, tmp_path: Path, cast: Cast
    ) -> None:
        publish_edition(edition_toml("next"), at=LATER)

        said = refused(tmp_path, edition_toml("small", OTHER_TITLE))

        assert "has been published with other content" in said

    def test_is_told_with_the_other_mistakes(self, tmp_path: Path, small_edition: Edition) -> None:
        broken = edition_toml("small", ("threshold = 60", "threshold = 600"))

        said = refused(tmp_path, broken)

        assert "600 is not a whole number from 0 to 100" in said
        assert "“small” has been published with other content" in said


class TestPublishing:
    def test_retires_the_edition_before(self, tmp_path: Path, small_edition: Edition) -> None:
        load(tmp_path, edition_toml("next"), "--publish")

        assert states() == {"small": "retired", "next": "published"}
        small_edition.refresh_from_db()
        assert small_edition.as_terms() == edition_file.read(SMALL_TOML)

    def test_keeps_the_moment_at_which_it_was_done(self, small_edition: Edition) -> None:
        publish_edition(edition_toml("next"), at=LATER)

        assert Edition.objects.get(slug="next").published_at == LATER

    def test_sees_every_sheet_anew_in_one_revision(self, cast: Cast) -> None:
        head = Revision.head()
        rows = dict(Sheet.objects.values_list("organisation", "row"))

        edition = publish_edition(edition_toml("next", IMPORTANCE), at=LATER)

        assert Revision.head() == head + 1
        assert set(Sheet.objects.values_list("edition", "revision")) == {(edition.pk, head + 1)}
        renewed = dict(Sheet.objects.values_list("organisation", "row"))
        assert renewed.keys() == rows.keys()
        assert all(bytes(renewed[pk]) != bytes(rows[pk]) for pk in rows)

    def test_keeps_what_it_set_off(self, tmp_path: Path, cast: Cast) -> None:
        foreseen = foresight.publishing(
            edition_file.read(edition_toml("next", IMPORTANCE)), curation.ever_published()
        )

        load(tmp_path, edition_toml("next", IMPORTANCE), "--publish")

        assert aftermath.of(Edition.objects.get(slug="next")) == foreseen
        assert foreseen.organisations == 4
        assert aftermath.of(cast.edition) is None

    def test_of_a_retired_edition_is_refused(self, tmp_path: Path, cast: Cast) -> None:
        publish_edition(edition_toml("next"), at=LATER)

        said = refused(tmp_path, SMALL_TOML, "--publish")

        assert "edition.slug: “small” is retired and cannot be published again." in said
        assert "Give the edition a new slug." in said


MEANING = "[criteria.{}]\nmeaning = 2"
CHANGED_IN_SUBSTANCE = {
    "criteria.rules.kind": (
        ('kind = "practice"\ntexts = {yes = "They are public.", no', 'kind = "licences"\n#'),
        ('must_reach = "yes"\nheadline = true\n', ""),
        ('texts = {yes = "Son públicas."}\n', ""),
    ),
    "criteria.losses.reversed": (("reversed = true\n", ""),),
    "criteria.release-delay.levels": (("credit = 60", "credit = 61"),),
    "criteria.decisions.levels": (
        ('  {slug = "vote", text = "Majority vote"},\n', ""),
        ('{slug = "consensus", text', '{slug = "vote", text = "By vote"}, {slug = "c", text'),
    ),
    "criteria.outflow.bands": (("from = 3,", "from = 4,"),),
    "criteria.licences.credits": (
        (
            'publish?"\nkind = "licences"',
            'publish?"\ncredits = {permissive = 50}\nkind = "licences"',
        ),
    ),
}
"""What may not change while the meaning stays, by the place that the message names."""


class TestContinuity:
    @pytest.mark.parametrize("place", CHANGED_IN_SUBSTANCE)
    def test_refuses_a_change_of_substance_under_the_same_meaning(
        self, tmp_path: Path, small_edition: Edition, place: str
    ) -> None:
        said = refused(tmp_path, edition_toml("next", *CHANGED_IN_SUBSTANCE[place]))

        assert said.count("\n") == 1
        assert f"{place}: This differs from the edition “small”" in said
        assert "or raise the meaning: meaning = 2." in said

    @pytest.mark.parametrize("place", CHANGED_IN_SUBSTANCE)
    def test_takes_it_with_the_meaning_raised(
        self, tmp_path: Path, small_edition: Edition, place: str
    ) -> None:
        slug = place.split(".")[1]
        changes = (*CHANGED_IN_SUBSTANCE[place], (f"[criteria.{slug}]", MEANING.format(slug)))

        load(tmp_path, edition_toml("next", *changes), "--publish")

        assert states()["next"] == "published"

    def test_tells_all_changes_together(self, tmp_path: Path, small_edition: Edition) -> None:
        changes = [change for some in CHANGED_IN_SUBSTANCE.values() for change in some]

        said = refused(tmp_path, edition_toml("next", *changes), "--publish")

        assert f"{len(CHANGED_IN_SUBSTANCE)} problems" in said
        assert all(f"{place}: " in said for place in CHANGED_IN_SUBSTANCE)

    def test_looks_back_to_every_edition_that_was_ever_published(
        self, tmp_path: Path, small_edition: Edition
    ) -> None:
        start = SMALL_TOML.index("[criteria.losses]")
        end = SMALL_TOML.index("[criteria.release-delay]")
        publish_edition(edition_toml("second", (SMALL_TOML[start:end], "")), at=LATER)

        said = refused(tmp_path, edition_toml("third", ("reversed = true\n", "")))

        assert "criteria.losses.reversed: This differs from the edition “small”" in said

    def test_lets_texts_weights_roles_and_what_is_allowed_change(
        self, tmp_path: Path, small_edition: Edition
    ) -> None:
        changes = (
            IMPORTANCE,
            ("Are the rules of", "Have you written down the rules of"),
            ("They are public.", "Everybody can read them."),
            ('evidence = "required"', 'evidence = "optional"'),
            ("allow_na = true\nna_meets = true", ""),
            ('agreement = "ordered"', 'agreement = "exact"'),
            ('kind = "licences"', 'kind = "licences"\nrole = "none"'),
            ("threshold = 60", "threshold = 40"),
        )

        load(tmp_path, edition_toml("next", *changes), "--publish")

        assert states() == {"small": "retired", "next": "published"}

    def test_is_asked_for_again_at_publishing(self, tmp_path: Path) -> None:
        load(tmp_path, SMALL_TOML)
        publish_edition(edition_toml("other", ("credit = 60", "credit = 61")))
        before = everything()

        with pytest.raises(Refused) as raised:
            curation.publish(Edition.objects.get(slug="small"), at=LATER)

        assert [problem.place for problem in raised.value.problems] == [
            "criteria.release-delay.levels"
        ]
        assert everything() == before


def edition_of_practices(count: int) -> str:
    """An edition with so many criteria, and one more that plays no role."""
    parts = [
        f'[criteria.c{number}]\ndimension = "d"\nquestion = "?"\nkind = "practice"'
        for number in range(count)
    ]
    parts.append('[criteria.o]\ndimension = "d"\nquestion = "?"\nkind = "offers"')
    head = '[edition]\nslug = "large"\ntitle = "Large"\n[dimensions.d]\ntitle = "D"'
    return "\n".join([head, *parts])


def test_an_edition_that_judges_nobody_loads_with_a_hint_and_no_other_word(
    tmp_path: Path, small_edition: Edition
) -> None:
    file = tmp_path / "nothing.toml"
    file.write_text('[edition]\nslug = "nothing"\ntitle = "Nothing"\n')
    out, err = StringIO(), StringIO()

    call_command("load_edition", str(file), stdout=out, stderr=err)

    assert out.getvalue() == "nothing: loaded as a draft\n"
    assert "everybody would be compatible with everybody" in err.getvalue()
    assert states()["nothing"] == "draft"


class TestExactness:
    GREATEST = 4_194

    def test_refuses_by_name_an_edition_too_large_to_be_counted_exactly(
        self, tmp_path: Path, small_edition: Edition
    ) -> None:
        said = refused(tmp_path, edition_of_practices(self.GREATEST + 1), "--publish")

        assert f"“large” has {self.GREATEST + 1} criteria with a role" in said
        assert f"It may have {self.GREATEST}" in said

    def test_takes_the_largest_that_can_be(self) -> None:
        read = edition_file.read(edition_of_practices(self.GREATEST))

        assert edition_rules.exactness(read) == []


class TestExporting:
    def test_gives_what_stands_in_the_tables(self, tmp_path: Path) -> None:
        load(tmp_path, SMALL_TOML)
        # What was read before must not be remembered: a draft may change.
        assert edition_file.read(run("export_edition", "small")).threshold == 60
        statements = (
            "UPDATE assessments_edition SET threshold = 61 WHERE slug = 'small'",
            "UPDATE assessments_dimension SET title = 'Rule of many' WHERE slug = 'democracy'",
            "UPDATE assessments_criterion SET importance = 9 WHERE slug = 'outflow'",
            "UPDATE assessments_criterion SET position = 99 WHERE slug = 'rules'",
            "UPDATE assessments_level SET credit = 66 WHERE slug = 'soon'",
        )
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                assert cursor.rowcount == 1

        exported = edition_file.read(run("export_edition", "small"))

        assert exported.threshold == 61
        assert exported.dimensions[1].title == "Rule of many"
        assert exported.by_slug["outflow"].importance == 9
        assert exported.criteria[-1].slug == "rules"
        assert exported.by_slug["release-delay"].level("soon").credit == 66

    @pytest.mark.parametrize("seed", range(20))
    def test_gives_an_edition_that_loads_as_the_same(self, tmp_path: Path, seed: int) -> None:
        original, _ = worlds.world(200 + seed, organisations=0, criteria=1 + 2 * seed)
        slug = f"world-{200 + seed}"
        load(tmp_path, worlds.edition_toml(original))
        of_draft = run("export_edition", slug)

        assert edition_file.read(of_draft) == edition_file.read(worlds.edition_toml(original))
        assert load(tmp_path, of_draft, "--publish").startswith(f"{slug}: published")
        assert run("export_edition", slug) == of_draft
        assert load(tmp_path, of_draft) == f"{slug}: unchanged\n"
        assert load(tmp_path, worlds.edition_toml(original)) == f"{slug}: unchanged\n"

    def test_gives_a_retired_edition_too(self, tmp_path: Path, small_edition: Edition) -> None:
        publish_edition(edition_toml("next", IMPORTANCE), at=LATER)

        exported = edition_file.read(run("export_edition", "small"))

        assert exported == edition_file.read(SMALL_TOML)

    def test_of_an_edition_that_is_not_there_names_those_that_are(
        self, small_edition: Edition
    ) -> None:
        said = refusal("export_edition", "smal")

        assert said == "There is no edition “smal”. There are: small."
