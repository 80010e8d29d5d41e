"""The tables of criteria, assessments, sheets and results."""

from assessments.models.assessment import Answer, Assessment, Requirement
from assessments.models.criteria import Criterion, Dimension, Edition, Level
from assessments.models.results import MatchResult
from assessments.models.sheet import Revision, Sheet

__all__ = [
    "Answer",
    "Assessment",
    "Criterion",
    "Dimension",
    "Edition",
    "Level",
    "MatchResult",
    "Requirement",
    "Revision",
    "Sheet",
]
