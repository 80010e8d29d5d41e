"""What `load_assessments` does with what is there already."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import evaluation, loading
from assessments.catalogue import organisations_file
from assessments.models import Answer, Assessment, Edition, Revision, Sheet
from assessments.scoring.problems import Refused
from orgs.models import Organisation
from tests.assessments.commands import Rows, everything, refusal, run, written
from tests.cast import (
    ALDER,
    ASSESSMENTS_PUBLISHED_AT,
    BIRCH,
    CEDAR,
    DOGWOOD,
    Cast,
    document_json,
    edition_toml,
    publish_assessments,
    publish_edition,
)

pytestmark = pytest.mark.django_db

LATER = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
EVERYBODY = (ALDER, BIRCH, CEDAR, DOGWOOD)
UNCHANGED = "0 assessments published, 4 unchanged; 0 organisations are new.\n"
# Tables that may differ after a load that changes how an organisation describes itself.
DESCRIPTIONS = {"orgs_organisation", "assessments_descriptionmark"}


def load(folder: Path, *organisations: dict[str, Any], edition: str = "small") -> str:
    text = document_json(*organisations, edition=edition)
    return run("load_assessments", written(folder, "organisations.json", text))


def changed(organisation: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """An organisation with some keys replaced; answers are replaced one by one."""
    new = copy.deepcopy(organisation)
    new["answers"] = new.get("answers", {}) | keys.pop("answers", {})
    return new | keys


def but(rows: Rows, *tables: str) -> Rows:
    """All tables but some."""
    return {name: found for name, found in rows.items() if name not in tables}


def numbers() -> dict[str, list[int | None]]:
    """The numbers of the assessments of each organisation."""
    found: dict[str, list[int | None]] = {}
    rows = Assessment.objects.order_by("number").values_list("organisation__slug", "number")
    for slug, number in rows:
        found.setdefault(slug, []).append(number)
    return found


class TestFirstLoad:
    def test_publishes_each_with_answers_requirements_and_sheet(
        self, tmp_path: Path, small_edition: Edition
    ) -> None:
        said = load(tmp_path, *EVERYBODY)

        assert said == "4 assessments published, 0 unchanged; 4 organisations are new.\n"
        assert numbers() == {slug: [1] for slug in ("alder", "birch", "cedar", "dogwood")}
        text = document_json(*EVERYBODY)
        entries = organisations_file.read(text, small_edition.as_terms()).organisations
        for entry in entries:
            sheet = Sheet.objects.get(organisation__slug=entry.slug)
            assert sheet.assessment.published_at is not None
            assert sheet.edition == small_edition
            (stored,) = evaluation.read([sheet.assessment])
            assert dict(stored.answers) == dict(entry.answers)
            assert stored.requirements == entry.requirements

    def test_keeps_how_organisations_describe_themselves(
        self, tmp_path: Path, small_edition: Edition
    ) -> None:
        load(tmp_path, *EVERYBODY)

        alder = Organisation.objects.get(slug="alder")
        described = {key: ALDER[key] for key in ALDER if key not in ("answers", "requirements")}
        assert {key: getattr(alder, key) for key in described} == described

    def test_publishes_an_empty_sheet_for_one_without_answers(
        self, tmp_path: Path, small_edition: Edition
    ) -> None:
        load(tmp_path, {"slug": "elm", "name": "Elm"})

        (stored,) = evaluation.read([Sheet.objects.get().assessment])
        assert (dict(stored.answers), dict(stored.requirements.criteria)) == ({}, {})

    def test_of_no_organisation_changes_nothing(
        self, tmp_path: Path, small_edition: Edition
    ) -> None:
        before = everything()

        assert load(tmp_path).startswith("0 assessments published")

        assert everything() == before

    def test_of_more_than_one_batch_gives_each_its_own(
        self, tmp_path: Path, small_edition: Edition, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(loading, "BATCH", 3)
        many = [
            changed(BIRCH, slug=f"birch-{n}", answers={"outflow": {"value": n}}) for n in range(8)
        ]

        load(tmp_path, *many)

        found = Answer.objects.filter(criterion__slug="outflow")
        values = dict(found.values_list("assessment__organisation__slug", "value"))
        assert values == {f"birch-{n}": str(n) for n in range(8)}
        assert Sheet.objects.values_list("revision").distinct().count() == 1


class TestSecondLoad:
    def test_of_the_same_file_changes_nothing(self, tmp_path: Path, cast: Cast) -> None:
        before = everything()

        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert load(tmp_path, *EVERYBODY) == UNCHANGED

        assert everything() == before
        writes = [
            query["sql"]
            for query in queries
            if query["sql"].lstrip('"').startswith(("INSERT", "UPDATE", "DELETE", "REPLACE"))
        ]
        assert writes == []

    @pytest.mark.parametrize(
        ("what", "written_so"),
        [
            ("a whole number", '"value": 12.0'),
            ("an exponent", '"value": 1.2e1'),
            ("zeros at the end", '"value": 12.000'),
            ("nothing withheld", '"value": 12, "withheld": false'),
            ("an empty note", '"value": 12, "note": ""'),
        ],
    )
    def test_of_the_same_values_in_another_form_changes_nothing(
        self, tmp_path: Path, cast: Cast, what: str, written_so: str
    ) -> None:
        before = everything()
        text = document_json(*EVERYBODY)
        assert '"value": 12}' in text

        text = text.replace('"value": 12}', written_so + "}")
        said = run("load_assessments", written(tmp_path, "o.json", text))

        assert said == UNCHANGED
        assert everything() == before

    def test_of_the_same_file_in_another_order_changes_nothing(
        self, tmp_path: Path, cast: Cast
    ) -> None:
        before = everything()
        turned = [
            {**one, "answers": dict(reversed(one["answers"].items()))}
            for one in reversed(EVERYBODY)
        ]

        assert load(tmp_path, *turned) == UNCHANGED

        assert everything() == before

    def test_with_requirements_that_say_nothing_changes_nothing(
        self, tmp_path: Path, cast: Cast
    ) -> None:
        before = everything()

        load(tmp_path, changed(BIRCH, requirements={"criteria": {"rules": {}}}))
        load(tmp_path, changed(BIRCH, requirements={}))

        assert everything() == before

    @pytest.mark.parametrize(
        "keys",
        [
            {"answers": {"outflow": {"value": 12.5}}},
            {"answers": {"decisions": {"level": "vote"}}},
            {"answers": {"decisions": {"level": "consent", "note": "Since May."}}},
            {"answers": {"decisions": {"level": "consent", "withheld": True}}},
            {"answers": {"rules": {"level": "yes", "evidence": ["https://birch.example/new"]}}},
            {"answers": {"licences": {"licences": ["CC-BY-SA-4.0", "MIT"]}}},
            {"answers": {"exchange": {"needs": ["web hosting", "bread"]}}},
            {"answers": {"losses": {"unknown": True}}},
            {"requirements": {"threshold": 60}},
            {"requirements": {"criteria": {"rules": {"importance": 3}}}},
            {"requirements": {"criteria": {"rules": {"must_reach": None}}}},
            {"requirements": {"criteria": {"decisions": {"must_reach": "same"}}}},
        ],
        ids=str,
    )
    def test_with_other_answers_or_requirements_gives_the_next_number(
        self, tmp_path: Path, cast: Cast, keys: dict[str, Any]
    ) -> None:
        before = everything()
        head = Revision.head()
        new = changed(BIRCH, **keys)

        said = load(tmp_path, ALDER, new, CEDAR, DOGWOOD)

        assert said == "1 assessments published, 3 unchanged; 0 organisations are new.\n"
        assert numbers() == {"alder": [1], "birch": [1, 2], "cedar": [1], "dogwood": [1]}
        assert Revision.head() == head + 1
        sheets = dict(Sheet.objects.values_list("organisation__slug", "revision"))
        assert sheets == {"alder": head, "birch": head + 1, "cedar": head, "dogwood": head}
        sheet = Sheet.objects.get(organisation=cast.birch)
        assert sheet.assessment.number == 2
        (stored,) = evaluation.read([sheet.assessment])
        entry = organisations_file.read(document_json(new), cast.edition.as_terms())
        assert dict(stored.answers) == dict(entry.organisations[0].answers)
        assert stored.requirements == entry.organisations[0].requirements
        # What was published before still stands beside it.
        after = everything()
        for table in ("assessment", "answer", "requirement"):
            assert set(before[f"assessments_{table}"]) <= set(after[f"assessments_{table}"])
        assert after["orgs_organisation"] == before["orgs_organisation"]

    def test_with_an_answer_left_out_gives_the_next_number(
        self, tmp_path: Path, cast: Cast
    ) -> None:
        shorter = copy.deepcopy(BIRCH)
        del shorter["answers"]["outflow"]

        load(tmp_path, shorter)
        load(tmp_path, {"slug": "alder", "name": "Alder"})

        assert numbers() == {"alder": [1, 2], "birch": [1, 2], "cedar": [1], "dogwood": [1]}

    def test_with_the_answers_of_an_earlier_number_gives_the_next_all_the_same(
        self, tmp_path: Path, cast: Cast
    ) -> None:
        load(tmp_path, changed(BIRCH, answers={"outflow": {"value": 1}}))

        load(tmp_path, BIRCH)

        assert numbers()["birch"] == [1, 2, 3]

    def test_with_other_descriptive_keys_only_updates_them(
        self, tmp_path: Path, cast: Cast
    ) -> None:
        before = everything()
        new = changed(ALDER, name="Alder & Sons", latitude=53.75, sectors=["hosting", "advice"])

        assert load(tmp_path, new).startswith("0 assessments published, 1 unchanged")

        cast.alder.refresh_from_db()
        assert (cast.alder.name, cast.alder.latitude) == ("Alder & Sons", 53.75)
        assert cast.alder.sectors == ["hosting", "advice"]
        assert "alder & sons" in cast.alder.search_text
        assert but(everything(), *DESCRIPTIONS) == but(before, *DESCRIPTIONS)

    def test_leaves_descriptive_keys_that_are_not_in_the_file(
        self, tmp_path: Path, cast: Cast
    ) -> None:
        load(tmp_path, {"slug": "alder", "name": "Alder", "answers": ALDER["answers"]})

        cast.alder.refresh_from_db()
        assert (cast.alder.place, cast.alder.sectors) == ("Leeds", ["hosting"])

    def test_leaves_organisations_that_are_not_in_the_file(
        self, tmp_path: Path, cast: Cast
    ) -> None:
        before = set(Sheet.objects.exclude(organisation=cast.birch).values_list("pk", "revision"))

        load(
            tmp_path,
            changed(BIRCH, answers={"outflow": {"value": 1}}),
            {"slug": "elm", "name": "E"},
        )

        assert before <= set(Sheet.objects.values_list("pk", "revision"))
        assert numbers().keys() == {"alder", "birch", "cedar", "dogwood", "elm"}

    def test_goes_on_after_a_draft_of_the_organisation(self, tmp_path: Path, cast: Cast) -> None:
        draft = Assessment.objects.create(organisation=cast.birch, edition=cast.edition)
        Answer.objects.create(
            assessment=draft,
            criterion=cast.edition.criteria.get(slug="outflow"),
            form="value",
            value="99",
        )

        assert load(tmp_path, *EVERYBODY) == UNCHANGED
        load(tmp_path, changed(BIRCH, answers={"outflow": {"value": 1}}))

        assert set(numbers()["birch"]) == {1, 2, None}
        assert Answer.objects.get(assessment=draft).value == "99"

    def test_under_a_new_edition_gives_the_next_number(self, tmp_path: Path, cast: Cast) -> None:
        publish_edition(edition_toml("next"), at=LATER)

        said = load(tmp_path, ALDER, BIRCH, edition="next")

        assert said == "2 assessments published, 0 unchanged; 0 organisations are new.\n"
        assert numbers() == {"alder": [1, 2], "birch": [1, 2], "cedar": [1], "dogwood": [1]}
        assert Sheet.objects.get(organisation=cast.birch).assessment.edition.slug == "next"
        assert Sheet.objects.get(organisation=cast.cedar).assessment.edition.slug == "small"
        assert load(tmp_path, ALDER, BIRCH, edition="next").startswith("0 assessments published")


class TestRefusing:
    def test_an_error_in_the_last_organisation_leaves_nothing(
        self, tmp_path: Path, cast: Cast
    ) -> None:
        before = everything()
        text = document_json(
            {"slug": "elm", "name": "Elm"},
            changed(BIRCH, answers={"outflow": {"value": 1}}),
            {"slug": "fir", "name": "Fir", "answers": {"outflow": {"value": -1}}},
        )

        said = refusal("load_assessments", written(tmp_path, "o.json", text))

        assert "organisations.fir.answers.outflow.value" in said
        assert everything() == before

    def test_an_error_of_the_database_in_the_last_batch_leaves_nothing(
        self, tmp_path: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(loading, "BATCH", 1)
        put = evaluation.put_sheets

        def fail_for_fir(published: list[evaluation.Published], *args: Any, **keys: Any) -> None:
            put(published, *args, **keys)
            if published[0].assessment.organisation.slug == "fir":
                raise RuntimeError("the disk is full")

        monkeypatch.setattr(evaluation, "put_sheets", fail_for_fir)
        before = everything()

        with pytest.raises(RuntimeError):
            load(tmp_path, {"slug": "elm", "name": "Elm"}, {"slug": "fir", "name": "Fir"})

        assert everything() == before

    def test_names_the_edition_where_the_file_is_for_another(
        self, tmp_path: Path, cast: Cast
    ) -> None:
        publish_edition(edition_toml("next"), at=LATER)
        before = everything()

        said = refusal("load_assessments", written(tmp_path, "o.json", document_json(*EVERYBODY)))

        assert "edition: The file is for the edition “small”." in said
        assert "“next”" in said
        assert everything() == before

    def test_says_how_to_begin_where_no_edition_is_current(self, tmp_path: Path, db: None) -> None:
        run("load_edition", written(tmp_path, "e.toml", edition_toml("small")))

        said = refusal("load_assessments", written(tmp_path, "o.json", document_json()))

        assert said == "There is no current edition yet. Publish one: load_edition FILE --publish"

    def test_does_not_publish_under_an_edition_that_is_no_longer_current(self, cast: Cast) -> None:
        """As when an edition is published while the file is being read."""
        document = organisations_file.read(document_json(ALDER), cast.edition.as_terms())
        publish_edition(edition_toml("next"), at=LATER)
        before = everything()

        with pytest.raises(Refused, match="not the current edition any more"):
            loading.publish_all(document.organisations, cast.edition, at=LATER)

        assert everything() == before


def test_the_cast_is_who_it_is_said_to_be(tmp_path: Path, cast: Cast) -> None:
    run("export_compatibility", "--organisation", "alder", "--output", tmp_path / "c.csv")
    rows = (line.split(",") for line in (tmp_path / "c.csv").read_text().splitlines()[1:])

    assert {row[1]: row[2] for row in rows} == {
        "birch": "compatible",
        "cedar": "not-compatible",
        "dogwood": "unknown",
    }


def test_publishing_keeps_the_moment_that_it_is_given(cast: Cast) -> None:
    publish_assessments(changed(BIRCH, answers={"outflow": {"value": 1}}), at=LATER)

    moments = Assessment.objects.filter(organisation=cast.birch).order_by("number")
    assert [one.published_at for one in moments] == [ASSESSMENTS_PUBLISHED_AT, LATER]
