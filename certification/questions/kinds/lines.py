"""Numbers and shares as texts, the way kinds keep them in JSON."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from certification.questions.kinds.typing import plain

LARGEST = Decimal("1e30")


def decimal_of(text: str) -> Decimal:
    """Return a number written as text, full-width digits too.

    Raises:
        InvalidOperation: it is no number, or none that is ever measured.
    """
    number = Decimal(plain(str(text)))
    if not number.is_finite() or abs(number) > LARGEST:
        raise InvalidOperation
    return number


def share_of(percent: str) -> Fraction:
    """Return a percentage written as text as a share.

    Raises:
        InvalidOperation: it is no number.
        ValueError: it is not between 0 and 100.
    """
    share = Fraction(decimal_of(percent)) / 100
    if not 0 <= share <= 1:
        raise ValueError(percent)
    return share


def percent_text(percent: str) -> str:
    """Return a percentage with its sign, without needless zeros."""
    return f"{decimal_of(percent).normalize():f}%"
