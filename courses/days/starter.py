"""Holidays and working days every installation begins with: those of China, as the State Council announced them.

2026: notice 国办发明电〔2025〕7号 of 4 November 2025. A year whose notice is not out is not guessed at; it is
imported or entered when it is. What was loaded once is never loaded again, whatever administrators did to it.
"""

import datetime as dt

from courses.days.queries import special_days
from courses.enums import DayKind
from courses.models import SpecialDay

LIST = "holidays_cn_2026"
# Holiday, first and last day off, and the weekend days worked for it; month and day.
CHINA_2026 = (
    ("元旦", (1, 1), (1, 3), ((1, 4),)),
    ("春节", (2, 15), (2, 23), ((2, 14), (2, 28))),
    ("清明节", (4, 4), (4, 6), ()),
    ("劳动节", (5, 1), (5, 5), ((5, 9),)),
    ("端午节", (6, 19), (6, 21), ()),
    ("中秋节", (9, 25), (9, 27), ()),
    ("国庆节", (10, 1), (10, 7), ((9, 20), (10, 10))),
)


def load_holidays() -> int:
    """Add the days of 2026 that are not on record; return how many."""
    known = special_days(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    made = []
    for name, first, last, worked in CHINA_2026:
        begin, length = dt.date(2026, *first), (dt.date(2026, *last) - dt.date(2026, *first)).days + 1
        off = [begin + dt.timedelta(days=each) for each in range(length)]
        made += [SpecialDay(day=day, kind=DayKind.HOLIDAY, name=name) for day in off]
        made += [SpecialDay(day=dt.date(2026, *day), kind=DayKind.WORKING, name=name) for day in worked]
    return len(SpecialDay.objects.bulk_create(special for special in made if special.day not in known))
