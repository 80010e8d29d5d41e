"""From licence expressions to one class, and what is said of an expression that cannot be read."""

from __future__ import annotations

import pytest

from assessments.scoring import licences
from assessments.scoring.licences import CLASSES, classify
from tests.scoring.builders import cases

FLAT_TOP = (0, 20, 100, 100, 100)
TURNED = (100, 80, 60, 20, 0)
COPYLEFT, PERMISSIVE, RESTRICTED = "GPL-3.0-only", "MIT", "CC-BY-NC-4.0"


@cases(
    "expression expected",
    ("all rights reserved has a name of its own", "LicenseRef-proprietary", "proprietary"),
    ("no commercial use holds back", "CC-BY-NC-4.0", "restricted"),
    ("NC is tried before SA", "CC-BY-NC-SA-4.0", "restricted"),
    ("no derivatives holds back", "CC-BY-ND-4.0", "restricted"),
    ("source available is not open", "SSPL-1.0", "restricted"),
    ("BUSL is not BSL", "BUSL-1.1", "restricted"),
    ("BSL is not BUSL", "BSL-1.0", "permissive"),
    ("open to co-operatives", "PPL", "reciprocity"),
    ("a pattern with a LicenseRef", "LicenseRef-CoopCycle-2.0", "reciprocity"),
    ("strong copyleft", "AGPL-3.0-or-later", "copyleft"),
    ("share alike", "CC-BY-SA-4.0", "copyleft"),
    ("open data, kept open", "ODbL-1.0", "copyleft"),
    ("one of the BSD family keeps open, and is tried first", "BSD-Protection", "copyleft"),
    ("the rest of the family does not", "BSD-3-Clause", "permissive"),
    ("Artistic 1.0 keeps open", "Artistic-1.0-Perl", "copyleft"),
    ("Artistic 2.0 does not", "Artistic-2.0", "permissive"),
    ("CECILL-2 keeps open", "CECILL-2.1", "copyleft"),
    ("CECILL-B does not", "CECILL-B", "permissive"),
    ("attribution only", "CC-BY-4.0", "permissive"),
    ("nothing asked", "CC0-1.0", "permissive"),
    ("a final + is taken off: an exact pattern", "ISC+", "permissive"),
    ("a final + is taken off: a pattern with *", "GPL-2.0+", "copyleft"),
)
def test_an_identifier_has_the_class_of_the_first_pattern(expression: str, expected: str) -> None:
    assert CLASSES[licences.class_of(expression)] == expected
    assert CLASSES[classify([expression])] == expected


@cases(
    "expression expected",
    ("OR takes the greatest", "MIT OR GPL-3.0-only", "copyleft"),
    ("OR, the other way round", "GPL-3.0-only OR MIT", "copyleft"),
    ("AND takes the least", "MIT AND GPL-3.0-only", "permissive"),
    ("AND, the other way round", "GPL-3.0-only AND MIT", "permissive"),
    ("three parts of an OR", "CC-BY-NC-4.0 OR GPL-3.0-only OR MIT", "copyleft"),
    ("three parts of an AND", "GPL-3.0-only AND CC-BY-NC-4.0 AND MIT", "restricted"),
    ("AND before OR, on the right", "GPL-3.0-only OR MIT AND CC-BY-NC-4.0", "copyleft"),
    ("AND before OR, on the left", "CC-BY-NC-4.0 AND MIT OR GPL-3.0-only", "copyleft"),
    ("brackets before AND", "(GPL-3.0-only OR MIT) AND CC-BY-NC-4.0", "restricted"),
    ("brackets in brackets", "((MIT)) AND (GPL-3.0-only OR (ISC AND PPL))", "permissive"),
    ("brackets need no blanks", "(MIT)OR(GPL-3.0-only)", "copyleft"),
    ("blanks around it mean nothing", "  MIT  ", "permissive"),
    ("a line may break", "MIT\n OR GPL-3.0-only", "copyleft"),
    (
        "WITH has the class of its licence",
        "GPL-2.0-or-later WITH Classpath-exception-2.0",
        "copyleft",
    ),
    ("WITH, permissive", "Apache-2.0 WITH LLVM-exception", "permissive"),
    ("WITH after a +", "GPL-2.0+ WITH Classpath-exception-2.0", "copyleft"),
    (
        "WITH before AND and OR",
        "CC-BY-NC-4.0 OR GPL-2.0+ WITH Classpath-exception-2.0 AND MIT",
        "permissive",
    ),
)
def test_an_expression_has_one_class(expression: str, expected: str) -> None:
    assert licences.check(expression) is None
    assert CLASSES[classify([expression])] == expected


@cases(
    "expressions expected",
    ("one enclosed work is one but", [COPYLEFT, RESTRICTED, PERMISSIVE], "restricted"),
    ("the order says nothing", [RESTRICTED, PERMISSIVE, COPYLEFT], "restricted"),
    ("an OR helps its own expression only", [f"{COPYLEFT} OR {PERMISSIVE}", "ISC"], "permissive"),
    ("all kept open", [COPYLEFT, "CC-BY-SA-4.0"], "copyleft"),
)
def test_several_expressions_count_as_and(expressions: list[str], expected: str) -> None:
    assert CLASSES[classify(expressions)] == expected


@cases(
    "expression credits expected",
    ("OR: of equals the later class", "GPL-3.0-only OR MIT OR PPL", FLAT_TOP, "copyleft"),
    ("OR: of equals the later class, again", "MIT OR PPL", FLAT_TOP, "reciprocity"),
    ("AND: of equals the earlier class", "GPL-3.0-only AND MIT AND PPL", FLAT_TOP, "permissive"),
    ("AND: of equals the earlier class, again", "GPL-3.0-only AND PPL", FLAT_TOP, "reciprocity"),
    ("OR: credit decides, not the class", "GPL-3.0-only OR MIT", TURNED, "permissive"),
    ("AND: credit decides, not the class", "GPL-3.0-only AND MIT", TURNED, "copyleft"),
    ("no credits given: those of the model", "GPL-3.0-only AND MIT", (None,) * 5, "permissive"),
)
def test_the_credits_of_the_criterion_decide(
    expression: str, credits: tuple[int | None, ...], expected: str
) -> None:
    assert CLASSES[classify([expression], credits)] == expected


@cases(
    "expression said",
    ("nothing", "", "empty"),
    ("blanks only", "  ", "empty"),
    ("lower-case or", "MIT or ISC", "in upper case"),
    ("lower-case and", "MIT and ISC", "in upper case"),
    ("lower-case with", "GPL-2.0-only with Classpath-exception-2.0", "in upper case"),
    ("a wrong case has a remedy", "mit", "Write it as MIT."),
    ("a wrong case with +", "gpl-3.0-ONLY+", "Write it as GPL-3.0-only."),
    ("a name is no identifier", "GNU", "LicenseRef-proprietary for all rights reserved"),
    ("an unknown identifier", "Nothing-1.0", "no licence identifier that we know"),
    ("an unknown identifier beside a good one", "MIT OR Nothing-1.0", "“Nothing-1.0”"),
    ("an exception alone is no licence", "Classpath-exception-2.0", "no licence identifier"),
    ("one + only", "GPL-2.0++", "“+” cannot stand"),
    ("+ stands at its identifier", "GPL-2.0 +", "“+” cannot stand"),
    ("a slash", "MIT/ISC", "“/ISC” cannot stand"),
    ("a comma", "MIT, ISC", "“, ISC” cannot stand"),
    ("no operator", "MIT ISC", "goes on with “ISC”"),
    ("nothing after OR", "MIT OR", "ends where a licence should follow"),
    ("nothing after AND", "MIT AND", "ends where a licence should follow"),
    ("nothing before OR", "OR MIT", "has “OR” where a licence should stand"),
    ("two operators", "MIT OR AND ISC", "has “AND” where a licence should stand"),
    ("empty brackets", "()", "has “)” where a licence should stand"),
    ("not closed", "(MIT OR ISC", "a bracket that is not closed"),
    ("closed too often", "MIT)", "goes on with “)”"),
    ("nothing after WITH", "MIT WITH", "“nothing” after WITH"),
    ("no exception of the list", "GPL-2.0-only WITH Nothing-exception", "“Nothing-exception”"),
    ("a licence is no exception", "GPL-2.0-only WITH MIT", "“MIT” after WITH"),
    (
        "an old identifier of a licence with its exception is no exception",
        "GPL-2.0-only WITH GPL-2.0-with-classpath-exception",
        "after WITH is no exception",
    ),
    ("the same, of another family", "GPL-2.0-only WITH eCos-2.0", "after WITH is no exception"),
    (
        "brackets take no exception",
        "(MIT OR ISC) WITH Classpath-exception-2.0",
        "goes on with “WITH”",
    ),
    ("brackets without end", "(" * 51 + "MIT" + ")" * 51, "more than 50 brackets"),
)
def test_what_cannot_be_read_is_refused_with_a_remedy(expression: str, said: str) -> None:
    message = licences.check(expression)
    assert message is not None
    assert said in message
    with pytest.raises(licences.NotALicence) as refusal:
        classify([expression])
    assert str(refusal.value) == message


def test_fifty_brackets_may_stand_in_each_other_and_any_number_side_by_side() -> None:
    assert licences.check("(" * 50 + "MIT" + ")" * 50) is None
    assert licences.check(" AND ".join(["(MIT)"] * 51)) is None


def test_no_expression_at_all_has_no_class() -> None:
    with pytest.raises(ValueError, match="no licence expression"):
        classify([])


def test_every_class_has_patterns_and_they_are_tried_in_the_order_of_the_file() -> None:
    assert {position for _, position in licences.patterns()} == set(range(len(CLASSES)))
    names = [pattern for pattern, _ in licences.patterns()]
    assert names.index("BSD-Protection") < names.index("BSD-*")
