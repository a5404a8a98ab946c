"""Certificates: numbers nobody guesses, papers for those who may, verification for everybody."""

import contextlib
import datetime as dt
import io
import re
import zlib

import pytest
import structlog
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from certification import ledger
from certification.certificates.domain import ALPHABET, issue, new_number, normalise_number
from certification.certificates.editions import editions_taught
from certification.certificates.printing import (
    badges_pdf,
    card_sheets_pdf,
    certificates_pdf,
    facts_of,
    work_cards_pdf,
)
from certification.certificates.verification import verify
from certification.enums import PublicReason, Standing
from portal.models import AuditEvent
from tests.certification.conftest import NOON
from tests.factories.certification import ConditionFactory, certificate_for
from tests.factories.courses import ModuleTopicFactory
from tests.factories.kb import ManualEditionFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(network):
    return certificate_for(network["technician"], network["scheme"], days_ago=10)


def page_of(certificate):
    return reverse("verify:certificate", args=[certificate.number])


# --- numbers -----------------------------------------------------------------------------------------------------


def test_number_holds_more_than_128_random_bits():
    number = new_number("SG", 2026)
    secret = number.removeprefix("SG-2026-").replace("-", "")

    assert len(secret) * 5 >= 128
    assert set(secret) <= set(ALPHABET)
    assert len({new_number("SG", 2026) for _number in range(200)}) == 200


def test_number_is_found_however_it_is_typed():
    number = "SG-2026-0167-VLIO"

    for typed in ("sg-2026-0167-v110", " SG 2026 0l67 vIiO ", "SG－2026－0167－V110", "sg-2026-0167v110"):
        assert normalise_number(typed) == normalise_number(number) == "SG-2026-0167-V110"


def test_certificate_is_issued_once(certificate):
    assert issue(certificate.entry) == certificate


# --- papers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["technician", "manager", "administrator", "auditor"])
@pytest.mark.parametrize("paper", ["certificate_pdf", "work_card_pdf"])
def test_who_may_download(network, client_of, certificate, reader, paper):
    response = client_of(network[reader]).get(reverse(f"certification:{paper}", args=[certificate.number]))

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert "no-store" in response["Cache-Control"]
    assert AuditEvent.objects.filter(actor=network[reader], action__endswith="printed").exists()


@pytest.mark.parametrize("reader", ["colleague", "dispatcher", "trainer", "assessor", "customer", "stranger"])
@pytest.mark.parametrize("paper", ["certificate_pdf", "work_card_pdf"])
def test_for_everybody_else_it_does_not_exist(network, client_of, certificate, reader, paper):
    response = client_of(network[reader]).get(reverse(f"certification:{paper}", args=[certificate.number]))

    assert response.status_code == 404


def test_anonymous_downloads_nothing(client_of, certificate):
    url = reverse("certification:certificate_pdf", args=[certificate.number])

    assert client_of().get(url).status_code == 302


def test_a_name_no_typeface_has_is_printed_with_a_mark_and_said(network, client_of, certificate):
    network["technician"].name = "王𠀀"
    network["technician"].save()
    client = client_of(network["technician"])

    response = client.get(reverse("certification:certificate_pdf", args=[certificate.number]))

    assert response.status_code == 200
    assert "王 〔U+20000〕" in PdfReader(io.BytesIO(response.content)).pages[0].extract_text()
    assert len(PdfReader(io.BytesIO(response.content)).pages) == 1
    assert "𠀀 (U+20000)" in client.get(reverse("certification:mine")).content.decode()


@pytest.mark.parametrize("name", ["Michał Wójcik", "김철수", "𠮷田", "Ağaoğlu", "陈𡃁"])
@pytest.mark.parametrize("paper", ["certificate_pdf", "work_card_pdf"])
def test_names_of_many_scripts_are_printed_as_they_are(network, client_of, certificate, name, paper):
    network["technician"].name = name
    network["technician"].save()

    response = client_of(network["technician"]).get(reverse(f"certification:{paper}", args=[certificate.number]))

    assert name in PdfReader(io.BytesIO(response.content)).pages[0].extract_text()


@pytest.mark.parametrize("paper", ["certificate_pdf", "work_card_pdf"])
def test_what_was_taken_away_is_not_printed(network, client_of, certificate, paper):
    url = reverse(f"certification:{paper}", args=[certificate.number])
    ledger.suspend(network["technician"], network["scheme"], reason="x", act_key="s", by=None)
    suspended = client_of(network["technician"]).get(url)
    ledger.revoke(network["technician"], network["scheme"], reason="x", act_key="r", by=None)
    revoked = client_of(network["manager"]).get(url)

    assert (suspended.status_code, revoked.status_code) == (409, 409)
    assert "不予打印" in suspended.content.decode()


def test_papers_have_their_size(certificate):
    sheet = certificates_pdf([certificate]).content
    card = work_cards_pdf([certificate]).content

    assert boxes(sheet) == [(842, 595)]
    assert boxes(card) == [(243, 153), (243, 153)]


def boxes(pdf: bytes) -> list[tuple[int, int]]:
    """Return the page sizes in points; newer PDFs keep their objects in compressed streams."""
    plain = b""
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            plain += zlib.decompress(stream)
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf + plain)
    return [(round(float(width)), round(float(height))) for width, height in found]


# --- verification --------------------------------------------------------------------------------------------------


def test_public_page_says_what_stands_and_nothing_private(network, client_of, certificate):
    response = client_of().get(page_of(certificate))
    page = response.content.decode()

    assert response.status_code == 200
    assert "有效" in page
    assert network["scheme"].name in page
    assert "林**" in page
    for private in ("林小川", network["technician"].staff_number, network["outlet"].name):
        assert private not in page
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert not response.cookies


def test_condition_says_that_it_opens_no_work(network, client_of, certificate):
    condition = certificate_for(network["technician"], ConditionFactory(name="三级安全教育"))

    pages = [client_of().get(page_of(paper)).content.decode() for paper in (condition, certificate)]
    notes = [facts["condition_note"] for facts in facts_of([condition, certificate])]

    assert ["仅为附加条件" in page for page in pages] == [True, False]
    assert ["附加条件适用于" in page for page in pages] == [True, False]
    assert [bool(note) for note in notes] == [True, False]


def test_full_name_is_confirmed_to_who_types_it(client_of, certificate):
    right = client_of().post(page_of(certificate), {"name": " 林 小川 "}).content.decode()
    wrong = client_of().post(page_of(certificate), {"name": "李四"}).content.decode()
    empty = client_of().post(page_of(certificate), {"name": ""}).content.decode()

    assert "姓名一致" in right
    assert "林小川" in right
    assert "姓名不一致" in wrong
    assert "林小川" not in wrong
    assert "林小川" not in empty


@pytest.mark.parametrize(("days", "word"), [(-11, "未生效"), (-10, "有效"), (0, "有效"), (700, "临期"), (721, "过期")])
def test_status_on_another_day(client_of, certificate, days, word):
    on = timezone.localdate() + dt.timedelta(days=days)

    page = client_of().get(page_of(certificate), {"on": on.isoformat()}).content.decode()

    assert f'verdict__answer">{word}<' in page


def test_revoked_and_suspended_say_so(network, client_of, certificate):
    ledger.suspend(network["technician"], network["scheme"], reason="保密的原因", act_key="s", by=None)
    suspended = client_of().get(page_of(certificate)).content.decode()
    ledger.revoke(network["technician"], network["scheme"], reason="保密的原因", act_key="r", by=None)
    revoked = client_of().get(page_of(certificate)).content.decode()

    assert "暂停" in suspended
    assert "吊销" in revoked
    assert "不可作为上岗依据" in revoked
    assert "保密的原因" not in suspended + revoked


def test_revoked_certificate_stays_revoked_after_a_new_grant(network, certificate):
    person, scheme = network["technician"], network["scheme"]
    ledger.revoke(person, scheme, reason="x", act_key="r", by=None)
    newer = issue(ledger.grant(person, scheme, act_key="again"))

    assert verify(certificate).standing == Standing.REVOKED
    assert verify(newer).standing == Standing.VALID


def test_certificate_of_a_grant_that_never_was_is_void(network, client_of, certificate):
    ledger.correct(certificate.entry, reason="发错人", act_key="c", by=None, void=True)

    assert "已作废" in client_of().get(page_of(certificate)).content.decode()


def test_corrected_days_are_the_days_shown(network, certificate):
    shorter = timezone.localdate() + dt.timedelta(days=30)
    ledger.correct(certificate.entry, reason="日期录错", act_key="c", by=None, valid_to=shorter)

    assert verify(certificate).valid_to == shorter
    assert verify(certificate, shorter + dt.timedelta(days=1)).standing == Standing.EXPIRED


def test_unknown_number_helps(client_of, db):
    response = client_of().get(reverse("verify:certificate", args=["SG-2026-NOPE"]))

    assert response.status_code == 404
    assert "逐字核对" in response.content.decode()


def test_impossible_day_is_said(client_of, certificate):
    assert client_of().get(page_of(certificate), {"on": "2026-02-30"}).status_code == 422


def test_typed_number_leads_to_the_page(client_of, certificate):
    response = client_of().get(reverse("verify:find"), {"number": certificate.number.lower().replace("-", " ")})

    assert response.url == page_of(certificate)


def test_guessing_is_slowed_down(client_of, certificate):
    client, other = client_of(), client_of(REMOTE_ADDR="10.0.0.9")
    with time_machine.travel(NOON, tick=False):
        numbers = [client.get(page_of(certificate)).status_code for _n in range(31)]
        names = [other.post(page_of(certificate), {"name": f"林{n}"}).status_code for n in range(11)]

    assert numbers == [200] * 30 + [429]
    assert names == [200] * 10 + [429]


def test_verification_pins_its_queries(client_of, certificate, django_assert_max_num_queries):
    client_of().get(page_of(certificate))
    with django_assert_max_num_queries(10):
        client_of().get(page_of(certificate))


def test_revocation_says_what_was_chosen_for_the_public(network, client_of, certificate):
    ledger.revoke(
        network["technician"], network["scheme"], reason="保密的原因", act_key="r", by=None, public=PublicReason.SAFETY
    )

    page = client_of().get(page_of(certificate)).content.decode()

    assert "违反安全规定" in page
    assert "保密的原因" not in page


def test_page_names_the_editions_then_and_now(network, client_of):
    edition = ManualEditionFactory(edition="C", published_on=dt.date(2026, 1, 5))
    rests = {"editions": [{"id": edition.pk, "manual": edition.manual.number, "edition": "C"}]}
    entry = ledger.grant(network["technician"], network["scheme"], act_key="e", evidence=rests)
    paper = issue(entry)
    before = client_of().get(page_of(paper)).content.decode()
    ManualEditionFactory(manual=edition.manual, edition="E", published_on=dt.date(2026, 6, 5))
    after = client_of().get(page_of(paper)).content.decode()

    assert f"{edition.manual.number}：C 版，现行有效" in before
    assert f"{edition.manual.number}：按 C 版发证，现行为 E 版" in after


def test_numbers_that_do_not_exist_are_logged_and_end_sooner(client_of, certificate):
    client = client_of(REMOTE_ADDR="10.0.0.7")
    with structlog.testing.capture_logs() as lines, time_machine.travel(NOON, tick=False):
        answers = [client.get(reverse("verify:certificate", args=[f"SG-2026-{n}"])).status_code for n in range(21)]

    assert answers == [404] * 20 + [429]
    noted = [line["address"] for line in lines if line["event"] == "unknown_certificate"]
    assert noted == ["10.0.0.7"] * 21


def test_a_grant_pins_the_editions_asked_and_taught(network):
    edition = ManualEditionFactory(edition="B")
    requirement = network["scheme"].requirements.get(kind="hours")
    ModuleTopicFactory(module=requirement.module, chapters=[edition.chapters.first()])

    taught = editions_taught([], {requirement.module.code})

    assert taught == [{"id": edition.pk, "manual": edition.manual.number, "edition": "B"}]


def test_ten_cards_stand_on_a_sheet_with_their_backs(network):
    papers = [certificate_for(PersonFactory(), network["scheme"]) for _paper in range(11)]

    content = card_sheets_pdf(papers).content
    fronts, backs, *_rest = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]

    assert boxes(content) == [(595, 842)] * 4
    assert sum(paper.short_number in fronts for paper in papers) == 10
    assert backs.count("上岗时必须佩戴") == 10


def test_badge_is_a6(certificate):
    content = badges_pdf([certificate]).content

    assert boxes(content) == [(298, 420)]
    assert certificate.short_number in PdfReader(io.BytesIO(content)).pages[0].extract_text()
