"""What is not published, or kept private, is nowhere: canaries in every such field."""

from __future__ import annotations

import dataclasses
import re
from decimal import Decimal

import pytest
from django.test import Client

from assessments import curation
from assessments.models import Answer, Assessment, Edition, Requirement
from assessments.models.criteria import EditionState
from assessments.scoring import terms
from orgs.models import Organisation, User
from tests.pages import demo as the_demo
from tests.pages.reading import read
from tests.pages.routes import READ_BY_ALL, ROUTES, address, addresses

pytestmark = pytest.mark.django_db


CANARY = "kanarienvogel"


@pytest.fixture
def canaries(demo: Edition) -> list[str]:
    """A canary in every private field, and the slugs of all organisations, hidden ones too."""
    edition = the_demo.default()
    (alder,) = [one for one in the_demo.entries() if one.slug == "alder"]
    answers = dict(alder.answers)
    link = (f"https://{CANARY}.example/",)
    private = {"withheld": True, "evidence": link, "note": CANARY}
    answers["commons-held"] = terms.Answer(level="one", **private)  # type: ignore[arg-type]
    answers["licences-out"] = terms.Answer(licences=("MPL-2.0",), **private)  # type: ignore[arg-type]
    answers["member-labour-share"] = terms.Answer(value=Decimal("63.731946"), **private)  # type: ignore[arg-type]
    answers["enclosure-history"] = terms.Answer(level="no", reservation=CANARY, **private)  # type: ignore[arg-type]
    answers["solidarity-outflow"] = terms.Answer(value=Decimal("17.731946"))
    assert all(slug in edition.by_slug for slug in answers)
    the_demo.publish([dataclasses.replace(alder, answers=answers)], demo)
    # A draft of one that has published, and one of an organisation that never has.
    hidden = Organisation.objects.create(
        slug="hidden",
        name=f"Hidden {CANARY}",
        country="GB",
        place=CANARY,
        latitude=11.731946,
        longitude=12.731946,
        website=link[0],
        summary=f"A fictional example: {CANARY}",
        sectors=[CANARY],
        legal_form=CANARY,
        size_class=CANARY,
        languages=[CANARY],
    )
    criterion = {row.slug: row for row in demo.criteria.all()}
    for organisation in (hidden, Organisation.objects.get(slug="alder")):
        draft = Assessment.objects.create(organisation=organisation, edition=demo, threshold=73)
        level = criterion["decisions"].levels.get(slug="majority")
        common = {"assessment": draft, "evidence": list(link), "note": CANARY}
        Answer.objects.create(
            criterion=criterion["decisions"],
            form="level",
            level=level,
            reservation=CANARY,
            **common,
        )
        Answer.objects.create(
            criterion=criterion["buying-from-coops"], form="value", value="23.731946", **common
        )
        Answer.objects.create(
            criterion=criterion["licences-out"], form="licences", licences=[CANARY], **common
        )
        Answer.objects.create(
            criterion=criterion["flows"],
            form="offers",
            offers=[CANARY],
            needs=[CANARY],
            **common,
        )
        Answer.objects.create(criterion=criterion["asset-lock"], form="na", na=CANARY, **common)
        Requirement.objects.create(
            assessment=draft,
            criterion=criterion["decisions"],
            importance=7,
            says_must_reach=True,
            must_reach="same",
        )
    User.objects.create_user(f"{CANARY}@coop.example", name=CANARY, password=CANARY)
    curation.load(
        dataclasses.replace(
            edition,
            slug="not-yet",
            title=CANARY,
            description=CANARY,
            criteria=tuple(
                dataclasses.replace(one, question=CANARY, why=CANARY) for one in edition.criteria
            ),
        )
    )
    assert Edition.objects.filter(state=EditionState.DRAFT).count() == 1
    return [*Organisation.objects.order_by("slug").values_list("slug", flat=True)]


def test_nothing_private_is_on_any_page_or_in_any_answer_of_the_api(
    client: Client, canaries: list[str]
) -> None:
    near = ["alder", "birch", "cedar", "hidden"]
    assert set(near) < set(canaries)
    queries = ["", "?q=hidden", "?q=fictional", "?search=hidden", "?page=2", "?lang=es"]
    seen = 0
    for name, url in addresses(near, ["commons-first-2026", "not-yet"]):
        for query in [""] if ROUTES[name].parts else queries:
            response = client.get(url + query)
            seen += response.status_code == 200
            said = response.content.decode().lower()
            said += "".join(f"{key}: {value}\n".lower() for key, value in response.items())
            for secret in (CANARY, "731946", "mpl-2.0"):
                assert secret not in said, (url, secret)
            is_hidden = "/hidden/" in url or "/not-yet/" in url
            if is_hidden and name in READ_BY_ALL:
                assert response.status_code == 404, url
            elif is_hidden:
                assert response.status_code in {302, 404, 405}, url
            elif query != "?q=hidden":
                assert "hidden/" not in said, url
    assert seen > 50


VARIANTS = (
    {
        "commons-held": terms.Answer(level="one", withheld=True),
        "enclosure-history": terms.Answer(level="yes", withheld=True),
        "licences-out": terms.Answer(licences=("MIT",), withheld=True),
        "member-labour-share": terms.Answer(value=Decimal("12.5"), withheld=True),
        "decisions": terms.Answer(level="majority", withheld=True),
        # The number of a share is private; the two stand in the same band.
        "solidarity-outflow": terms.Answer(value=Decimal("3.5")),
    },
    {
        "commons-held": terms.Answer(level="none", withheld=True, note="Nobody may know."),
        "enclosure-history": terms.Answer(
            level="no", withheld=True, reservation="it is complicated"
        ),
        "licences-out": terms.Answer(licences=("GPL-3.0-only",), withheld=True),
        "member-labour-share": terms.Answer(
            value=Decimal("88"), withheld=True, evidence=("https://alder.example/",)
        ),
        "decisions": terms.Answer(level="consent-first", withheld=True),
        "solidarity-outflow": terms.Answer(value=Decimal("9.25")),
    },
)


def test_what_is_kept_private_changes_no_byte_of_what_others_see(
    client: Client, demo: Edition
) -> None:
    (alder,) = [one for one in the_demo.entries() if one.slug == "alder"]
    told: list[dict[str, str]] = []
    for answers in VARIANTS:
        with the_demo.rolled_back():
            changed = dataclasses.replace(alder, answers={**alder.answers, **answers})
            the_demo.publish([changed], demo)
            told.append(
                {
                    url: re.sub("As of [^<]*", "", client.get(url).content.decode())
                    for name, url in addresses(
                        ["alder", "birch", "dogwood"], ["commons-first-2026"]
                    )
                    if name in READ_BY_ALL
                }
            )
    first, second = told
    assert len(first) > 30
    assert [url for url in first if first[url] != second[url]] == []


def test_what_is_withheld_is_said_to_be_kept_private(client: Client, canaries: list[str]) -> None:
    text = read(client.get(address("organisation")).content).text
    # Four answers, and two of them once more where they decide the headline.
    assert text.count("Kept private") == 6
    profile = client.get(address("api-profile")).json()
    private = {
        "commons-held": "withheld",
        "licences-out": "withheld",
        "member-labour-share": "withheld",
        "enclosure-history": "withheld",
    }
    assert private == {
        one["criterion"]: one["why"] for one in profile["sheet"] if one["why"] == "withheld"
    }


def test_who_is_hidden_is_counted_nowhere(client: Client, canaries: list[str]) -> None:
    assert "hidden" in canaries
    home = read(client.get("/").content)
    assert home.one("dl", "counts").all("dd")[0].text == "37"
    assert client.get(address("api-organisations")).json()["count"] == 37
    counts = read(client.get(address("matches")).content).one("dl", "counts").all("dd")
    assert sum(int(one.text.split()[0]) for one in counts) == 36
    found = read(client.get("/organisations/", {"q": "hidden"}).content)
    assert "0 organisations" in found.text
