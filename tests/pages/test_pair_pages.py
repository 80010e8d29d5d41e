"""The page of every pair of the demo: it shows what is exported, and its parts add up."""

from __future__ import annotations

import csv
import dataclasses
import itertools
import math
import random
import re
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from assessments import comparison
from assessments.models import Edition
from assessments.models.sheet import listed
from assessments.scoring import terms
from assessments.templatetags import drawings
from assessments.views.comparison import Shown
from orgs.models import Organisation
from tests.pages import demo as the_demo
from tests.pages.reading import Element, read
from tests.pages.routes import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

RENDERED = 40
UNSAID = ("", "Kept private", "We don’t know")


def _exported(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    path = folder / "pairs.csv"
    call_command("export_compatibility", output=str(path), verbosity=0)
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["first"], row["second"]): row for row in csv.DictReader(file)}


def _by_slug() -> dict[str, Organisation]:
    return {organisation.slug: organisation for organisation in listed()}


def _counts_otherwise(pair: comparison.Pair) -> set[str]:
    """The questions to which the two have given what does not count alike."""
    first, second = pair.first.sheet, pair.second.sheet
    return {
        pair.edition.by_slug[slug].question
        for slug in first
        if (first[slug].state, first[slug].position) != (second[slug].state, second[slug].position)
    }


def _adds_up(direction: dict[str, Any]) -> None:
    """The parts that a direction shows sum to its points, and its points make its score."""
    parts = direction["parts"]
    assert sum(part["points"] for part in parts) == direction["points"]
    assert sum(part["possible"] for part in parts) == direction["possible"]
    open_points = sum(part["possible"] for part in parts if part["is_open"])
    assert direction["points"] + open_points == direction["could_have"]
    if direction["possible"]:
        assert direction["low"] == direction["points"] / direction["possible"]
        assert direction["high"] == direction["could_have"] / direction["possible"]
    for part in parts:
        if part["possible"] and not part["is_open"]:
            assert part["points"] == part["importance"] * part["acceptance"]
            assert part["possible"] == part["importance"] * 100
    needed = direction["threshold"] * direction["possible"]
    assert direction["reaches"] == (100 * direction["points"] >= needed)
    assert direction["falls_short"] == (100 * direction["could_have"] < needed)


def _is_said(context: dict[str, Any]) -> None:
    """Everything that stands in a sentence has its words."""
    for item in itertools.chain(*context["deal_breakers"].values()):
        assert item["asked"]
        assert item["question"]
        assert not item["said"].endswith(".")
        if item["status"] == "failed":
            assert item["said"]
    for direction in context["directions"]:
        change = direction["change"]
        assert bool(change["answers"]) == (change["outcome"] == "these-answers")
        assert bool(change["obstacle"]) == (change["outcome"] == "no-answers")
        for answer in change["answers"]:
            assert answer["answer"]
            # What is known and not enough has been said; what is open may have been.
            assert answer["is_open"] or answer["now"]["text"]
    for how, rows in context["differs"].items():
        for row in rows:
            unsaid = [row[side]["text"] in UNSAID for side in ("first", "second")]
            claimed = [row[side]["aside"] == "claimed, not shown" for side in ("first", "second")]
            is_alike = row["first"]["text"] == row["second"]["text"]
            assert sum(unsaid) == (how == "one"), row
            assert is_alike == (how == "shown"), row
            assert how != "shown" or sum(claimed) == 1, row
    for row in context["buts"]:
        assert row["reservation"]
        assert {row["said"], row["counts_as"]} == {"Yes", "No"}


def test_every_pair_shows_what_is_exported_and_adds_up(demo: Edition, tmp_path: Path) -> None:
    exported, there = _exported(tmp_path), _by_slug()
    assert len(exported) == math.comb(len(there), 2) == 666
    verdicts: Counter[str] = Counter()
    for (first, second), row in exported.items():
        pair = comparison.compare(there[first], there[second], demo)
        context = Shown(pair).context()
        verdicts[context["verdict"]] += 1
        forward, backward = context["directions"]
        shown = (
            context["verdict"],
            f"{context['low']:.6f}",
            f"{context['high']:.6f}",
            f"{forward['low']:.6f}",
            f"{forward['high']:.6f}",
            f"{backward['low']:.6f}",
            f"{backward['high']:.6f}",
        )
        assert shown == tuple(list(row.values())[2:]), (first, second)
        assert context["low"] == min(forward["low"], backward["low"])
        assert context["high"] == min(forward["high"], backward["high"])
        for direction in (forward, backward):
            _adds_up(direction)
        _is_said(context)
        differing = {row["question"] for rows in context["differs"].values() for row in rows}
        assert _counts_otherwise(pair) <= differing
        # The verdict follows from what the page says of both directions.
        breakers = context["deal_breakers"]
        if breakers["failed"] or forward["falls_short"] or backward["falls_short"]:
            assert context["verdict"] == "not-compatible"
        elif breakers["open"] or any(
            not one["reaches"] or one["evaded"] for one in (forward, backward)
        ):
            assert context["verdict"] == "unknown"
        else:
            assert context["verdict"] == "compatible"
    assert set(verdicts) == {"compatible", "unknown", "not-compatible"}


def test_a_pair_seen_from_the_other_side_is_the_same_pair(demo: Edition) -> None:
    there = _by_slug()
    for first, second in (("alder", "birch"), ("alder", "cedar"), ("cuckoo", "dogwood")):
        one = Shown(comparison.compare(there[first], there[second], demo)).context()
        other = Shown(comparison.compare(there[second], there[first], demo)).context()
        assert one["directions"] == other["directions"][::-1]
        for key in ("verdict", "low", "high"):
            assert one[key] == other[key]


def _number(cell: Element, name: str) -> tuple[int, int]:
    """What a cell says, as the least and the most that it may become."""
    low, _, high = cell.text.removeprefix(name).strip().partition("–")
    return int(low), int(high or low)


def _table_adds_up(
    table: Element, summary: str, threshold: int, figures: str
) -> tuple[Fraction, Fraction] | None:
    """The printed parts sum to the printed figures: whole points of whole possible points.

    Returns the score; None where nothing that is asked takes part.
    """
    points = possible = most = 0
    for row in table.one("tbody").all("tr"):
        _, _, points_cell, possible_cell = row.all("td")
        low, high = _number(points_cell, "Points")
        points, most = points + low, most + high
        possible += _number(possible_cell, "Possible")[0]
    foot = table.one("tfoot")
    assert _number(foot.all("td")[2], "Points") == (points, most)
    assert _number(foot.all("td")[3], "Possible") == (possible, possible)
    assert foot.one("th").text == f"In all: {figures} of 100"
    assert summary.endswith(f": {figures} of 100")
    if not possible:
        return None
    score = Fraction(points, possible), Fraction(most, possible)
    assert figures == drawings.score(*score)
    return score


@pytest.mark.parametrize("count", [RENDERED, pytest.param(None, marks=pytest.mark.long)])
def test_on_every_page_the_parts_printed_sum_to_the_score_shown_and_the_verdict_is_exported(
    client: Client, demo: Edition, tmp_path: Path, count: int | None
) -> None:
    exported = _exported(tmp_path)
    sentences = {
        "compatible": "Compatible. ",
        "unknown": "Not yet known. ",
        "not-compatible": "Not compatible. ",
    }
    chosen = random.Random(1844).sample(sorted(exported), count or len(exported))
    assert {exported[pair]["verdict"] for pair in chosen} == set(sentences)
    for first, second in [*chosen, ("alder", "birch"), ("alder", "cedar"), ("alder", "dogwood")]:
        url = address("pair", slug=first, other=second)
        page = read(client.get(url).content)
        row = exported[first, second]
        said = page.one("p", "verdict-sentence").text
        assert said.startswith(sentences[row["verdict"]]), url
        assert said.endswith((".", ". ")), url
        assert len(said) > len(sentences[row["verdict"]]), f"{url} gives no reason"
        bars = [int(one.text.split()[-1]) for one in page.all("span", "interval-note")]
        figures = [one.text for one in page.all("span", "interval-figure")]
        tables = [one for one in page.all("details") if one.all("tfoot")]
        assert len(bars) == len(figures) == len(tables) == 2
        scores = [
            _table_adds_up(details.one("table"), details.one("summary").text, bar, shown)
            for details, bar, shown in zip(tables, bars, figures, strict=True)
        ]
        if None not in scores:
            lows, highs = zip(*(one for one in scores if one is not None), strict=True)
            of_pair = drawings.score(min(lows), min(highs))
            sets = "The less satisfied side sets the figure for the pair, the lower of each end"
            decides = f"{sets}: {of_pair}."
            assert decides in page.one("main").text, url


def test_no_sentence_of_a_pair_ends_twice_or_says_nothing(client: Client) -> None:
    slugs = sorted(_by_slug())
    pairs = random.Random(1895).sample(list(itertools.combinations(slugs, 2)), RENDERED)
    for first, second in pairs:
        url = address("pair", slug=first, other=second)
        text = read(client.get(url).content).one("main").text
        for ending in (".”.", "..", " .", " ,", ". –", "“”", "None", "  ", "( ", " )", "?."):
            assert ending not in text, (url, ending)


def test_what_one_needs_and_the_other_offers_joins_up(client: Client) -> None:
    page = read(client.get(address("pair")).content)
    first = next(one for one in page.all("section"))
    assert first.one("h2").text == "What joins up"
    assert "Alder needs web hosting, which Birch Hosting offers." in first.text
    assert "Birch Hosting needs legal advice, which Alder offers." in first.text
    assert "What joins up" not in page.one("aside").text


def test_where_nothing_joins_up_that_is_said_beside_and_not_first(client: Client) -> None:
    page = read(client.get(address("pair", other="dogwood")).content)
    assert page.all("section")[0].one("h2").text == "How far each meets what the other asks"
    assert "What joins up Nothing that one needs is offered" in page.one("aside").text


@pytest.mark.parametrize(
    ("need", "does"),
    [
        ("Wëb Hosting", True),
        ("web-hosting", True),
        ("Webhosting", True),
        ("hosting, 10 GB", True),
        ("help with web hosting", True),
        ("web", True),
        ("web shop", False),
        ("10 GB, hosting", False),
        ("- , -", False),
    ],
)
def test_an_offer_put_otherwise_joins_up_too(
    client: Client, demo: Edition, need: str, does: bool
) -> None:
    by_slug = {one.slug: one for one in the_demo.entries()}
    needs = dataclasses.replace(
        by_slug["alder"],
        answers={**by_slug["alder"].answers, "flows": terms.Answer(needs=(need,))},
    )
    the_demo.publish([needs], demo)
    text = read(client.get(address("pair")).content).one("main").text
    assert (f"Alder needs {need}, and Birch Hosting offers web hosting." in text) is does


def test_a_deal_breaker_says_what_would_be_enough(client: Client) -> None:
    page = read(client.get(address("pair", other="cedar")).content)
    reasons = " ".join(one.text for one in page.all("ul", "reasons"))
    assert "Asked: “At least 3 % went out, but less than 10 %” or better." in reasons
    no = "“No. We took nothing that had been shared into our exclusive control”"
    assert f"Asked: {no}." in reasons


def _changes(client: Client, first: str, second: str) -> tuple[bool, list[tuple[int, int]]]:
    """Whether the two directions stand abreast, and how many answers each shows and folds."""
    page = read(client.get(address("pair", slug=first, other=second)).content)
    (both,) = page.all("div", "directions")
    counts = []
    for one in both.all("section"):
        answerer = one.one("h3").text.split(", as ")[0]
        folded = {details.one("summary").text: details.all("li") for details in one.all("details")}
        in_all = sum(len(answers) for answers in folded.values())
        endings = f" more answers of {answerer}", " still open"
        assert all(title.endswith(endings) for title in folded)
        more = [answers for title, answers in folded.items() if title.endswith(endings[0])]
        counts.append((len(one.all("li")) - in_all, sum(map(len, more))))
    return "is-abreast" in both.attributes["class"].split(), counts


def test_a_long_list_of_answers_is_folded_after_five_and_has_the_page_for_itself(
    client: Client,
) -> None:
    is_abreast, counts = _changes(client, "alder", "dogwood")
    assert counts == [(5, 9), (1, 0)]
    assert not is_abreast
    is_abreast, counts = _changes(client, "alder", "birch")
    assert counts == [(1, 0), (1, 0)]
    assert is_abreast
    both_long = 0
    for other in ("anvil", "cedar", "ibis", "tamaris", "magpie", "otter"):
        is_abreast, counts = _changes(client, "dogwood", other)
        assert all(shown <= 6 and (shown == 5 or not folded) for shown, folded in counts)
        fewer, more = sorted(shown for shown, _ in counts)
        assert not is_abreast or 2 * fewer >= more
        both_long += is_abreast and fewer > 1
    assert both_long


def test_what_is_open_comes_before_what_would_have_to_be_done_differently(client: Client) -> None:
    """Three of four open questions would each bring Cotovia to Alder's bar."""
    page = read(client.get(address("pair", other="cotovia")).content)
    (change,) = [
        one for one in page.all("section") if one.attributes.get("aria-labelledby") == "change"
    ]
    assert change.one("h2").text == "What would decide it"
    asked, back = change.all("section")
    first, others, second = [
        [one.one("svg").attributes.get("aria-label") for one in listed.all("li")]
        for listed in asked.all("ul", "reasons")
    ]
    assert (first, others, second) == (["open"] * 3, [None], ["not met"])
    said = [one.text for one in asked.all("p")]
    assert said == [
        "Any one of these three open questions would do, answered so, shown and without a but:",
        "Or else, with something done differently, this answer would do, too, shown and without a "
        "but:",
    ]
    assert asked.one("details").one("summary").text == "One more question still open"
    assert "Nothing is needed" in back.text


def test_what_would_decide_does_decide(client: Client, demo: Edition) -> None:
    """Whoever answers one of them as it says is compatible then, if nothing else is open."""
    by_slug = {one.slug: one for one in the_demo.entries()}
    cotovia = by_slug["cotovia"]
    there = _by_slug()
    shown = Shown(comparison.compare(there["alder"], there["cotovia"], demo)).context()
    (answer, *_) = [
        one
        for one in shown["directions"][0]["change"]["missing"]
        if one["answer"].startswith("“Yes. Every member could read all four”")
    ]
    (criterion,) = [
        one for one in the_demo.default().criteria if one.question == answer["question"]
    ]
    said = terms.Answer(level="yes", evidence=("https://cotovia.example/",))
    answered = dataclasses.replace(cotovia, answers={**cotovia.answers, criterion.slug: said})
    the_demo.publish([answered], demo)
    page = read(client.get(address("pair", other="cotovia")).content)
    assert page.one("p", "verdict-sentence").text.startswith("Compatible.")


def test_who_is_compatible_reads_what_it_rests_on(client: Client) -> None:
    page = read(client.get(address("pair")).content)
    (rests,) = [
        one for one in page.all("section") if one.attributes.get("aria-labelledby") == "change"
    ]
    assert rests.one("h2").text == "What it rests on"
    assert "Nothing is missing on either side." in rests.text
    assert "Nothing is needed" not in rests.text
    assert [one.text for one in rests.all("li")] == [
        "Birch Hosting stands at 94 and has to stay at 70 or more, and to go on meeting Alder’s "
        "nine deal-breakers.",
        "Alder stands at 96 and has to stay at 60 or more, and to go on meeting Birch Hosting’s "
        "eight deal-breakers.",
    ]


def test_what_is_open_and_changes_nothing_is_not_said_to_be_nothing(client: Client) -> None:
    seen = set()
    for found in Organisation.objects.exclude(slug="alder").order_by("slug"):
        page = read(client.get(address("pair", other=found.slug)).content)
        if "Compatible." not in page.one("p", "verdict-sentence").text:
            continue
        is_open = any("–" in one.text for one in page.all("span", "interval-figure"))
        text = page.one("main").text
        assert ("What is still missing cannot change the verdict." in text) == is_open
        assert ("Nothing is missing on either side." in text) == (not is_open)
        seen.add(is_open)
    assert seen == {False, True}


@pytest.mark.parametrize("other", ["baobab", "cotovia", "kapok", "banyan"])
def test_near_the_bar_the_figure_is_the_same_everywhere(client: Client, other: str) -> None:
    page = read(client.get(address("pair", other=other)).content)
    figure = page.all("span", "interval-figure")[0].text
    text = page.one("main").text
    assert f"It stands at {figure}, and the bar is 70." in text
    assert f"sets the figure for the pair, the lower of each end: {figure}." in text
    assert f"by what Alder asks: {figure} of 100" in text
    assert f"In all: {figure} of 100" in text
    rows = read(client.get(address("matches")).content).all("article", "organisation")
    (row,) = [
        one for one in rows if one.one("a").attributes["href"] == address("pair", other=other)
    ]
    assert row.one("span", "num").text == figure
    assert int(figure.split("–")[0]) < 70


def _rank(reason: Element) -> int:
    """How bad a reason is; the bar is said in sentences of its own."""
    sign = reason.one("svg").attributes["aria-label"]
    is_bar = re.search("reaches .* bar|reached .* bar|stays below .* bar|^Too much", reason.text)
    order = [
        *(("not met", False), ("not met", True), ("open", False), ("open", True)),
        *(("met", True), ("met", False)),
    ]
    return order.index(("met" if sign == "does not apply" else sign, bool(is_bar)))


def test_the_worst_reason_stands_first_always(client: Client) -> None:
    """Deal-breakers before the bar, and both before what is met, whatever is folded away."""
    slugs, seen = sorted(_by_slug()), set()
    pairs = list(itertools.combinations(slugs, 2))
    for first, second in random.Random(1901).sample(pairs, RENDERED):
        page = read(client.get(address("pair", slug=first, other=second)).content)
        (why,) = [
            one for one in page.all("section") if one.attributes.get("aria-labelledby") == "why"
        ]
        ranks = [_rank(one) for listed in why.all("ul", "reasons") for one in listed.all("li")]
        assert ranks == sorted(ranks), (first, second)
        seen |= set(ranks)
    assert seen == set(range(6))
