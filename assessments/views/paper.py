"""The blank questionnaire of the current edition, to be printed and talked through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.models import Edition
from assessments.scoring import answers, terms
from assessments.scoring.terms import SAME, Criterion, Evidence, Kind, Role
from assessments.views import paper_words
from assessments.views.paper_words import PaperWords
from assessments.wording import Wording
from orgs import places

_TEXTS = ("question", "why", "example", "counter_example", "shows", "reason")
ONLY_FIRST = "&only=first"
_MANY_LEVELS = 8
"""Above so many, short answers stand in two columns."""


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The core questions first, then the others, each by dimension."""
    row = Edition.objects.current()
    if row is None:
        return render(request, "assessments/paper.html", {"edition": None})
    edition = row.as_terms()
    words = Wording.of(edition, request.GET.get("lang"))
    say = paper_words.in_language(words.language)
    parts = _parts(edition, words, say)
    is_short = len(parts) > 1 and request.GET.get("only") == "first"
    only = ONLY_FIRST if is_short else ""
    context = {
        "edition": {
            "title": words.of_edition("title"),
            "description": words.of_edition("description"),
            "licence": edition.licence,
            "language": words.language,
        },
        "say": say,
        "languages": [
            {
                "tag": tag,
                "name": places.language_itself(tag),
                "url": f"{reverse('paper')}?lang={tag}{only}",
                "is_current": tag == words.language,
            }
            for tag in (edition.language, *edition.translations)
        ],
        "criteria_url": f"{reverse('criteria')}?lang={words.language}",
        "address": request.build_absolute_uri(reverse("home")),
        "parts": parts[:1] if is_short else parts,
        **(_other(edition, words, say, is_short=is_short) if len(parts) > 1 else {}),
    }
    return render(request, "assessments/paper.html", context)


def _other(
    edition: terms.Edition, words: Wording, say: PaperWords, *, is_short: bool
) -> dict[str, str]:
    """From the whole sheet the way to the core alone, and back."""
    url = f"{reverse('paper')}?lang={words.language}"
    if is_short:
        return {"other_url": url, "other": say.all.format(len(edition.criteria))}
    core = sum(one.core for one in edition.criteria)
    return {"other_url": f"{url}{ONLY_FIRST}", "other": say.only_first.format(core)}


def _parts(edition: terms.Edition, words: Wording, say: PaperWords) -> list[dict[str, Any]]:
    """First the core, then the rest; one part where that would leave one of them empty."""
    core = [criterion for criterion in edition.criteria if criterion.core]
    rest = [criterion for criterion in edition.criteria if not criterion.core]
    if not core or not rest:
        return [_part("all", say.all, "", [*core, *rest], words, say)]
    return [
        _part("first", say.first, say.first_means, core, words, say),
        _part("rest", say.rest, say.rest_means, rest, words, say),
    ]


def _part(
    slug: str,
    title: str,
    lead: str,
    criteria: Sequence[Criterion],
    words: Wording,
    say: PaperWords,
) -> dict[str, Any]:
    numbered = {one.slug: number for number, one in enumerate(words.edition.criteria, 1)}
    by_dimension = [
        (dimension, [one for one in criteria if one.dimension == dimension.slug])
        for dimension in words.edition.dimensions
    ]
    return {
        "slug": slug,
        "title": title.format(len(criteria)),
        "lead": lead,
        "dimensions": [
            {
                "slug": dimension.slug,
                "title": words.of_dimension(dimension.slug),
                "question": words.of_dimension(dimension.slug, "question"),
                "questions": [_asked(one, numbered[one.slug], words, say) for one in asked],
            }
            for dimension, asked in by_dimension
            if asked
        ],
    }


def _asked(criterion: Criterion, number: int, words: Wording, say: PaperWords) -> dict[str, Any]:
    """One question as it stands on paper."""
    ticked = criterion.kind in {Kind.PRACTICE, Kind.CHOICE}
    levels = [_level(criterion, position, words, say) for position in _order(criterion)]
    return {
        **{name: words.of_criterion(criterion, name) for name in _TEXTS},
        "slug": criterion.slug,
        "number": number,
        "kind": criterion.kind.value,
        "unit": criterion.unit,
        "boxes": levels if ticked else [],
        "bands": levels if criterion.kind is Kind.SHARE else [],
        "is_long": len(criterion.levels) > _MANY_LEVELS,
        "is_alike": criterion.role is Role.SIMILARITY,
        "is_deal_breaker": criterion.must_reach is not None,
        "must_be_same": criterion.must_reach == SAME and criterion.role is Role.SIMILARITY,
        "evidence_required": criterion.evidence is Evidence.REQUIRED,
        "allow_na": criterion.allow_na,
    }


def _order(criterion: Criterion) -> list[int]:
    """The positions of the levels; of a practice the good answer first, as on the screen."""
    positions = list(range(len(criterion.levels)))
    is_good_last = criterion.kind is Kind.PRACTICE and not criterion.reversed
    return positions[::-1] if is_good_last else positions


def _level(criterion: Criterion, position: int, words: Wording, say: PaperWords) -> dict[str, Any]:
    """One answer to tick; below the good answer of a practice comes its but."""
    level = criterion.levels[position]
    text, language = words.level(criterion, position), words.language
    is_practice = criterion.kind is Kind.PRACTICE
    if not level.text and is_practice:
        text, language = say.practice[level.slug], say.language
    elif not level.text:
        language = "en"  # A band without a text of its own is put into English words.
    good = "no" if criterion.reversed else "yes"
    is_scored = criterion.role is Role.STANDARD
    return {
        "text": text,
        "language": language,
        "is_asked": level.slug == criterion.must_reach,
        "but": say.but[good] if is_practice and level.slug == good else "",
        "but_counts": (
            say.counts_as[criterion.levels[answers.least(criterion)].slug]
            if is_practice and is_scored
            else ""
        ),
    }
