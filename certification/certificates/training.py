"""Issue certificates of training to people customers named, find them, say whether they stand, print them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.certificates.domain import new_number, possible_numbers, shown_number
from certification.certificates.errors import NobodyFinished
from certification.certificates.printing import name_size
from certification.certificates.short_numbers import new_short_number, read_short_number
from certification.models import TrainingCertificate
from courses.enums import SessionState
from courses.models import Nominee, NomineeCredit, NomineeTimes, TrainingRequest
from courses.nominations.permissions import can_arrange, requests_for
from portal.access import audit
from portal.exchange import qr
from portal.exchange.pdf import Printed, render_pdf
from portal.models import Person, PortalSettings
from portal.registry.training_papers import PaperLink

# Percent of the minutes of every module that must have been attended.
ENOUGH = 90
LONGEST = 400
_READ = ("nominee__request__organisation", "times")


def training_papers(request: Any, reader: Any) -> PaperLink | None:
    """Return the page of a request's certificates, once somebody was there (see portal.registry.training_papers)."""
    if request.session_id is None or not NomineeTimes.objects.filter(nominee__request=request).exists():
        return None
    return PaperLink(_("Certificates of training"), reverse("certification:training_certificates", args=[request.pk]))


def readable_request(reader: Any, pk: int) -> TrainingRequest | None:
    """Return the training request if ``reader`` may read it."""
    return requests_for(reader).select_related("organisation", "session__trainer").filter(pk=pk).first()


def attended_enough(request: TrainingRequest) -> list[tuple[Nominee, NomineeTimes | None]]:
    """Return the named people in the order of the list; with the last times that hold where they attended their hours.

    With several meetings, the hours of all of them count.
    """
    session = request.session
    if session is None:
        return []
    wanted = {part.module_id: part.minutes for part in session.parts.all()}
    named = Nominee.objects.of_session(session)
    return [(nominee, _enough(nominee, wanted)) for nominee in named]


def _enough(nominee: Nominee, wanted: dict[int, int]) -> NomineeTimes | None:
    presences = nominee.presences
    done = _minutes_of(presences)
    share_is_met = all(done[module] * 100 >= minutes * ENOUGH for module, minutes in wanted.items())
    return presences[-1] if done and share_is_met else None


def _credits_of(presences: Sequence[NomineeTimes]) -> list[NomineeCredit]:
    return [credit for times in presences for credit in times.credits.all()]


def _modules_of(credits: Sequence[NomineeCredit]) -> list[dict[str, Any]]:
    """Return the modules with the minutes of all meetings."""
    found: dict[str, dict[str, Any]] = {}
    for credit in credits:
        facts = {"code": credit.module.code, "title": credit.module.title, "minutes": 0}
        found.setdefault(credit.module.code, facts)["minutes"] += credit.minutes
    return list(found.values())


@transaction.atomic
def issue_training_certificates(request: TrainingRequest, *, by: Person) -> list[TrainingCertificate]:
    """Issue what was not issued yet to everybody who attended their hours; return what is new.

    Raises:
        NobodyFinished: the session is not closed, or nobody attended their hours.
    """
    request = TrainingRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if request.session is None or request.session.state != SessionState.CLOSED:
        raise NobodyFinished
    finished = [(nominee, times) for nominee, times in attended_enough(request) if times is not None]
    if not finished:
        raise NobodyFinished
    known = set(
        TrainingCertificate.objects.filter(times__in=[times for _nominee, times in finished]).values_list(
            "times", flat=True
        )
    )
    made = [_issue(request, nominee, times, by) for nominee, times in finished if times.pk not in known]
    if made:
        names = [each.name for each in made]
        audit.record("certification.training_certificates_issued", request, actor=by, names=names)
    return made


def _issue(request: TrainingRequest, nominee: Nominee, times: NomineeTimes, by: Person) -> TrainingCertificate:
    session: Any = request.session
    credits = _credits_of(nominee.presences)
    prefix = PortalSettings.load().certificate_prefix or "SG"
    return TrainingCertificate.objects.create(
        number=new_number(prefix, timezone.localdate().year),
        short_number=new_short_number(),
        times=times,
        nominee=nominee,
        name=nominee.name,
        organisation=request.organisation.name,
        title=session.title,
        place=session.place,
        trainer=session.trainer.name if session.trainer else "",
        modules=_modules_of(credits),
        minutes=sum(each.minutes for each in credits),
        started_on=timezone.localdate(nominee.presences[0].came_at),
        ended_on=timezone.localdate(times.went_at),
        issued_by=by,
    )


def find_training_certificate(number: str) -> TrainingCertificate | None:
    """Return the certificate of training with this number, long or short, however it was typed."""
    short = read_short_number(shown_number(number[:LONGEST]))
    found = TrainingCertificate.objects.select_related(*_READ).prefetch_related(
        "nominee__times__meeting", "nominee__times__credits"
    )
    if short is not None:
        return found.filter(short_number=short).first()
    return found.filter(number__in=possible_numbers(number[:LONGEST])).first()


def stands(certificate: TrainingCertificate) -> bool:
    """Whether what it prints is still credited, module by module: a correction of any meeting's sheet makes it void."""
    nominee = certificate.nominee
    held = nominee.presences
    if not held or held[-1].pk != certificate.times_id:
        return False
    # Modules are compared as records: one that was given another code since is still the one that is printed.
    now = _minutes_of(held)
    return now == _minutes_of(nominee.presences_known(certificate.issued_at)) and now.total() == certificate.minutes


def _minutes_of(presences: Sequence[NomineeTimes]) -> Counter[int]:
    done: Counter[int] = Counter()
    for credit in _credits_of(presences):
        done[credit.module_id] += credit.minutes
    return done


def certificates_of(request: TrainingRequest) -> list[TrainingCertificate]:
    """Return the certificates of a request that stand, in the order of the list."""
    found = TrainingCertificate.objects.filter(nominee__request=request).select_related(*_READ)
    ordered = found.prefetch_related("nominee__times__meeting", "nominee__times__credits").order_by(
        "nominee__number", "pk"
    )
    return [each for each in ordered if stands(each)]


def may_issue(reader: Any, request: TrainingRequest) -> bool:
    """Whether ``reader`` may issue: who arranges the customer's training."""
    return can_arrange(reader, request)


def training_certificates_pdf(certificates: Sequence[TrainingCertificate]) -> Printed:
    """Return the certificates of training, a page each, A4 landscape."""
    papers = []
    for each in certificates:
        address = settings.PUBLIC_URL + reverse("verify:certificate", args=[each.number])
        shown = {"name_size": name_size(each.name), "address": address, "qr": qr.png_data_uri(address)}
        papers.append({"certificate": each, **shown})
    return render_pdf("certification/certificates/print/training_certificate.html", {"papers": papers}, optimize=False)
