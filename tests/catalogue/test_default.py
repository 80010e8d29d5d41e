"""The default edition keeps to the rules by which its questions were written.

Each rule is a function from the edition as parsed to what is wrong with it, so that it can be
shown to fail: `SPOILED` has for every rule a change that it must notice.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from assessments.catalogue import edition_file, edition_rules

CATALOGUE = Path(__file__).parents[2] / "assessments" / "catalogue"
TEXT = (CATALOGUE / "default.toml").read_text(encoding="utf-8")

Raw: TypeAlias = dict[str, Any]
EDITION: Raw = tomllib.loads(TEXT, parse_float=Decimal)

SLUGS_OF_THE_BANK = """
    commons-held commons-means curating-labour commons-rules commons-collective-choice
    commons-monitoring commons-dispute commons-funding enclosure-history
    licences-out licences-in open-output-share relicensing-power release-delay
    reciprocity-condition exclusive-ip free-tools-share knowledge-clause
    surplus-split asset-lock dissolution-heir reserve-minimum solidarity-outflow capital-return
    outside-capital-claims surplus-decider loss-sharing
    one-member-one-vote turnout contested-seats member-initiative open-door outside-control
    affected-with-votes open-books co-op-education
    member-labour-share voteless-subsidiaries pay-ratio precarious-hours who-directs-work
    care-counted membership-path worker-voice-bargaining supply-labour
    flows buying-from-coops selling-to-coops joint-production federation-duties money-home
    settlement-means same-trade-cooperation working-interfaces
    contracts-signed who-can-enforce change-threshold exit-terms partner-audit breach-record
"""
BANK = frozenset(SLUGS_OF_THE_BANK.split())
LEFT_OUT = {
    "commons-means": "A list of what one has is neither a practice nor a likeness in daily work.",
    "licences-in": "Scored nowhere, and no treasurer can list the licences of all that is used.",
    "settlement-means": "To settle without money is neither better nor worse, and seldom decides.",
}
OWN = {
    "admission-rule": "The bank has one question on form for the first principle.",
    "publication-rule": "The bank has one question on form for the fifth principle.",
    "buy-first-rule": "What the rules say on buying, beside what was bought (sixth principle).",
    "decisions": "Likeness in how decisions are made.",
}
DIMENSIONS = [
    *("commons", "licensing", "surplus", "democracy", "labour", "inter-cooperation"),
    "commitments",
]
EXPLANATIONS = ("why", "example", "counter_example", "shows")
LEVELS_KEY = {"practice": "texts", "choice": "levels", "share": "bands"}
MOST_WORDS = 25
GREATEST_GRADE = 10
GREATEST_LIX = 45
GREATEST_LIX_OF_A_QUESTION = 55

TIMES = {
    "en": re.compile(r"\b(months|years?|year's|today)\b"),
    "es": re.compile(r"\b(meses|años?|hoy|ejercicio)\b"),
}
VALUE_WORDS = {
    "en": re.compile(
        r"\b(believ\w+|beliefs?|valu(e|es|ed|ing)|committed|strives?|striving|aims?|aiming"
        r"|important to (us|you)|cares? about|passion\w*|dedicated|mission|vision|ethos|ideals?"
        r"|intend\w*|intentions?|aspir\w+|seeks? to)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(cree[ns]?|creemos|creencias?|valor(es|an?|amos)?|comprometid\w+|esfuerz(o|an?)"
        r"|esforz\w+|aspira\w*|importantes? para|apuesta\w*|pretend\w+|intenci\w+|vocaci\w+"
        r"|misi(ón|ones)|visi(ón|ones)|ideales|procur\w+|objetiv\w+|metas?|propósitos?)\b",
        re.IGNORECASE,
    ),
}
WISHES = {
    "en": re.compile(r"\b(want|wish|hope|try|plan|feel|think|would like|should)\b"),
    "es": re.compile(r"\b(quieren|desean|esperan|intentan|planean|sienten|piensan|deberían)\b"),
}
OTHER_TONGUE = {
    "en": re.compile(r"\b(el|los|las|que|para|con|una|pero|según)\b"),
    "es": re.compile(r"\b(the|and|of|with|which|they|your|what|but)\b"),
}


def criteria(edition: Raw) -> dict[str, Raw]:
    """The criteria by slug, as they are written."""
    found: dict[str, Raw] = edition["criteria"]
    return found


def spanish(edition: Raw, slug: str) -> Raw:
    """The Spanish texts of one criterion."""
    found: Raw = edition["translations"]["es"]["criteria"].get(slug, {})
    return found


def standard(edition: Raw) -> dict[str, Raw]:
    """The criteria that are judged on credit."""
    return {
        slug: one
        for slug, one in criteria(edition).items()
        if one.get("role", "standard") == "standard"
    }


def level_texts(criterion: Raw) -> dict[str, str]:
    """The English texts of levels or bands, by the slug of the level."""
    if criterion["kind"] == "choice":
        return {level["slug"]: level["text"] for level in criterion["levels"]}
    if criterion["kind"] == "share":
        return {f"from-{band['from']}": band["text"] for band in criterion["bands"]}
    return dict(criterion.get("texts", {}))


def fields(edition: Raw, slug: str) -> dict[str, tuple[str, str]]:
    """Every translatable text of a criterion, English and Spanish; levels as `levels.slug`."""
    one, other = criteria(edition)[slug], spanish(edition, slug)
    keys = ("question", *EXPLANATIONS, *(("reason",) if "reason" in one else ()))
    found = {key: (one.get(key, ""), other.get(key, "")) for key in keys}
    translated = other.get(LEVELS_KEY.get(one["kind"], ""), {})
    for level, text in level_texts(one).items():
        found[f"levels.{level}"] = (text, translated.get(level, ""))
    return found


def all_texts(edition: Raw) -> Iterator[tuple[str, str, str]]:
    """Every translatable text of the edition with its place, English and Spanish."""
    translated = edition["translations"]["es"]
    for key in ("title", "description"):
        yield f"edition.{key}", edition["edition"][key], translated["edition"].get(key, "")
    for slug, one in edition["dimensions"].items():
        for key in ("title", "question"):
            other = translated["dimensions"].get(slug, {}).get(key, "")
            yield f"{slug}.{key}", one.get(key, ""), other
    for slug in criteria(edition):
        for key, (text, other) in fields(edition, slug).items():
            yield f"{slug}.{key}", text, other


# Readability: from letters, words and sentences alone. A word is a run of letters, with the
# hyphens and apostrophes inside it, so that "co-operative" is one long word; figures are none.


def words(text: str) -> list[str]:
    """The words of a text."""
    return re.findall(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", text)


def sentences(text: str) -> int:
    """How many sentences a text has: by full stops, question and exclamation marks only."""
    return max(1, len(re.findall(r"[.!?](?=[”»]?(?:\s|$))", text)))


def coleman_liau(text: str) -> float:
    """The school grade that a text asks for: 0.0588 L − 0.296 S − 15.8, per 100 words."""
    found = words(text)
    letters = sum(sign.isalpha() for word in found for sign in word)
    return (5.88 * letters - 29.6 * sentences(text)) / len(found) - 15.8


def lix(text: str) -> float:
    """Words a sentence, and words of more than six letters in per cent, added up."""
    found = words(text)
    long = sum(len(word) > 6 for word in found)
    return len(found) / sentences(text) + 100 * long / len(found)


def names(text: str) -> set[str]:
    """The words that a capital letter makes a name: not the first of a sentence, unless another
    name follows it.
    """
    tokens = re.findall(r"[^\W_]+|[.:;!?]", text)
    found = set()
    for place, token in enumerate(tokens):
        starts = place == 0 or tokens[place - 1] in ".:!?"
        follows = place + 1 < len(tokens) and tokens[place + 1][0].isupper()
        if token[0].isupper() and not token.isdigit() and (follows or not starts):
            found.add(token)
    return found


def numbers(text: str) -> Counter[Decimal]:
    """The numbers in a text, in the English way of writing (1,100.5) or the Spanish (1.100,5)."""
    found: Counter[Decimal] = Counter()
    for number in re.findall(r"\d+(?:[.,]\d+)*", text):
        thousands = re.fullmatch(r"\d{1,3}([.,]\d{3})+", number)
        found[Decimal(re.sub(r"[.,]", "", number) if thousands else number.replace(",", "."))] += 1
    return found


# The rules. Each gives a list of complaints, which for the edition must be empty.


def selection(edition: Raw) -> Iterator[str]:
    """All of the bank but what has a reason to stay out, and our own where the bank is thin."""
    ours = set(criteria(edition))
    expected = BANK - set(LEFT_OUT) | set(OWN)
    yield from (f"{slug}: unlike the list" for slug in ours ^ expected)
    if len(ours & BANK) < 50:
        yield "fewer than 50 of the bank"


def dimensions(edition: Raw) -> Iterator[str]:
    """Seven dimensions, none of them thin."""
    counts = Counter(one["dimension"] for one in criteria(edition).values())
    if list(edition["dimensions"]) != DIMENSIONS:
        yield "other dimensions"
    yield from (f"{slug}: thin" for slug in DIMENSIONS if counts[slug] < 6)


def kinds(edition: Raw) -> Iterator[str]:
    """Enough practice questions, asked from both sides; likeness, and offers and needs."""
    counts = Counter(one["kind"] for one in criteria(edition).values())
    if counts["practice"] < 20:
        yield "fewer than 20 practice questions"
    if not 3 <= sum(one.get("reversed", False) for one in criteria(edition).values()) <= 7:
        yield "too few or too many reversed questions"
    if counts["licences"] != 1 or counts["offers"] != 1:
        yield "licences and offers"
    alike = {slug for slug, one in criteria(edition).items() if one.get("role") == "similarity"}
    if not alike >= {"decisions", "working-interfaces", "free-tools-share", "affected-with-votes"}:
        yield "likeness in deciding, languages, tools and members"


def balance(edition: Raw) -> Iterator[str]:
    """Each principle has two questions on form and three on function, at least."""
    counts: Counter[tuple[str, int]] = Counter()
    for slug, one in standard(edition).items():
        if one.get("facet") not in ("form", "function") or not one.get("principles"):
            yield f"{slug}: neither form nor function, or no principle"
        counts.update((one.get("facet", ""), number) for number in one.get("principles", ()))
    for number in range(1, 8):
        if counts["form", number] < 2 or counts["function", number] < 3:
            yield f"principle {number}: too few"


def core(edition: Raw) -> Iterator[str]:
    """A first result in fifteen minutes: of every dimension, with all that decides."""
    chosen = {slug: one for slug, one in criteria(edition).items() if one.get("core")}
    if not 12 <= len(chosen) <= 15:
        yield f"{len(chosen)} core questions"
    if {one["dimension"] for one in chosen.values()} != set(DIMENSIONS):
        yield "a dimension without a core question"
    for slug, one in criteria(edition).items():
        if "must_reach" in one and slug not in chosen:
            yield f"{slug}: a deal-breaker that is not core"


def deciding(edition: Raw) -> Iterator[str]:
    """Six to eight headline criteria and at most eight deal-breakers, each with its reason."""
    breakers = {slug: one for slug, one in criteria(edition).items() if "must_reach" in one}
    if not 6 <= sum(one.get("headline", False) for one in criteria(edition).values()) <= 8:
        yield "headline criteria"
    if len(breakers) > 8:
        yield "deal-breakers"
    for slug, one in criteria(edition).items():
        if bool(one.get("reason")) != (slug in breakers):
            yield f"{slug}: a reason where nothing is decided, or none where it is"


def order(edition: Raw) -> Iterator[str]:
    """Levels go from no credit to full credit, or back, in the order of the facts."""
    for slug, one in standard(edition).items():
        rows = one.get("levels") or one.get("bands")
        if not rows:
            continue
        credits = [row["credit"] for row in rows]
        if credits not in (sorted(credits), sorted(credits, reverse=True)):
            yield f"{slug}: not in order"
        if {min(credits), max(credits)} != {0, 100}:
            yield f"{slug}: not from 0 to 100"
        if len(set(credits)) < len(credits):
            yield f"{slug}: two levels with the same credit"


IN_WORDS = {Decimal(50): ("half", "mitad"), Decimal(2): ("twice", "doble")}
JUST_ABOVE = Decimal("0.01")
TIMES_AS_MUCH = "×"


def bands(edition: Raw) -> Iterator[str]:
    """What a band says is where it begins and where the next one does: none overlap, none lack.

    A band that begins a hundredth above a round number is one after "up to"; above nothing it
    has no number to name.
    """
    for slug, one in criteria(edition).items():
        if one["kind"] != "share":
            continue
        bounds = [Decimal(band["from"]) for band in one["bands"]]
        if bounds[0] != (1 if one["unit"] == TIMES_AS_MUCH else 0):
            yield f"{slug}: starts at {bounds[0]}"
        translated = spanish(edition, slug).get("bands", {})
        for place, band in enumerate(one["bands"]):
            edges = [bound for bound in bounds[place : place + 2] if bound > bounds[0]]
            for edge in edges:
                named = edge - JUST_ABOVE if edge % Decimal("0.1") == JUST_ABOVE else edge
                for text in (band["text"], translated.get(f"from-{band['from']}", "")):
                    in_words = any(word in text.lower() for word in IN_WORDS.get(named, ()))
                    if named and not in_words and not {named, edge} & set(numbers(text)):
                        yield f"{slug}: “{text}” does not say {named}"


def whole_group(edition: Raw) -> Iterator[str]:
    """The whole group counts, in hours and not in heads, where it is easily left out."""
    if "whole group" not in edition["edition"]["description"]:
        yield "the edition does not say whom it asks"
    for slug in (
        *("curating-labour", "commons-funding", "surplus-split", "outside-capital-claims"),
        *("open-door", "loss-sharing", "member-labour-share", "voteless-subsidiaries"),
        *("pay-ratio", "precarious-hours", "membership-path", "worker-voice-bargaining"),
        *("selling-to-coops", "money-home", "open-output-share"),
    ):
        for text in (criteria(edition)[slug], spanish(edition, slug)):
            if not re.search(r"\bgro?up", f"{text['question']} {text['why']}"):
                yield f"{slug}: the group is not named"
    for slug in (
        *("curating-labour", "member-labour-share", "voteless-subsidiaries", "precarious-hours"),
    ):
        if "hours" not in criteria(edition)[slug]["question"]:
            yield f"{slug}: not in hours"


def presence(edition: Raw) -> Iterator[str]:
    """Every text is there in both languages, and every criterion names its source."""
    for place, text, translation in all_texts(edition):
        for written in (text, translation):
            if not written or written != written.strip():
                yield f"{place}: missing, or with blanks around it"
    for slug, one in criteria(edition).items():
        if not one.get("source"):
            yield f"{slug}: no source"
    if edition["edition"].get("licence") != "CC-BY-SA-4.0":
        yield "no licence"


def translation(edition: Raw) -> Iterator[str]:
    """No translation is the original by accident, nor says other numbers in example or question."""
    seen: dict[str, str] = {}
    for place, text, other in all_texts(edition):
        if text == other:
            yield f"{place}: not translated"
        if OTHER_TONGUE["en"].search(text) or OTHER_TONGUE["es"].search(other):
            yield f"{place}: words of the other language"
        if seen.setdefault(other, text) != text:
            yield f"{place}: the translation of another text"
        if place.endswith((".question", ".example")) and set(numbers(text)) != set(numbers(other)):
            yield f"{place}: other numbers"
    for slug, one in criteria(edition).items():
        translated = spanish(edition, slug).get(LEVELS_KEY.get(one["kind"], ""), {})
        if set(translated) != set(level_texts(one)):
            yield f"{slug}: other levels"


def questions(edition: Raw) -> Iterator[str]:
    """A question is short, is one, says when, and asks what is or was, not what one wishes."""
    for slug in criteria(edition):
        for tongue, text in zip(("en", "es"), fields(edition, slug)["question"], strict=True):
            if len(text.split()) > MOST_WORDS:
                yield f"{slug}: {len(text.split())} words"
            if text[-1:] != "?" or text.count("?") != 1:
                yield f"{slug}: not one question"
            if not TIMES[tongue].search(text):
                yield f"{slug}: no time in “{text}”"
            if WISHES[tongue].search(text):
                yield f"{slug}: a wish in “{text}”"


def value_words(edition: Raw) -> Iterator[str]:
    """Nothing asks for what one holds dear."""
    for place, *texts in all_texts(edition):
        for tongue, text in zip(("en", "es"), texts, strict=True):
            if found := VALUE_WORDS[tongue].search(text):
                yield f"{place}: “{found.group()}”"


def explanations(edition: Raw) -> Iterator[str]:
    """Why in two sentences, an example with an actor and a figure, a plausible “Yes, but”."""
    for slug in criteria(edition):
        found = fields(edition, slug)
        for why in found["why"]:
            if sentences(why) != 2:
                yield f"{slug}: why in {sentences(why)} sentences"
        for example in found["example"]:
            if not numbers(example) or not names(example):
                yield f"{slug}: no figure or no name in “{example}”"
        for but in found["counter_example"]:
            if not re.fullmatch(r"[“«](Yes|No|Sí|No), .*\b(but|pero)\b.*[.][”»]", but):
                yield f"{slug}: “{but}”"
        reverse = criteria(edition)[slug].get("reversed", False)
        if reverse != found["counter_example"][0].startswith("“No,"):
            yield f"{slug}: the but stands beside the wrong answer"


def sharing(edition: Raw) -> Iterator[str]:
    """No two criteria share an example: each actor appears once."""
    for tongue in (0, 1):
        shared = Counter(
            name
            for slug in criteria(edition)
            for name in names(fields(edition, slug)["example"][tongue])
        )
        for slug in criteria(edition):
            example = fields(edition, slug)["example"][tongue]
            if not any(shared[name] == 1 for name in names(example)):
                yield f"{slug}: nobody of its own in “{example}”"


def full_sentences(edition: Raw) -> Iterator[str]:
    """A level is a full sentence, and no other level of its criterion says the same."""
    for slug, one in criteria(edition).items():
        found = fields(edition, slug)
        pairs = [texts for key, texts in found.items() if key.startswith("levels.")]
        for tongue in (0, 1):
            texts = [pair[tongue] for pair in pairs]
            if len(set(texts)) < len(texts):
                yield f"{slug}: two levels say the same"
            for text in texts:
                if not re.fullmatch(r"[A-ZÁÉÍÓÚÑ0-9].* .*\.", text):
                    yield f"{slug}: “{text}” is no sentence"
        if one["kind"] == "practice":
            for answer, starts in (("yes", ("Yes.", "Sí.")), ("no", ("No.", "No."))):
                texts_of = found[f"levels.{answer}"]
                if not all(t.startswith(s) for t, s in zip(texts_of, starts, strict=True)):
                    yield f"{slug}: “{answer}” does not begin with its word"


def readability(edition: Raw) -> Iterator[str]:
    """Plain reading: all texts of one criterion, one field of all criteria, each question alone.

    All that stands beside one question is what a reader has before them, and all questions
    together cannot hide behind their explanations. A Spanish question alone has a bound of its
    own: LIX begins at the number of words where there is only one sentence.
    """
    samples: dict[str, tuple[list[str], list[str]]] = {}
    for slug in criteria(edition):
        for key, (text, translation) in fields(edition, slug).items():
            for name in (slug, f"every {key.partition('.')[0]}"):
                sample = samples.setdefault(name, ([], []))
                sample[0].append(text)
                sample[1].append(translation)
    for name, (texts, translations) in samples.items():
        if (grade := coleman_liau(" ".join(texts))) > GREATEST_GRADE:
            yield f"{name}: grade {grade:.1f}"
        if (score := lix(" ".join(translations))) > GREATEST_LIX:
            yield f"{name}: LIX {score:.1f}"
    for slug in criteria(edition):
        question, pregunta = fields(edition, slug)["question"]
        if (grade := coleman_liau(question)) > GREATEST_GRADE:
            yield f"{slug}: its question has grade {grade:.1f}"
        if (score := lix(pregunta)) > GREATEST_LIX_OF_A_QUESTION:
            yield f"{slug}: its question has LIX {score:.1f}"


def neutral_units(edition: Raw) -> Iterator[str]:
    """A unit is a sign and no word, since it stands in every language as it is."""
    for slug, one in criteria(edition).items():
        if one.get("unit", "%") not in ("%", TIMES_AS_MUCH, "h"):
            yield f"{slug}: the unit “{one['unit']}”"


RULES: tuple[Callable[[Raw], Iterator[str]], ...] = (
    *(selection, dimensions, kinds, balance, core, deciding, order, bands, whole_group),
    *(presence, translation, questions, value_words, explanations, sharing, full_sentences),
    *(readability, neutral_units),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_edition_keeps_the_rule(rule: Callable[[Raw], Iterator[str]]) -> None:
    assert list(rule(EDITION)) == []


LONG_WINDED = (
    "The organisational responsibilities necessitate comprehensive interdepartmental documentation."
)
FARRAGOSO = "Las responsabilidades organizativas requieren documentación interdepartamental."
CRITERIA_ES = "translations.es.criteria"
OTHER_THAN_PRACTICE = {
    slug: one for slug, one in criteria(EDITION).items() if one["kind"] != "practice"
}
SPOILED: tuple[tuple[Callable[[Raw], Iterator[str]], str, object], ...] = (
    (selection, "criteria.turnout", None),
    (selection, "criteria", OTHER_THAN_PRACTICE),
    (dimensions, "dimensions.commons", None),
    (kinds, "criteria.decisions.role", "none"),
    (kinds, "criteria.flows.kind", "licences"),
    (kinds, "criteria", OTHER_THAN_PRACTICE),
    (balance, "criteria.turnout.principles", []),
    (balance, "criteria.admission-rule.facet", "function"),
    (core, "criteria.contracts-signed.core", False),
    (core, "criteria.outside-control.core", False),
    (deciding, "criteria.turnout.must_reach", "from-1"),
    (deciding, "criteria.commons-held.headline", False),
    (deciding, "criteria.asset-lock.reason", ""),
    (order, "criteria.membership-path.levels.1.credit", 55),
    (order, "criteria.pay-ratio.bands.5.credit", 10),
    (order, "criteria.membership-path.levels.1.credit", 0),
    (bands, "criteria.turnout.bands.0.from", Decimal("0.5")),
    (bands, "criteria.turnout.bands.2.from", 6),
    (bands, "criteria.pay-ratio.bands.1.from", Decimal("2.51")),
    (bands, f"{CRITERIA_ES}.turnout.bands.from-5", "Votó al menos el 4 %, pero menos del 20 %."),
    (whole_group, "edition.description", "Sixty-one questions."),
    (whole_group, "criteria.loss-sharing.why", "A bad year tells. Count all who work for you."),
    (whole_group, "criteria.member-labour-share.question", "How many members are there today?"),
    (presence, "criteria.open-books.shows", ""),
    (presence, "criteria.open-books.source", ""),
    (presence, f"{CRITERIA_ES}.open-books.texts.no", ""),
    (presence, "edition.licence", "MIT"),
    (translation, f"{CRITERIA_ES}.flows.why", EDITION["criteria"]["flows"]["why"]),
    (translation, f"{CRITERIA_ES}.turnout.example", "En Zarapito votaron 313 de 520, el 60 %."),
    (translation, f"{CRITERIA_ES}.flows.why", spanish(EDITION, "turnout")["why"]),
    (translation, f"{CRITERIA_ES}.turnout.bands", {"from-0": "No votó nadie."}),
    (questions, "criteria.open-books.question", " ".join(["word"] * 25) + " today?"),
    (questions, "criteria.open-books.question", "Could members read the books?"),
    (questions, "criteria.open-books.question", "Do you want open books this year?"),
    (questions, f"{CRITERIA_ES}.open-books.question", "¿Quieren hoy libros abiertos"),
    (value_words, "criteria.open-books.why", "Because we are committed to it. It is so."),
    (value_words, f"{CRITERIA_ES}.open-books.why", "Es importante para todo el mundo. Es así."),
    (explanations, "criteria.open-books.why", "Because."),
    (explanations, "criteria.open-books.example", "Redstart Laundry opens all its books."),
    (explanations, "criteria.open-books.example", "All 74 members can open one folder."),
    (explanations, "criteria.open-books.counter_example", "“Yes, all books are open.”"),
    (explanations, "criteria.enclosure-history.reversed", False),
    (sharing, "criteria.open-books.example", EDITION["criteria"]["turnout"]["example"]),
    (full_sentences, "criteria.open-books.texts.yes", "Every member"),
    (full_sentences, "criteria.decisions.levels.0.text", "majority vote"),
    (full_sentences, "criteria.open-books.texts.no", "Yes. Every member could read all four."),
    (readability, "criteria.open-books.why", f"{LONG_WINDED} {LONG_WINDED}"),
    (readability, f"{CRITERIA_ES}.open-books.why", " ".join([FARRAGOSO] * 4)),
    (readability, "criteria.flows.question", "Which organisations subcontracted you today?"),
    (readability, f"{CRITERIA_ES}.flows.question", "¿Qué entidades externas subcontrataron hoy?"),
    (neutral_units, "criteria.pay-ratio.unit", "times"),
)


def spoiled(place: str, content: object) -> Raw:
    """The edition with one thing changed; taken out where the content is None."""
    document = copy.deepcopy(EDITION)
    way: list[Any] = [int(step) if step.isdigit() else step for step in place.split(".")]
    last = way.pop()
    table: Any = reduce(lambda found, step: found[step], way, document)
    if content is None:
        del table[last]
    else:
        table[last] = content
    return document


@pytest.mark.parametrize(("rule", "place", "content"), SPOILED)
def test_a_rule_notices_what_breaks_it(
    rule: Callable[[Raw], Iterator[str]], place: str, content: object
) -> None:
    assert list(rule(spoiled(place, content)))


def test_every_rule_has_something_that_breaks_it() -> None:
    assert {rule for rule, _, _ in SPOILED} == set(RULES)


class TestReadability:
    def test_counts_words_and_sentences_as_a_person_would(self) -> None:
        assert words("A co-operative's 1,100 euros.") == ["A", "co-operative's", "euros"]
        assert sentences("It rose by 1.5 %. Did it? “Yes.” ") == 3
        assert sentences("no stop at all") == 1

    def test_gives_the_published_formulas(self) -> None:
        """By hand: 8 words, 31 letters, 2 sentences; 1 word of more than six letters."""
        text = "We met them in the street. They laughed."
        assert coleman_liau(text) == pytest.approx(0.0588 * 387.5 - 0.296 * 25 - 15.8)
        assert lix(text) == pytest.approx(8 / 2 + 100 * 1 / 8)

    def test_tells_plain_from_long_winded(self) -> None:
        assert coleman_liau("We pay the rent. They mend the roof.") < 2
        assert coleman_liau(LONG_WINDED) > 20
        assert lix("Pagamos la renta. Arreglan el techo.") < 45 < lix(FARRAGOSO)


class TestTheLoader:
    def test_reads_the_edition_without_a_problem(self) -> None:
        edition = edition_file.read(TEXT)

        assert (edition.slug, edition.language) == ("commons-first-2026", "en")
        assert (edition.licence, edition.threshold) == ("CC-BY-SA-4.0", 60)
        assert [one.slug for one in edition.criteria] == list(criteria(EDITION))

    def test_finds_the_edition_small_enough_to_count_exactly(self) -> None:
        assert edition_rules.exactness(edition_file.read(TEXT)) == []

    def test_gives_back_what_it_has_written(self) -> None:
        edition = edition_file.read(TEXT)

        assert edition_file.read(edition_file.write(edition)) == edition
