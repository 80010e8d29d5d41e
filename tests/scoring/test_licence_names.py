"""Licences as people name them: taken where they can mean one thing, guessed where several."""

from __future__ import annotations

import pytest

from assessments.scoring import licences
from assessments.scoring.licence_names import IN_PLAIN_WORDS, as_known, meant

SURE = [
    ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
    ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
    ("Creative Commons BY-SA 4.0", "CC-BY-SA-4.0"),
    ("Creative Commons Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0"),
    ("Creative Commons Attribution-NonCommercial-NoDerivatives 4.0", "CC-BY-NC-ND-4.0"),
    ("creative commons, share alike, 3", "CC-BY-SA-3.0"),
    ("CC0", "CC0-1.0"),
    ("CC Zero 1.0", "CC0-1.0"),
    ("MIT License", "MIT"),
    ("GPL v3 or later", "GPL-3.0-or-later"),
    ("GNU General Public License v2.0 only", "GPL-2.0-only"),
    ("GNU Affero General Public License version 3 or later", "AGPL-3.0-or-later"),
    ("AGPLv3+", "AGPL-3.0-or-later"),
    ("lgpl 2.1 or later", "LGPL-2.1-or-later"),
    ("Apache License, Version 2.0", "Apache-2.0"),
    ("EUPL 1.2", "EUPL-1.2"),
    ("All rights reserved", "LicenseRef-proprietary"),
    ("all rights reserved.", "LicenseRef-proprietary"),
    ("© Larkspur Bakery", "LicenseRef-proprietary"),
    ("Todos los derechos reservados", "LicenseRef-proprietary"),
    ("copyright", "LicenseRef-proprietary"),
    ("mit OR gpl-3.0-only", "MIT OR GPL-3.0-only"),
]
GUESSED = [
    ("CC BY-SA", "CC-BY-SA-4.0"),
    ("cc-by-sa", "CC-BY-SA-4.0"),
    ("by-sa", "CC-BY-SA-4.0"),
    ("Creative Commons, share alike", "CC-BY-SA-4.0"),
    ("creative commons by nc", "CC-BY-NC-4.0"),
    ("GPL", "GPL-3.0-or-later"),
    ("GPL-3 or so", "GPL-3.0-or-later"),
    ("Apache", "Apache-2.0"),
    ("BSD", "BSD-3-Clause"),
    ("Mozilla", "MPL-2.0"),
    ("public domain", "CC0-1.0"),
    ("peer production licence", "PPL"),
]
UNKNOWN = [
    "",
    "free",
    "open source",
    "Creative Commons",
    "cc",
    "by",
    "and",
    "with us",
    "4.0",
    "((",
    "é",
]


@pytest.mark.parametrize(("written", "identifier"), SURE)
def test_what_can_mean_one_thing_is_taken(written: str, identifier: str) -> None:
    assert as_known(written) == identifier
    assert licences.check(as_known(written)) is None


@pytest.mark.parametrize(("written", "identifier"), GUESSED)
def test_what_can_mean_several_is_only_guessed(written: str, identifier: str) -> None:
    assert licences.check(as_known(written)) is not None
    assert meant(written) == identifier
    assert licences.check(identifier) is None


@pytest.mark.parametrize("written", UNKNOWN)
def test_of_what_says_too_little_nothing_is_guessed(written: str) -> None:
    assert meant(written) == ""
    assert licences.check(as_known(written)) is not None


def test_what_is_right_stays_as_it_is() -> None:
    for identifier in licences.known_by_lower_case().values():
        assert as_known(identifier) == identifier


def test_every_licence_that_is_offered_is_one() -> None:
    for identifier, _ in IN_PLAIN_WORDS:
        assert licences.check(identifier) is None
