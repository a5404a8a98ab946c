"""Check that a bank holds at least twice the questions a quiz shows, so that a re-sit differs."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from certification.models import DrawRule, QuestionVersion, Quiz
from certification.quizzes.drawing import fits, pool_of

# Questions to draw from for each one shown.
BREADTH = 2


@dataclass(frozen=True)
class NarrowRule:
    """A draw rule with too little to draw from.

    Args:
        number: place of the rule, counted from 1.
        available: questions left for it once the rules before it have theirs; no question counts twice.
        needed: questions it should have.
    """

    number: int
    rule: DrawRule
    available: int
    needed: int

    @property
    def message(self) -> str:
        """The rule, its numbers and what follows, for the quiz's editor."""
        facts = {
            "number": self.number,
            "rule": _conditions(self.rule),
            "count": self.rule.count,
            "available": self.available,
            "needed": self.needed,
        }
        return (
            _(
                "Draw rule %(number)s (%(rule)s) shows %(count)s questions and the bank has %(available)s for it, "
                "%(needed)s are needed: a re-sit would be nearly the same paper. Add questions or draw fewer."
            )
            % facts
        )


def narrow_rules(quiz: Quiz) -> list[NarrowRule]:
    """Return the draw rules that have less than twice as many questions as they show, in order.

    Only current versions of questions that are drawn count, each for one rule. Which rule a question counts for is
    arranged so that as many rules as possible have enough; where that fails, later rules go short.
    """
    pool = list(pool_of(quiz))
    rules = sorted(quiz.draw_rules.all(), key=lambda rule: (rule.order, rule.pk or 0))
    available = _share_out(pool, rules)
    return [
        NarrowRule(number, rule, available[number - 1], rule.count * BREADTH)
        for number, rule in enumerate(rules, start=1)
        if available[number - 1] < rule.count * BREADTH
    ]


def _share_out(pool: list[QuestionVersion], rules: list[DrawRule]) -> list[int]:
    """Return how many questions each rule gets, at most what it needs: a matching by augmenting paths."""
    fitting = [[at for at, version in enumerate(pool) if fits(rule, version)] for rule in rules]
    owner: dict[int, int] = {}

    def take(rule: int, tried: set[int]) -> bool:
        """Give ``rule`` one question more, moving questions of other rules where that helps."""
        tried.add(rule)
        free = next((question for question in fitting[rule] if question not in owner), None)
        if free is not None:
            owner[free] = rule
            return True
        for question in fitting[rule]:
            holder = owner[question]
            if holder not in tried and take(holder, tried):
                owner[question] = rule
                return True
        return False

    available = [0] * len(rules)
    for number, rule in enumerate(rules):
        while available[number] < rule.count * BREADTH and take(number, set()):
            available[number] += 1
    return available


def _conditions(rule: DrawRule) -> str:
    """Write what a rule draws."""
    parts = [str(rule.topic)] if rule.topic_id else []
    if rule.difficulty is not None:
        parts.append(_("difficulty %(number)s") % {"number": rule.difficulty})
    if rule.only_safety:
        parts.append(_("about safety"))
    return "、".join(parts) or _("any question")
