"""From SPDX licence expressions to one licence class."""

import re

from .criteria import LICENCE_LEVELS

LicenceClasses = dict[str, list[str]]


def matches(identifier: str, pattern: str) -> bool:
    """Whether an identifier fits a pattern, where * stands for any text."""
    parts = [re.escape(part) for part in pattern.split("*")]
    return re.fullmatch(".*".join(parts), identifier) is not None


def class_of_licence(identifier: str, licence_classes: LicenceClasses) -> int:
    """The position of the class of the first pattern that matches one licence."""
    bare = identifier.removesuffix("+")
    for name, patterns in licence_classes.items():
        for pattern in patterns:
            if matches(bare, pattern):
                return LICENCE_LEVELS.index(name)
    raise ValueError(f"no licence class for {identifier!r}")


def least(classes: list[int], credits: list[int]) -> int:
    """The class of least credit, of equals the earlier: what AND gives."""
    return min(classes, key=lambda position: (credits[position], position))


def greatest(classes: list[int], credits: list[int]) -> int:
    """The class of greatest credit, of equals the later: what OR gives."""
    return max(classes, key=lambda position: (credits[position], position))


def split(tokens: list[str], operator: str) -> list[list[str]]:
    """The operands of an operator that stands outside all parentheses."""
    operands: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == operator and depth == 0:
            operands.append([])
        else:
            operands[-1].append(token)
    return operands


def class_of_tokens(tokens: list[str], licence_classes: LicenceClasses, credits: list[int]) -> int:
    """The position of the class of an expression that is already cut into tokens."""
    # OR is split off first, because AND binds before it.
    for operator, choose in (("OR", greatest), ("AND", least)):
        operands = split(tokens, operator)
        if len(operands) > 1:
            classes = [class_of_tokens(part, licence_classes, credits) for part in operands]
            return choose(classes, credits)
    if len(tokens) >= 3 and tokens[0] == "(" and tokens[-1] == ")":
        return class_of_tokens(tokens[1:-1], licence_classes, credits)
    if len(tokens) == 3 and tokens[1] == "WITH":
        return class_of_licence(tokens[0], licence_classes)
    if len(tokens) == 1:
        return class_of_licence(tokens[0], licence_classes)
    raise ValueError(f"not a licence expression: {' '.join(tokens)!r}")


def class_of_expression(
    expression: str, licence_classes: LicenceClasses, credits: list[int]
) -> int:
    """The position of the class of one SPDX expression."""
    tokens = re.findall(r"[()]|[^\s()]+", expression)
    return class_of_tokens(tokens, licence_classes, credits)


def class_of_expressions(
    expressions: list[str], licence_classes: LicenceClasses, credits: list[int]
) -> int:
    """The position of the class of several expressions, which count as AND."""
    classes = [class_of_expression(one, licence_classes, credits) for one in expressions]
    return least(classes, credits)
