"""What would change an assessment: the smallest changes of facts that reach a higher level or leave this one, and what to ask next."""

from engine.counterfactual.change import Change, changes_words, grouped, with_fact
from engine.counterfactual.distance import Distance, distances, ways_out
from engine.counterfactual.question import Answer, Question, questions

__all__ = [
    "Answer",
    "Change",
    "Distance",
    "Question",
    "changes_words",
    "distances",
    "grouped",
    "questions",
    "ways_out",
    "with_fact",
]
