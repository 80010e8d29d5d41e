"""The examples of model.md, section 6, made whole: an edition and organisations under it."""

from __future__ import annotations

from functools import cache

from assessments.catalogue import edition_file
from assessments.scoring import terms

EDITION = """\
[edition]
slug = "commons-first"
title = "Commons first"
language = "en"
threshold = 60
description = "What we ask of each other."
licence = "CC-BY-SA-4.0"

[dimensions.commons]
title = "Commons stewardship"
question = "What do you keep open for others?"

[dimensions.democracy]
title = "Democracy"

[criteria.commons-rules]
dimension = "commons"
question = "Are the rules of your main commons written and public?"
why = "Rules that one can read can be kept."
example = "A page with the rules."
counter_example = "Everybody knows them."
shows = "A link to the rules."
source = "Ostrom 1990"
reason = "Without rules, no commons."
kind = "practice"
texts = {yes = "They are public.", no = "They are not."}
facet = "form"
principles = [7]
role = "standard"
importance = 3
must_reach = "yes"
headline = false
core = true
evidence = "required"
allow_na = false
na_meets = false
meaning = 1

[criteria.decisions]
dimension = "democracy"
question = "How do members decide?"
kind = "choice"
role = "similarity"
agreement = "ordered"
levels = [ {slug = "vote", text = "Majority vote"}, {slug = "consent", text = "Consent"} ]

[criteria.release-delay]
dimension = "commons"
question = "How long do you wait before you publish?"
kind = "choice"
must_reach = "soon"
levels = [
  {slug = "never", credit = 0},
  {slug = "soon", credit = 80, text = "Within three months"},
  {slug = "at-once", credit = 100},
]

[criteria.solidarity-outflow]
dimension = "commons"
question = "What share of the surplus goes to others?"
kind = "share"
unit = "%"
bands = [
  {from = 0, credit = 0}, {from = 0.01, credit = 30}, {from = 3, credit = 60},
  {from = 10, credit = 100, text = "A tenth"},
]

[criteria.licences-out]
dimension = "commons"
question = "Under which licences do you publish?"
kind = "licences"
credits = {proprietary = 0, restricted = 20, permissive = 60, reciprocity = 80, copyleft = 100}

[criteria.loss-sharing]
dimension = "democracy"
question = "Are losses put on those who work?"
kind = "practice"
reversed = true
must_reach = "no"
headline = true
allow_na = true
na_meets = true

[criteria.exchange]
dimension = "commons"
question = "What do you offer, and what do you need?"
kind = "offers"

[translations.es.edition]
title = "Primero el común"

[translations.es.dimensions.commons]
title = "Cuidado del común"

[translations.es.criteria.commons-rules]
question = "¿Están escritas y publicadas las reglas?"
texts = {yes = "Son públicas."}

[translations.es.criteria.decisions]
levels = {vote = "Voto de la mayoría"}

[translations.es.criteria.solidarity-outflow]
bands = {"from-0.01" = "Algo", from-10 = "Un diezmo"}
"""

ORGANISATIONS = """\
{"edition": "commons-first",
 "organisations": [
   {"slug": "alder", "name": "Alder", "country": "GB", "place": "Leeds",
    "latitude": 53.8, "longitude": -1.55, "website": "https://alder.example",
    "summary": "We host.", "sectors": ["hosting"], "legal_form": "CIC", "size_class": "2-9",
    "languages": ["en"],
    "answers": {
      "commons-rules": {"level": "yes", "reservation": "not all of them",
                        "evidence": ["https://alder.example/rules"], "note": "Since 2019."},
      "decisions": {"level": "consent"},
      "solidarity-outflow": {"value": 4.5},
      "licences-out": {"licences": ["AGPL-3.0-or-later", "CC-BY-SA-4.0"]},
      "loss-sharing": {"na": "no loss since 2015"},
      "exchange": {"offers": ["web hosting"], "needs": ["legal advice"]}},
    "requirements": {"threshold": 70,
                     "criteria": {"decisions": {"importance": 4, "must_reach": "same"},
                                  "commons-rules": {"importance": 0, "must_reach": null}}}},
   {"slug": "birch", "name": "Birch",
    "answers": {"decisions": {"level": "vote", "withheld": true},
                "release-delay": {"unknown": true}}},
   {"slug": "cedar", "name": "Cedar"}]}
"""


@cache
def edition() -> terms.Edition:
    """The edition of the example, read."""
    return edition_file.read(EDITION)
