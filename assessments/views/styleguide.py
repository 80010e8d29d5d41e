"""The styleguide: every component in every state, with samples that stand here; DEBUG only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

Sample = dict[str, Any]


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; a page that is not there unless in DEBUG."""
    if not settings.DEBUG:
        raise Http404
    return render(
        request,
        "styleguide.html",
        {
            "sections": SECTIONS,
            "colours": COLOURS,
            "verdicts": ("compatible", "unknown", "not-compatible"),
            "headlines": ("yes", "not-yet-known", "no"),
            "statuses": ("holds", "met", "open", "failed", "fails", "not-applicable"),
            "intervals": INTERVALS,
            "principles": PRINCIPLES,
            "standings": STANDINGS,
            "deal_breakers": DEAL_BREAKERS,
            "directions": DIRECTIONS,
            "doors": DOORS,
            "parts": PARTS,
            "organisations": ORGANISATIONS,
            "answers": ANSWERS,
            "criteria": CRITERIA,
            "edition": {"language": "en"},
            "page": Paginator(range(240), 20).get_page(request.GET.get("page", "5")),
            "facts": FACTS,
        },
    )


SECTIONS = (
    ("colour", "Colour"),
    ("type", "Type"),
    ("signs", "Signs"),
    ("verdict", "Verdict"),
    ("interval", "Interval"),
    ("principles", "Form and function"),
    ("but", "“Yes, but”"),
    ("reasons", "Reasons"),
    ("doors", "Doors"),
    ("tables", "Tables"),
    ("organisations", "Organisations"),
    ("answers", "Answers"),
    ("criterion", "A criterion"),
    ("question", "A question"),
    ("ways", "Finding one’s way"),
    ("buttons", "Buttons"),
    ("notices", "Notices"),
)

COLOURS = (
    *("paper", "sheet", "shade", "ink", "ink-soft", "edge", "rule"),
    *("moss", "moss-wash", "straw", "straw-wash", "clay", "clay-wash"),
)


def _interval(
    label: str,
    low: float | None,
    high: float | None,
    bar: int | None = None,
    note: str = "",
    has_basis: bool = True,
) -> Sample:
    return {
        "label": label,
        "low": low,
        "high": high,
        "bar": bar,
        "note": note,
        "has_basis": has_basis,
    }


INTERVALS = (
    _interval("Birch meets Alder", 0.52, 0.81, 60),
    _interval("Just below the bar", 0.597, 0.9, 60),
    _interval("All known", 0.38, 0.38, note="9 of 9 known"),
    _interval("Hardly open", 0.522, 0.524, note="21 of 22 known"),
    _interval("Nothing known", 0.0, 1.0, note="0 of 9 known"),
    _interval("Known to be nothing", 0.0, 0.0, note="4 of 4 known"),
    _interval("Everything", 1.0, 1.0, 60),
    _interval("Much does not apply", 0.4, 0.6, note="2 of 3 known", has_basis=False),
    _interval("Nothing that counts applies", None, None, note="0 of 0 known"),
)

PRINCIPLES: tuple[Sample, ...] = (
    {"label": "1 Open membership", "form": 100, "function": 100},
    {"label": "2 Democratic member control", "form": 92, "function": 15},
    {"label": "3 Members’ economic participation", "form": 80, "function": 30},
    {"label": "4 Autonomy and independence", "form": 35, "function": 70},
    {"label": "5 Education, training and information", "form": None, "function": 45},
    {"label": "6 Co-operation among co-operatives", "form": 50, "function": None},
    {"label": "7 Concern for community", "form": None, "function": None},
)

_RESERVES = "Who could turn your reserves into private money?"
_BOOKS = "Can every member see all accounts and contracts?"
_DECIDE = "How do members decide?"


def _deal_breaker(status: str, why: str, said: str = "", reservation: str = "") -> Sample:
    return {
        "status": status,
        "is_excused": status == "met" and why.endswith("not-applicable"),
        "asker": "Alder",
        "answerer": "Birch Hosting",
        "question": _BOOKS if reservation else _RESERVES,
        "url": "#reasons",
        "asked": "“Yes”" if reservation else "“Nobody: a second party holds a veto”",
        "said": said,
        "why": why,
        "is_less": why == "not-shown" and said not in {"", "Nobody: a second party holds a veto"},
        "reservation": reservation,
    }


DEAL_BREAKERS = (
    _deal_breaker("failed", "answered", "Members, by simple majority"),
    _deal_breaker("failed", "reservation", "Yes", "only the yearly accounts, and on request."),
    _deal_breaker("open", "not-answered"),
    _deal_breaker("open", "not-shown", "Nobody: a second party holds a veto"),
    _deal_breaker("open", "not-shown", "Members, by simple majority"),
    _deal_breaker("open", "withheld"),
    _deal_breaker("open", "not-applicable"),
    _deal_breaker("open", "own-unknown"),
    _deal_breaker("met", "answered", "Nobody: a second party holds a veto"),
    _deal_breaker("met", "not-applicable"),
    _deal_breaker("met", "own-not-applicable"),
)


def _standing(how: str, low: float, high: float, still_open: int = 0) -> Sample:
    return {
        "asker": "Alder",
        "answerer": "Birch Hosting",
        "low": low,
        "high": high,
        "threshold": 60,
        "open": still_open,
        **{name: name == how for name in ("falls_short", "evaded", "reaches", "asks_nothing")},
    }


STANDINGS = (
    _standing("falls_short", 0.2, 0.5, 2),
    _standing("falls_short", 0.57, 0.57),
    _standing("evaded", 0, 1),
    _standing("", 0.57, 0.83, 6),
    _standing("reaches", 0.72, 0.83),
    {**_standing("reaches", 1, 1), "asks_nothing": True},
)


def _direction(
    outcome: str, obstacle: str = "", answers: tuple[Sample, ...] = (), **more: Any
) -> Sample:
    change = {"outcome": outcome, "obstacle": obstacle, "answers": answers, **more}
    return {"asker": "Alder", "answerer": "Birch Hosting", "threshold": 60, "change": change}


_MISSING: Sample = {
    "question": _RESERVES,
    "url": "#reasons",
    "answer": "“Nobody: a second party holds a veto”",
    "now": {"text": "", "aside": ""},
    "is_open": True,
    "is_deal_breaker": True,
    "breaker": "“Members, by a majority of two thirds”",
}
_NOT_ENOUGH: Sample = {
    "question": _BOOKS,
    "url": "#reasons",
    "answer": "“Yes”",
    "now": {"text": "Yes, but…", "aside": "counts as No"},
    "is_open": False,
    "is_deal_breaker": False,
}
DIRECTIONS = (
    _direction("nothing-needed"),
    _direction("these-answers", answers=(_MISSING, _NOT_ENOUGH)),
    _direction(
        "these-answers",
        answers=(_NOT_ENOUGH,),
        missing=(_MISSING,),
        others=({"question": _DECIDE, "url": "#reasons"},),
        is_or_else=True,
    ),
    _direction("no-answers", "evaded"),
    _direction("no-answers", "deal-breaker"),
    _direction("no-answers", "not-enough"),
)


def _door(kind: str, why: str = "", opens: int = 1, closes: int = 0, **more: Any) -> Sample:
    return {
        "kind": kind,
        "url": "#doors",
        "question": _BOOKS,
        "why": why,
        "now": "",
        "opens": opens,
        "closes": closes,
        "net": opens - closes,
        **more,
    }


DOORS = (
    _door("but", "reservation", 14, answer="Yes", now="Yes"),
    _door("link", "not-shown", 9, now="Yes"),
    _door(
        "answer",
        "answered",
        6,
        2,
        question="How long do you wait before you publish?",
        answer="A month",
        now="A year",
    ),
    _door("answer", "withheld", 3, answer="Yes"),
    _door("answer", "not-known", 2, answer="Yes"),
    _door("answer", "na-not-allowed", answer="Yes"),
    _door("answer", "not-answered", answer="Yes"),
    _door("deal-breaker", opens=1_204, question=_RESERVES, asked="“Nobody” or better"),
    _door("threshold", opens=5, threshold=70, bar=68, is_first=True),
    _door("threshold", opens=2, net=7, threshold=70, bar=61),
    _door("barrier", "not-answered", others=23),
    _door("alike", "answered", 3, 1, question=_DECIDE, answer="By consent", now="By vote"),
    _door("alike-barrier", "answered", question=_DECIDE, now="By vote", others=1),
)


def _part(
    question: str,
    importance: int,
    acceptance: int | None,
    said: str,
    deal_breaker: str = "",
    **more: Any,
) -> Sample:
    return {
        "question": question,
        "url": "#tables",
        "importance": importance,
        "said": said,
        "acceptance": acceptance,
        "points": importance * (acceptance or 0),
        "possible": importance * 100,
        "is_open": acceptance is None,
        "deal_breaker": deal_breaker,
        **more,
    }


PARTS: Sample = {
    "asker": "Alder",
    "answerer": "Birch Hosting",
    "low": 0.5,
    "high": 0.8,
    "threshold": 60,
    "points": 500,
    "could_have": 800,
    "possible": 1000,
    "weighed_by": "both",
    "parts": (
        _part(
            "Are the rules of your main commons written and public?",
            3,
            100,
            "Yes",
            "met",
            is_own=True,
        ),
        _part(_RESERVES, 3, None, "", "open"),
        _part(_BOOKS, 2, 0, "Yes, but (counts as No)"),
        _part(_DECIDE, 2, 100, "Consent", is_alike=True, own="Consent"),
    ),
}

ORGANISATIONS: tuple[Sample, ...] = (
    {
        "url": "#organisations",
        "name": "Alder",
        "place": "Leeds",
        "country": "United Kingdom",
        "legal_form": "Worker co-operative",
        "summary": "Web hosting and mail for those who would rather know their host.",
        "headline": "yes",
    },
    {
        "url": "#organisations",
        "name": "Cedar Retail",
        "place": "Manchester",
        "country": "United Kingdom",
        "legal_form": "Consumer co-operative",
        "summary": "Food shops in forty towns.",
        "headline": "no",
    },
    {
        "url": "#organisations",
        "name": "Genossenschaft für gemeinschaftliche Saatgutvermehrung Oberösterreich",
        "place": "",
        "country": "Austria",
        "legal_form": "",
        "summary": "",
        "headline": "not-yet-known",
    },
    {
        "url": "#organisations",
        "name": "Elm",
        "place": "Porto",
        "country": "Portugal",
        "legal_form": "Association",
        "summary": "A repair café.",
        "headline": "",
    },
)


def _answer(why: str, state: str = "unknown", role: str = "standard", **more: Any) -> Sample:
    return {
        "slug": f"{why}-{role}-{state}",
        "question": _BOOKS,
        "url": "#answers",
        "role": role,
        "why": why,
        "state": state,
        **more,
    }


ANSWERS = (
    _answer(
        "answered",
        "known",
        said="Yes. Every member can open them at any time.",
        credit=100,
        evidence=("https://alder.example/rules/open-books-and-contracts?year=2024#section-4",),
        note="Since 2019.",
    ),
    _answer(
        "reservation",
        "known",
        said="Yes",
        counts_as="No",
        credit=0,
        reservation="only the yearly accounts, and on request.",
    ),
    _answer("not-shown", said="3 % to under 10 %"),
    _answer("withheld"),
    _answer("not-answered"),
    _answer("not-known"),
    _answer("not-applicable", "not-applicable", na_reason="no loss since 2015"),
    _answer("na-not-allowed", na_reason="we are too small"),
    _answer("answered", "known", "similarity", said="Consent"),
    _answer(
        "answered",
        "known",
        said="Copyleft",
        credit=100,
        role="standard",
        licences=("AGPL-3.0-or-later", "CC-BY-SA-4.0"),
    )
    | {"slug": "licences"},
    _answer("answered", "known", "none", offers=("web hosting", "mail"), needs=("legal advice",)),
)


def _level(text: str, credit: int | None, is_asked: bool = False) -> Sample:
    return {"text": text, "credit": credit, "is_asked": is_asked}


CRITERIA: tuple[Sample, ...] = (
    {
        "slug": "asset-lock",
        "number": 20,
        "question": _RESERVES,
        "why": "What members have built up together should outlive the wish to cash it in.",
        "kind": "choice",
        "role": "standard",
        "facet": "form",
        "principles": ("3 Members’ economic participation", "4 Autonomy and independence"),
        "importance": 4,
        "must_reach": "The rules forbid it and name a successor",
        "headline": True,
        "evidence_required": True,
        "levels": (
            _level("Members, by simple majority", 0),
            _level("Members, by a larger majority", 20),
            _level("Nobody under the rules, but the rules can be changed", 40),
            _level("Nobody: the rules forbid it and name a successor", 60, is_asked=True),
            _level("Nobody: a second party holds a veto", 100),
        ),
        "example": "The rules of Hazel Builders name a land trust that has to consent.",
        "counter_example": "“Our members would never vote for that.”",
        "shows": "The article of your rules, or the contract with the second party.",
        "reason": "Without a lock, common wealth is a savings account with a delay.",
    },
    {
        "slug": "decisions",
        "number": 28,
        "question": "How do members decide?",
        "kind": "choice",
        "role": "similarity",
        "principles": ("2 Democratic member control",),
        "importance": 2,
        "levels": (_level("Majority vote", None), _level("Consent", None)),
    },
    {
        "slug": "open-books",
        "number": 35,
        "question": _BOOKS,
        "kind": "practice",
        "role": "standard",
        "facet": "function",
        "importance": 3,
        "levels": (_level("No", 0), _level("Yes", 100)),
        "allow_na": True,
    },
)

FACTS = (
    ("Legal form", "Worker co-operative"),
    ("Size", "2–9 people"),
    ("Website", ""),
    ("Languages", "English, Welsh"),
)
