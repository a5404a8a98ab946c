"""Time of printing certificates: one PDF for a list against one after the other.

    python -m tests.bench.bench_certificates [COUNT]

Makes COUNT certificates (100) in a database in memory, that vanishes with it.
"""

import sys
import time
from collections.abc import Callable

from tests.bench.database import in_memory

in_memory()

from certification.certificates.printing import certificates_pdf, work_cards_pdf  # noqa: E402
from certification.models import Certificate  # noqa: E402
from tests.factories.certification import certificate_for, full_scheme  # noqa: E402
from tests.factories.portal import PersonFactory  # noqa: E402

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"


def certificates() -> list[Certificate]:
    """Make the certificates: five schemes, names of two and three characters."""
    schemes = [full_scheme(name=f"设备{number}维修上岗资格") for number in range(5)]
    people = [
        PersonFactory(name=SURNAMES[n % 20] + GIVEN[n // 20 % 20] + GIVEN[(n * 7) % 20] * (n % 3 > 0))
        for n in range(COUNT)
    ]
    return [certificate_for(person, schemes[n % 5]) for n, person in enumerate(people)]


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds ``work`` takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Print the table."""
    made = certificates()
    certificates_pdf(made[:1])  # fonts and style sheets are read once a process
    print(f"{'paper':<14}{'one by one':>12}{'one PDF':>10}{'share':>8}   ({COUNT} papers, CPU seconds)")
    for name, make in (("certificate", certificates_pdf), ("work card", work_cards_pdf)):
        single = seconds(lambda make=make: [make([each]) for each in made])
        together = seconds(lambda make=make: make(made))
        print(f"{name:<14}{single:>12.1f}{together:>10.1f}{together / single:>8.2f}")


if __name__ == "__main__":
    main()
