"""The Real-O-Mat's positions as an edition and organisations in our own formats.

Twenty theses and three answers without an order become exact-similarity criteria, and seven
parliamentary groups become organisations. The data is not ours to carry along: see `real_data`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

EDITION_SLUG = "real-o-mat-2025"
LEVELS = {"richtig": "richtig", "zu weit": "zu-weit", "nicht weit genug": "nicht-weit-genug"}
NO_POSITION = "/"

Theses = list[dict[str, Any]]


def read(folder: Path) -> Theses:
    """The theses with the answers of all groups."""
    text = (folder / "real-o-mat-2025" / "real-o-mat.json").read_text(encoding="utf-8")
    theses: Theses = json.loads(text)["data"]
    return theses


def edition(theses: Theses) -> str:
    """The theses as an edition: each a question whose answers are alike or not."""
    categories = dict.fromkeys(thesis["category"] for thesis in theses)
    slugs = {category: f"d{number}" for number, category in enumerate(categories, start=1)}
    return tomli_w.dumps(
        {
            "edition": {"slug": EDITION_SLUG, "title": "Real-O-Mat 2025", "language": "de"},
            "dimensions": {slug: {"title": category} for category, slug in slugs.items()},
            "criteria": {
                thesis["id"]: {
                    "dimension": slugs[thesis["category"]],
                    "question": thesis["thesis"].strip(),
                    "kind": "choice",
                    "role": "similarity",
                    "agreement": "exact",
                    "levels": [{"slug": slug, "text": word} for word, slug in LEVELS.items()],
                }
                for thesis in theses
            },
        }
    )


def positions(theses: Theses) -> dict[str, dict[str, str]]:
    """What each group answers, by group and thesis, in the words of the file."""
    found: dict[str, dict[str, str]] = {}
    for thesis in theses:
        for answer in thesis["answers"]:
            found.setdefault(answer["party"], {})[thesis["id"]] = answer["answer"]
    return found


def answered(position: str) -> dict[str, Any]:
    """One position as an answer; none that can be counted is an explicit “we don't know”."""
    return {"unknown": True} if position == NO_POSITION else {"level": LEVELS[position]}


def groups(theses: Theses) -> list[dict[str, Any]]:
    """The parliamentary groups as organisations; they ask nothing of their own."""
    return [
        {
            "slug": group,
            "name": group,
            "answers": {thesis: answered(position) for thesis, position in said.items()},
        }
        for group, said in positions(theses).items()
    ]


def visitor(slug: str, weights: Mapping[str, int], said: Mapping[str, str]) -> dict[str, Any]:
    """Somebody who has answered the theses, as an organisation.

    `weights` are 1, 2 for a thesis that counts double, and 0 for one that is skipped.
    """
    return {
        "slug": slug,
        "name": slug,
        "answers": {thesis: answered(position) for thesis, position in said.items()},
        "requirements": {
            "criteria": {thesis: {"importance": weight} for thesis, weight in weights.items()}
        },
    }


def document(*organisations: dict[str, Any]) -> str:
    """A file of organisations under that edition."""
    return json.dumps({"edition": EDITION_SLUG, "organisations": organisations})
