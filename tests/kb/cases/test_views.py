"""Pages of field cases: reported from where one is, worked on, refused with what was typed kept."""

import uuid

import pytest

from kb.cases import articles, domain
from kb.diagnosis.domain import follow
from kb.enums import CaseAct, CaseKind, CaseState
from kb.faults.domain import publish_fault
from kb.models import FieldCase, SafetyNote
from portal.access.roles import synchronise_roles
from tests.factories.kb import DiagnosisGuideFactory, FaultArticleFactory, FieldCaseFactory
from tests.factories.portal import EquipmentModelFactory, EquipmentUnitFactory, PersonFactory
from tests.kb.cases.test_photos import picture

pytestmark = pytest.mark.django_db


WRITTEN = {"title": "冷库不降温", "symptom": "库温 6 度", "severity": "stop", "kind": "fault"}


def html(response):
    return response.content.decode()


def report(client, address="/kb/cases/new/", **fields):
    filled = {
        "token": str(uuid.uuid4()),
        "title": "冷库不降温",
        "symptom": "库温 6 度",
        "severity": "stop",
        "kind": "fault",
    }
    return client.post(address, filled | fields)


def test_report_is_kept_with_machine_and_photos(client_of, network):
    machine = EquipmentModelFactory()
    response = report(client_of(network.reporter), equipment=machine.pk, photos=[picture(), picture()])
    case = FieldCase.objects.get()
    assert response.url == case.get_absolute_url()
    assert (case.equipment, case.photos.count(), case.reporter) == (machine, 2, network.reporter)


def test_report_sent_twice_is_one_case(client_of, network):
    client, token = client_of(network.reporter), str(uuid.uuid4())
    first, second = report(client, token=token), report(client, token=token)
    assert first.url == second.url
    assert FieldCase.objects.count() == 1


def test_bad_photo_keeps_what_was_typed(client_of, network):
    bad = picture(name="x.jpg")
    bad.file.seek(0)
    bad.file.truncate(20)
    response = report(client_of(network.reporter), photos=bad, tried="重启过三次")
    assert response.status_code == 422
    assert "没有保存：最多 6 张" in html(response)
    assert "重启过三次" in html(response)
    assert not FieldCase.objects.exists()


def test_form_is_filled_from_an_article(client_of, network):
    machine = EquipmentModelFactory()
    article = FaultArticleFactory(number="RF-NOCOOL", title="不制冷", equipment=[machine])
    page = html(client_of(network.reporter).get("/kb/cases/new/?article=RF-NOCOOL"))
    assert "已按文章 RF-NOCOOL 处理。" in page
    assert f'<option value="{machine.pk}" selected>' in page
    report(client_of(network.reporter), "/kb/cases/new/?article=RF-NOCOOL")
    assert FieldCase.objects.get().about == article


def test_article_that_did_not_help_leads_to_the_report(client_of, network):
    article = FaultArticleFactory(number="RF-NOCOOL")
    page = html(client_of(network.reporter).get(f"{article.get_absolute_url()}?answered=no"))
    assert 'href="/kb/cases/new/?article=RF-NOCOOL"' in page


def test_form_is_filled_from_a_machine(client_of, network):
    unit = EquipmentUnitFactory(serial="SN-1")
    page = html(client_of(network.reporter).get("/kb/cases/new/?serial=SN-1"))
    assert f'<option value="{unit.model.pk}" selected>' in page
    assert 'value="SN-1"' in page


def test_form_is_filled_from_ones_own_run_only(client_of, network):
    guide = DiagnosisGuideFactory()
    run = follow(guide, "yn", token=uuid.uuid4(), person=network.reporter)
    address = f"/kb/cases/new/?run={run.token}"
    assert "显示屏亮着吗？ 是\n压力正常吗？ 否\n打热线" in html(client_of(network.reporter).get(address))
    assert "压力正常吗？" not in html(client_of(network.colleague).get(address))
    report(client_of(network.reporter), address)
    assert FieldCase.objects.get().run == run


def test_end_of_a_guide_leads_to_the_report(client_of, network):
    guide = DiagnosisGuideFactory(number="DG-1")
    run = follow(guide, "n", token=uuid.uuid4(), person=network.reporter)
    page = html(client_of(network.reporter).get(f"/kb/diagnosis/DG-1/step/n/?run={run.token}"))
    assert "/kb/cases/new/?title=" in page
    assert f"run={run.token}" in page


def test_empty_search_leads_to_the_report_and_back(client_of, network):
    page = html(client_of(network.reporter).get("/kb/cases/new/?title=没有的故障&search=abc"))
    assert 'value="没有的故障"' in page


def test_acts_offered_are_those_that_work_now(client_of, case, network):
    page = html(client_of(network.lead).get(case.get_absolute_url()))
    offered = [
        name for name in ("take", "answer", "ask", "reply", "up", "merge", "close", "reopen") if f"/{name}/" in page
    ]
    assert offered == ["take", "reply", "up", "merge"]
    reporter_sees = html(client_of(network.contact).get(FieldCaseFactory(reporter=network.contact).get_absolute_url()))
    assert [name for name in ("take", "reply", "up") if f"/{name}/" in reporter_sees] == ["reply"]


def test_case_is_worked_on_through_its_page(client_of, case, network):
    lead, reporter = client_of(network.lead), client_of(network.reporter)
    lead.post(f"/kb/cases/{case.pk}/take/")
    lead.post(f"/kb/cases/{case.pk}/answer/", {"cause": "脏堵", "text": "清洗冷凝器"})
    assert "清洗冷凝器" in html(reporter.get(case.get_absolute_url()))
    reporter.post(f"/kb/cases/{case.pk}/close/")
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_refusal_keeps_what_was_typed(client_of, case, network):
    domain.take_over(case, network.lead)
    domain.answer(case, network.lead, "已答")
    response = client_of(network.lead).post(f"/kb/cases/{case.pk}/answer/", {"text": "我的长长的答复"})
    assert response.status_code == 409
    refused = client_of(network.lead).post(f"/kb/cases/{case.pk}/reopen/", {"text": " "})
    assert refused.status_code == 422
    assert "请先写一句话" in html(refused)


@pytest.mark.parametrize("number", ["", "x", "FC-", "FC-999999", "0", "FC-000000000001x"])
def test_merge_into_nothing_is_refused_in_the_form(client_of, case, network, number):
    assert client_of(network.lead).post(f"/kb/cases/{case.pk}/merge/", {"number": number}).status_code == 422


def test_merge_takes_the_number_as_people_write_it(client_of, case, network):
    other = FieldCaseFactory(reporter=network.reporter)
    client_of(network.lead).post(f"/kb/cases/{case.pk}/merge/", {"number": f" {other.number} "})
    case.refresh_from_db()
    assert case.merged_into == other


def test_unknown_act_is_not_found(client_of, case, network):
    assert client_of(network.lead).post(f"/kb/cases/{case.pk}/destroy/").status_code == 404


def test_article_is_drafted_in_one_step(client_of, network):
    synchronise_roles()
    case = FieldCaseFactory(reporter=network.reporter, equipment=EquipmentModelFactory())
    domain.take_over(case, network.lead)
    domain.answer(case, network.lead, "清洗")
    response = client_of(network.lead).post(f"/kb/cases/{case.pk}/article/")
    case.refresh_from_db()
    assert response.url == f"/cms/snippets/kb/faultarticle/edit/{case.article.pk}/"
    assert client_of(network.lead).get(response.url).status_code == 200


@pytest.mark.parametrize("parameters", ["", "?view=mine", "?view=all", "?severity=stop", "?state=open", "?overdue=1"])
def test_every_filter_opens(client_of, case, network, parameters):
    page = html(client_of(network.lead).get(f"/kb/cases/{parameters}"))
    assert (case.title in page) == (parameters not in ("?view=mine", "?overdue=1"))


@pytest.mark.parametrize("cases", [1, 3])
def test_list_takes_a_fixed_number_of_queries(client_of, network, django_assert_max_num_queries, cases):
    for _case in range(cases):
        FieldCaseFactory(reporter=network.reporter, equipment=EquipmentModelFactory())
    client = client_of(network.lead)
    client.get("/kb/cases/")
    with django_assert_max_num_queries(10):
        assert html(client.get("/kb/cases/")).count('class="hit"') == cases


@pytest.mark.parametrize("entries", [1, 6])
def test_page_takes_a_fixed_number_of_queries(client_of, case, network, django_assert_max_num_queries, entries):
    for _entry in range(entries):
        domain.reply(case, network.colleague, "也见过")
    client = client_of(network.lead)
    client.get(case.get_absolute_url())
    with django_assert_max_num_queries(20):
        client.get(case.get_absolute_url())


def test_home_shows_what_waits(client_of, case, network):
    assert case.title in html(client_of(network.lead).get("/"))
    assert case.title not in html(client_of(network.stranger).get("/"))


def test_withdrawn_article_leads_to_the_one_it_was_merged_into(client_of, network):
    last = FaultArticleFactory(number="RF-LAST")
    middle = FaultArticleFactory(number="RF-MIDDLE", published=False, replaced_by=last)
    FaultArticleFactory(number="RF-FIRST", published=False, replaced_by=middle)
    client = client_of(network.reporter)
    assert client.get("/kb/faults/RF-FIRST/").url == "/kb/faults/RF-LAST/"
    FaultArticleFactory(number="RF-OLD", published=False)
    assert client.get("/kb/faults/RF-OLD/").status_code == 404


def test_people_complained_about_are_typed_by_number_or_name(client_of, network):
    report(client_of(network.reporter), complains_about=f"{network.lead.staff_number.lower()}、regional")
    assert set(FieldCase.objects.get().complains_about.all()) == {network.lead, network.regional}


@pytest.mark.parametrize("typed", ["没有这人", "P9999", "twin", "reporter"])
def test_people_nobody_or_several_bear_are_named_in_the_error(client_of, network, typed):
    for _n in range(2):
        PersonFactory(name="twin")
    response = report(client_of(network.reporter), complains_about=typed)
    assert response.status_code == 422
    assert f"“{typed}”" in html(response)


def test_case_written_without_a_network_arrives_once_and_says_when(client_of, network):
    client, fields = client_of(network.reporter), {"token": str(uuid.uuid4()), "written_at": "2026-01-05T02:30:00.000Z"}
    answers = [
        client.post("/kb/cases/new/", {**WRITTEN, **fields}, headers={"X-Outbox": "1"}).json() for _attempt in range(2)
    ]
    case = FieldCase.objects.get()
    assert answers[0] == answers[1] == {"url": case.get_absolute_url(), "label": f"已提交，编号 {case.number}。"}
    assert case.entries.get().text == "离线时写下：2026-01-05 10:30"


def test_case_from_a_device_that_is_refused_says_why(client_of, network):
    response = client_of(network.reporter).post("/kb/cases/new/", {"title": ""}, headers={"X-Outbox": "1"})
    assert response.status_code == 422
    assert any("一句话说明" in reason for reason in response.json()["reasons"])
    assert not FieldCase.objects.exists()


def test_case_in_the_hands_of_somebody_who_left_waits_for_the_place_again(client_of, network, case):
    domain.take_over(case, network.colleague)
    case.refresh_from_db()
    listed = client_of(network.lead).get("/kb/cases/")
    assert case.number not in html(listed)
    network.colleague.is_active = False
    network.colleague.save()
    assert case.number in html(client_of(network.lead).get("/kb/cases/"))
    domain.take_over(case, network.lead)
    case.refresh_from_db()
    assert case.assignee == network.lead


def test_reporter_of_a_merged_case_reads_the_answer_there_and_says_whether_it_holds(client_of, network):
    machine = EquipmentModelFactory()
    first = FieldCaseFactory(reporter=network.reporter, equipment=machine)
    second = FieldCaseFactory(reporter=network.stranger)
    domain.merge(second, first, network.expert)
    client = client_of(network.stranger)
    page = html(client.get(f"/kb/cases/{second.pk}/"))
    assert first.number in page
    assert first.get_absolute_url() not in page
    domain.take_over(first, network.lead)
    domain.answer(first, network.lead, "清洗冷凝器", cause="冷凝器脏堵")
    article = articles.draft_article(first, network.lead)
    article.safety_notes = [SafetyNote(text="断电挂牌")]
    publish_fault(article, actor=network.lead)
    page = html(client.get(f"/kb/cases/{second.pk}/"))
    assert "清洗冷凝器" in page
    assert article.get_absolute_url() in page
    assert client.post(f"/kb/cases/{second.pk}/holds/", {"holds": "1"}).url == second.get_absolute_url()
    assert first.entries.last().act == CaseAct.HOLDS
    assert first.entries.last().author == network.stranger


def test_answer_of_another_accident_stays_with_its_readers(client_of, network):
    first = FieldCaseFactory(reporter=network.reporter, kind=CaseKind.ACCIDENT)
    second = FieldCaseFactory(reporter=network.stranger, kind=CaseKind.ACCIDENT)
    FieldCase.objects.filter(pk=first.pk).update(state=CaseState.ANSWERED, answer="清洗冷凝器")
    FieldCase.objects.filter(pk=second.pk).update(state=CaseState.MERGED, merged_into=first)
    client = client_of(network.stranger)
    assert "清洗冷凝器" not in html(client.get(f"/kb/cases/{second.pk}/"))
    assert client.post(f"/kb/cases/{second.pk}/holds/", {"holds": "1"}).status_code == 404
