"""The tables of criteria, assessments, sheets and results."""

from assessments.models.assessment import Answer, Assessment, Requirement
from assessments.models.contact import Ask
from assessments.models.criteria import Criterion, Dimension, Edition, Level
from assessments.models.editing import AnswerEdit, Publication, Withdrawal
from assessments.models.results import MatchResult
from assessments.models.sheet import Revision, Sheet

__all__ = [
    "Answer",
    "AnswerEdit",
    "Ask",
    "Assessment",
    "Criterion",
    "Dimension",
    "Edition",
    "Level",
    "MatchResult",
    "Publication",
    "Requirement",
    "Revision",
    "Sheet",
    "Withdrawal",
]
