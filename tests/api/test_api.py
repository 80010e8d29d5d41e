"""The API: read-only, paged, as its schema says, and with the numbers that are exported."""

from __future__ import annotations

import csv
import dataclasses
import io
import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator
from pytest_django import DjangoDbBlocker

from assessments import comparison, curation, evaluation
from assessments.compatibility import explanation, pairs
from assessments.models import Assessment, Edition
from assessments.models.criteria import EditionState
from assessments.models.sheet import listed
from assessments.scoring import profiles
from orgs.models import Organisation
from tests.pages import demo as the_demo
from tests.pages.routes import APIS, METHODS, READ, ROUTES, address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

LISTS = ["api-editions", "api-organisations", "api-matches"]
ANSWERS = [name for name in APIS if name != "schema"]
Json = dict[str, Any]


def _get(client: Client, url: str, **query: str) -> Json:
    response = client.get(url, query)
    assert response.status_code == 200, (url, query)
    assert response["Content-Type"] == "application/json"
    # NaN and infinity are no JSON, though Python would write and read them.
    return dict(json.loads(response.content, parse_constant=pytest.fail))


def _all(client: Client, url: str, **query: str) -> list[Json]:
    """Every entry of a list, page by page along the links to the next one."""
    found: list[Json] = []
    page = _get(client, url, **query)
    assert page["previous"] is None
    while True:
        found += page["results"]
        if page["next"] is None:
            assert page["count"] == len(found)
            return found
        assert len(page["results"]) == 50
        page = _get(client, page["next"])
        assert page["previous"] is not None


# The schema


@pytest.fixture(scope="module")
def schema(django_db_setup: None) -> Json:
    """The schema as the API serves it."""
    response = Client().get(address("schema"), {"format": "json"})
    assert response.status_code == 200
    return dict(json.loads(response.content))


def test_the_schema_is_valid_and_made_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "schema.yml"
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(file))
    assert file.read_text(encoding="utf-8").startswith("openapi: 3.")


def test_the_schema_that_is_served_is_valid(schema: Json) -> None:
    validate_schema(schema)  # type: ignore[no-untyped-call]
    assert schema["info"]["title"] == "CoopCheck"


def test_the_schema_names_every_address_of_the_api_and_only_reading(schema: Json) -> None:
    marked = {name: {part: part for part in ROUTES[name].parts} for name in ANSWERS}
    expected = set()
    for name, parts in marked.items():
        path = address(name, **parts)
        for part in parts:
            path = path.replace(f"/{part}/", f"/{{{part}}}/")
        expected.add(path)
    assert set(schema["paths"]) == expected
    for path, operations in schema["paths"].items():
        assert set(operations) == {"get"}, path
        assert {"200", "404"} <= set(operations["get"]["responses"]), path
        assert operations["get"]["description"], path


def _as_json_schema(part: Any) -> Any:
    """A part of an OpenAPI 3.0 schema as JSON Schema, which says otherwise what may be null."""
    if isinstance(part, list):
        return [_as_json_schema(one) for one in part]
    if not isinstance(part, dict):
        return part
    made = {key: _as_json_schema(value) for key, value in part.items() if key != "nullable"}
    if part.get("type") == "object" and "properties" in part:
        # A key that the schema does not name is a mistake of one or the other.
        made.setdefault("additionalProperties", False)
    return {"anyOf": [made, {"type": "null"}]} if part.get("nullable") else made


def _is_as_stated(schema: Json, path: str, status: int, answer: Json) -> None:
    response = schema["paths"][path]["get"]["responses"][str(status)]
    shape = response["content"]["application/json"]["schema"]
    whole = {**_as_json_schema(shape), "components": _as_json_schema(schema["components"])}
    Draft202012Validator(whole).validate(answer)


def _stated_path(schema: Json, name: str) -> str:
    url = address(name)
    (path,) = [
        path
        for path in schema["paths"]
        if len(path.split("/")) == len(url.split("/"))
        and all(
            own == other or other.startswith("{")
            for own, other in zip(url.split("/"), path.split("/"), strict=True)
        )
    ]
    return str(path)


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_is_as_the_schema_says(client: Client, schema: Json, name: str) -> None:
    path = _stated_path(schema, name)
    for slug in ("alder", "cedar", "cuckoo", "dogwood", "ibis"):
        parts = {"slug": slug} if ROUTES[name].parts.get("slug") == "alder" else {}
        _is_as_stated(schema, path, 200, _get(client, address(name, **parts)))


@pytest.mark.parametrize("name", [name for name in ANSWERS if ROUTES[name].parts])
def test_what_is_not_there_is_as_the_schema_says(client: Client, schema: Json, name: str) -> None:
    response = client.get(address(name, slug="nobody"))
    assert response.status_code == 404
    _is_as_stated(schema, _stated_path(schema, name), 404, response.json())


@pytest.mark.parametrize("page", ["0", "-1", "2", "999", "abc", "1.5", "", "\x00"])
@pytest.mark.parametrize("name", LISTS)
def test_a_page_that_is_not_there_is_as_the_schema_says(
    client: Client, schema: Json, name: str, page: str
) -> None:
    response = client.get(address(name), {"page": page})
    status = 200 if page == "" else 404
    assert response.status_code == status
    _is_as_stated(schema, _stated_path(schema, name), status, response.json())


# Not there, not allowed


@pytest.mark.parametrize("method", sorted(set(METHODS) - READ))
@pytest.mark.parametrize("name", APIS)
def test_nothing_can_be_changed(client: Client, name: str, method: str) -> None:
    before = Organisation.objects.count(), Assessment.objects.count(), Edition.objects.count()
    response = client.generic(
        method, address(name), '{"name": "x"}', content_type="application/json"
    )
    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) == READ
    assert "detail" in response.content.decode()
    after = Organisation.objects.count(), Assessment.objects.count(), Edition.objects.count()
    assert before == after


@pytest.mark.parametrize("body", ["{", "[" * 200_000, '{"a":' * 3000, "\x00", "NaN"])
def test_a_body_that_nobody_asked_for_is_never_read(client: Client, body: str) -> None:
    for method in ("GET", "POST"):
        response = client.generic(
            method, address("api-organisations"), body, content_type="application/json"
        )
        assert response.status_code == (200 if method == "GET" else 405)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/",
        "/api/v1/nothing/",
        "/api/v1/organisations/a%00b/",
        "/api/v1/organisations/%C3%A9/",
        "/api/v2/organisations/",
        "/api/",
    ],
)
def test_an_address_that_is_none_is_told_in_json(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/json"
    assert set(response.json()) == {"detail"}


@pytest.mark.parametrize("accepts", ["application/json", "*/*", "text/html,*/*;q=0.8"])
def test_answers_are_json_also_for_a_browser(client: Client, accepts: str) -> None:
    response = client.get(address("api-pair"), headers={"accept": accepts})
    assert response["Content-Type"] == "application/json"


def test_it_asks_nobody_who_they_are(client: Client) -> None:
    known = client.get(address("api-profile")).content
    for header in ({"authorization": "Bearer x"}, {"cookie": "sessionid=x"}):
        response = client.get(address("api-profile"), headers=header)
        assert response.status_code == 200
        assert response.content == known


# Editions


def test_only_editions_that_were_published_are_there(client: Client, demo: Edition) -> None:
    again = dataclasses.replace(the_demo.default(), slug="second", title="Second")
    curation.load(again)
    assert Edition.objects.get(slug="second").state == EditionState.DRAFT
    assert [one["slug"] for one in _all(client, address("api-editions"))] == ["commons-first-2026"]
    assert client.get(address("api-edition", slug="second")).status_code == 404

    later = the_demo.PUBLISHED_AT.replace(year=2027)
    curation.publish(Edition.objects.get(slug="second"), at=later)
    found = _all(client, address("api-editions"))
    assert [(one["slug"], one["is_current"]) for one in found] == [
        ("second", True),
        ("commons-first-2026", False),
    ]
    assert _get(client, address("api-edition"))["is_current"] is False
    assert _get(client, address("api-profile"))["edition"] == "second"


def test_an_edition_is_whole(client: Client) -> None:
    edition, answer = the_demo.default(), _get(client, address("api-edition"))
    for key in ("slug", "title", "language", "threshold", "licence", "description"):
        assert answer[key] == getattr(edition, key)
    assert [one["slug"] for one in answer["dimensions"]] == [one.slug for one in edition.dimensions]
    for shown, own in zip(answer["criteria"], edition.criteria, strict=True):
        for key, value in shown.items():
            if key == "levels":
                expected: Any = [
                    {"slug": level.slug, "credit": level.credit, "text": level.text}
                    for level in own.levels
                ]
            elif key == "principles":
                expected = list(own.principles)
            else:
                expected = getattr(own, key)
            assert value == expected, (own.slug, key)


# Organisations


def test_a_list_of_many_is_paged_from_first_to_last(client: Client, demo: Edition) -> None:
    the_demo.publish(the_demo.many(120), demo)
    found = _all(client, address("api-organisations"))
    slugs = [one["slug"] for one in found]
    assert len(slugs) == len(set(slugs)) == 120
    texts = dict(Organisation.objects.values_list("slug", "search_text"))
    assert slugs == sorted(slugs, key=lambda slug: (texts[slug], slug))
    assert client.get(address("api-organisations"), {"page": "4"}).status_code == 404


def test_an_organisation_is_as_it_describes_itself(client: Client) -> None:
    (alder,) = [one for one in the_demo.entries() if one.slug == "alder"]
    answer = _get(client, address("api-organisation"))
    assert answer["name"] == alder.name
    for key, value in alder.described.items():
        expected = list(value) if isinstance(value, tuple) else value
        assert answer[key] == (float(value) if key.endswith("itude") else expected)  # type: ignore[arg-type]
    (row,) = _all(client, address("api-organisations"), search="nine people write software")
    assert row == answer


def test_who_has_not_published_is_not_there(client: Client, demo: Edition) -> None:
    hidden = Organisation.objects.create(slug="hidden", name="Hidden")
    Assessment.objects.create(organisation=hidden, edition=demo)
    assert "hidden" not in {one["slug"] for one in _all(client, address("api-organisations"))}
    for name in ("api-organisation", "api-profile", "api-matches", "api-pair"):
        assert client.get(address(name, slug="hidden")).status_code == 404
    assert client.get(address("api-pair", other="hidden")).status_code == 404


def test_every_profile_has_the_numbers_of_its_sheet(client: Client, demo: Edition) -> None:
    edition = demo.as_terms()
    for organisation in listed().select_related("sheet__assessment__edition"):
        answer = _get(client, address("api-profile", slug=organisation.slug))
        (published,) = evaluation.read([organisation.sheet.assessment])
        sheet = published.sheet(edition)
        found = profiles.profile(edition, sheet)
        assert answer["headline"]["answer"] == found.headline.answer
        assert answer["headline"]["decided_by"] == list(found.headline.decided_by)
        scores = [("total", answer["total"], found.total)]
        by_number = {str(number): one for number, one in found.principles.items()}
        for group, there in (("dimensions", found.dimensions), ("principles", by_number)):
            assert set(answer[group]) == set(there)
            scores += [(name, answer[group][name], one) for name, one in there.items()]
        for where, shown, score in scores:
            for key in ("low", "high"):
                exact = getattr(score, key)
                expected = None if exact is None else float(exact)
                assert shown[key] == expected, (organisation.slug, where)
            for key in ("known", "applicable", "buts", "has_basis"):
                assert shown[key] == getattr(score, key), (organisation.slug, where)
        assert {one["criterion"]: (one["state"], one["why"]) for one in answer["sheet"]} == {
            slug: (level.state, level.why) for slug, level in sheet.items()
        }
        for one in answer["sheet"]:
            assert (one["level"] is None) == (one["state"] != "known")


# Matches and pairs: what the API answers is what the commands export


def _exported(command: str, *arguments: str, folder: Path) -> list[dict[str, str]]:
    path = folder / "exported.csv"
    call_command(command, *arguments, output=str(path), stdout=io.StringIO())
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("slug", ["alder", "birch", "cedar", "cuckoo", "dogwood", "ibis"])
def test_a_match_list_is_the_exported_one(client: Client, slug: str, tmp_path: Path) -> None:
    found = _all(client, address("api-matches", slug=slug))
    assert [
        {
            "rank": str(one["rank"]),
            "organisation": one["organisation"],
            "verdict": one["verdict"],
            "low": f"{one['low']:.6f}",
            "high": f"{one['high']:.6f}",
        }
        for one in found
    ] == _exported("export_matches", slug, folder=tmp_path)


def test_a_match_list_of_many_is_paged_and_the_exported_one(
    client: Client, demo: Edition, tmp_path: Path
) -> None:
    the_demo.publish(the_demo.many(200), demo)
    found = _all(client, address("api-matches"))
    assert len(found) > 100
    exported = _exported("export_matches", "alder", folder=tmp_path)
    assert [one["organisation"] for one in found] == [row["organisation"] for row in exported]
    assert [str(one["rank"]) for one in found] == [row["rank"] for row in exported]


Pairs = Mapping[tuple[str, str], Json]
"""What the API says of some pairs, by both slugs."""


@pytest.fixture(scope="module")
def every_pair(demo: Edition, django_db_blocker: DjangoDbBlocker) -> Pairs:
    """Every fourth pair of the demo, in the order of the export."""
    with django_db_blocker.unblock():
        slugs = sorted(listed().values_list("slug", flat=True))
        chosen = list(itertools.combinations(slugs, 2))[::4]
        client = Client()
        return {
            (first, second): _get(client, address("api-pair", slug=first, other=second))
            for first, second in chosen
        }


def test_every_pair_has_the_exported_numbers(every_pair: Pairs, tmp_path: Path) -> None:
    rows = _exported("export_compatibility", folder=tmp_path)
    assert len(rows) == 666
    assert [(row["first"], row["second"]) for row in rows[::4]] == list(every_pair)
    for row, answer in zip(rows[::4], every_pair.values(), strict=True):
        directions = answer["forward"], answer["backward"]
        shown = [answer["first"], answer["second"], answer["verdict"]]
        shown += [f"{answer['low']:.6f}", f"{answer['high']:.6f}"]
        shown += [f"{one[key]:.6f}" for one in directions for key in ("low", "high")]
        assert shown == list(row.values())


def test_a_pair_from_the_other_side_is_the_same_pair(client: Client) -> None:
    one = _get(client, address("api-pair"))
    other = _get(client, address("api-pair", slug="birch", other="alder"))
    assert (one["forward"], one["backward"]) == (other["backward"], other["forward"])
    assert (one["verdict"], one["low"], one["high"]) == (
        other["verdict"],
        other["low"],
        other["high"],
    )


# A pair's reasons as data


def test_every_pair_gives_all_its_reasons_as_data(every_pair: Pairs, demo: Edition) -> None:
    there = {organisation.slug: organisation for organisation in listed()}
    seen: set[str] = set()
    for said, direction in (
        (dict(answer[side]), getattr(reasons, side))
        for (first, second), answer in every_pair.items()
        for reasons in [comparison.compare(there[first], there[second], demo).reasons]
        for side in ("forward", "backward")
    ):
        expected = json.loads(json.dumps(dataclasses.asdict(direction)))
        for part in expected["parts"]:
            del part["can_mend"]
        shut = said.pop("deal_breakers")
        assert said == expected
        assert shut == {
            state.value: sorted(
                one["criterion"] for one in said["parts"] if one["deal_breaker"] == state
            )
            for state in explanation.DealBreaker
        }
        seen |= {state for state, criteria in shut.items() if criteria}
        seen |= {said["change"]["outcome"]}
    assert seen == {*explanation.DealBreaker, *explanation.Outcome}


def test_every_part_of_a_pair_adds_up_to_its_score(every_pair: Pairs) -> None:
    for said in (
        answer[side] for answer in every_pair.values() for side in ("forward", "backward")
    ):
        parts = said["parts"]
        assert sum(part["points"] for part in parts) == said["points"]
        assert sum(part["possible"] for part in parts) == said["possible"]
        still_open = sum(part["possible"] for part in parts if part["is_open"])
        assert said["points"] + still_open == said["could_have"]
        for part in parts:
            assert part["points"] == part["importance"] * (part["acceptance"] or 0)
            assert part["points"] + part["to_gain"] <= 100 * part["importance"]
            assert part["possible"] in (0, 100 * part["importance"])
        if said["possible"]:
            assert said["low"] == said["points"] / said["possible"]
            assert said["high"] == said["could_have"] / said["possible"]
        assert said["evaded"] == (2 * said["possible"] < said["asked"])
        needed = said["threshold"] * said["possible"]
        assert said["falls_short"] == (100 * said["could_have"] < needed)


def test_every_pair_is_as_the_schema_says(every_pair: Pairs, schema: Json) -> None:
    path = _stated_path(schema, "api-pair")
    verdicts = set()
    for answer in list(every_pair.values())[::2]:
        _is_as_stated(schema, path, 200, answer)
        verdicts.add(answer["verdict"])
    assert verdicts == set(pairs.Verdict)


@pytest.mark.parametrize(
    ("shape", "key", "wrong"),
    [
        ("PairShape", "verdict", "maybe"),
        ("PairShape", "low", 1.01),
        ("PairShape", "high", -0.01),
        ("DirectionShape", "threshold", 101),
        ("DirectionShape", "points", -1),
        ("DirectionShape", "reaches", None),
        ("DirectionShape", "deal_breakers", {"met": []}),
        ("PartShape", "importance", 11),
        ("PartShape", "acceptance", 100.5),
        ("PartShape", "points", 1001),
        ("PartShape", "deal_breaker", "broken"),
        ("ChangeShape", "outcome", ""),
        ("ChangeShape", "obstacle", "fate"),
        ("ChangeShape", "criteria", None),
        ("MatchShape", "rank", 0),
        ("MatchShape", "verdict", None),
    ],
)
def test_the_schema_says_exactly_what_a_pair_may_hold(
    client: Client, schema: Json, shape: str, key: str, wrong: object
) -> None:
    pair = _get(client, address("api-pair"))
    examples = {
        "PairShape": pair,
        "DirectionShape": pair["forward"],
        "PartShape": pair["forward"]["parts"][0],
        "ChangeShape": pair["forward"]["change"],
        "MatchShape": _all(client, address("api-matches"))[0],
    }
    stated = _as_json_schema(schema["components"])
    check = Draft202012Validator({**stated["schemas"][shape], "components": stated})
    assert check.is_valid(examples[shape])
    assert not check.is_valid({**examples[shape], key: wrong})
    assert set(stated["schemas"][shape]["required"]) == set(examples[shape])
