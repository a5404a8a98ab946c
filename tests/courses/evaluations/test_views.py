"""Pages of evaluations: the form by link, summaries, complaints, reviews, papers; and who does not get them."""

import datetime as dt

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.evaluations.domain import ask_for_reviews, evaluate
from courses.evaluations.papers import evaluation_facts, record_facts
from courses.models import Complaint, EffectReview, Evaluation, Session
from courses.sessions.queries import for_lists
from portal.exchange.pdf import Printed
from portal.templatetags.portal_format import lesson_hours
from portal.ui.charts import Bar, bar_chart
from tests.courses.evaluations.test_domain import FOURS, answered, held
from tests.factories.courses import ModuleTopicFactory

pytestmark = pytest.mark.django_db
__all__ = ["held"]


def test_participant_answers_by_the_link(held, world, client_of):
    address = reverse("courses:evaluate", args=[held.uid])
    client = client_of(world.technician)
    page = client.get(address)
    assert page["Referrer-Policy"] == "same-origin"
    assert client.post(address, {}).status_code == 422
    client.post(address, {"content": 5, "remark": "多动手"}, follow=True)
    assert Evaluation.objects.get().remark == "多动手"
    assert "您已评价" in client.get(address).content.decode()


def test_stranger_is_asked_who_they_are_and_is_not_let_in(held, world, client_of):
    address = reverse("courses:evaluate", args=[held.uid])
    assert "登录" in Client().get(address).content.decode()
    assert client_of(world.stranger).post(address, {"content": 5}).status_code == 403
    assert not Evaluation.objects.exists()


def statuses(client_of, world, address):
    who = ("technician", "trainer", "manager", "other_manager", "auditor", "contact")
    return {name: client_of(getattr(world, name)).get(address).status_code for name in who}


def test_evaluations_of_a_session_are_read_by_who_runs_or_oversees_it(held, world, client_of):
    assert statuses(client_of, world, reverse("courses:session_evaluations", args=[held.pk])) == {
        "technician": 404,
        "trainer": 200,
        "manager": 200,
        "other_manager": 404,
        "auditor": 200,
        "contact": 404,
    }


@pytest.mark.parametrize("name", ["evaluations", "effects", "complaints"])
def test_lists_are_for_trainers_managers_and_auditors(world, client_of, name):
    found = statuses(client_of, world, reverse(f"courses:{name}"))
    assert {who for who, status in found.items() if status == 403} == {"technician", "contact"}


def test_summary_shows_chart_and_table_and_can_be_taken_away(held, world, client_of):
    answered(held, 5)
    page = client_of(world.manager).get(reverse("courses:evaluations")).content.decode()
    assert "bar-chart__bar" in page
    assert "4.0" in page
    sheet = client_of(world.manager).get(reverse("courses:evaluations"), {"export": "csv"})
    assert "4.0" in sheet.content.decode("utf-8-sig")
    assert "bar-chart__bar" not in client_of(world.other_manager).get(reverse("courses:evaluations")).content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_page_that_offers_no_file_gives_none(world, client_of, kind):
    answer = client_of(world.manager).get(reverse("courses:evaluations"), {"export": kind})
    assert answer["Content-Type"].startswith("text/html")


def test_export_hides_what_the_page_hides(held, world, client_of):
    answered(held, 4)
    sheet = client_of(world.manager).get(reverse("courses:evaluations"), {"export": "csv"})
    assert "4.0" not in sheet.content.decode("utf-8-sig")


def test_trainer_reads_no_complaint(held, world, client_of):
    evaluate(held, person=world.technician, scores=FOURS, complaint="工具不够")
    address = reverse("courses:complaints")
    for page in (address, reverse("courses:session_evaluations", args=[held.pk])):
        assert "工具不够" not in client_of(world.trainer).get(page).content.decode()
    assert "工具不够" in client_of(world.manager).get(address).content.decode()
    posted = {"complaint": Complaint.objects.get().pk, "outcome": "已加工具"}
    assert client_of(world.trainer).post(address, posted).status_code == 404
    assert client_of(world.manager).post(address, posted | {"complaint": "x"}).status_code == 404
    client_of(world.manager).post(address, posted)
    assert Complaint.objects.get().outcome == "已加工具"


def test_manager_reviews_the_effect(held, world, client_of):
    ask_for_reviews(timezone.localdate(held.ends_at) + dt.timedelta(days=30))
    address = reverse("courses:effect", args=[EffectReview.objects.get().pk])
    assert world.technician.name in client_of(world.manager).get(reverse("courses:effects")).content.decode()
    assert client_of(world.other_manager).get(address).status_code == 404
    assert client_of(world.manager).post(address, {"applies": 4}).status_code == 422
    client_of(world.manager).post(address, {"applies": 4, "alone": 3, "remark": "再练一次"})
    assert EffectReview.objects.get().alone == 3


def test_papers_are_for_who_runs_the_session(held, world, client_of, monkeypatch):
    monkeypatch.setattr("courses.evaluations.views.summaries.render_pdf", lambda *args, **kwargs: Printed(b"%PDF-"))
    for name, auditor in (("training_record", 200), ("evaluation_form", 403)):
        found = statuses(client_of, world, reverse(f"courses:{name}", args=[held.pk]))
        assert (found["trainer"], found["auditor"], found["technician"]) == (200, auditor, 403)


def test_training_record_names_who_came_with_hours_in_both_units(held, world):
    session = for_lists(Session.objects.all()).get(pk=held.pk)
    text = render_to_string("courses/evaluations/print/training_record.html", record_facts(session))
    assert world.technician.name in text
    assert "学时" in text


def test_training_record_says_what_was_taught(held, world):
    for text in ("结构与原理", "常见故障"):
        ModuleTopicFactory(module=world.module, text=text)
    session = for_lists(Session.objects.all()).get(pk=held.pk)
    assert "结构与原理；常见故障" in render_to_string(
        "courses/evaluations/print/training_record.html", record_facts(session)
    )


def test_evaluation_form_shows_no_result_of_few(held):
    session = for_lists(Session.objects.all()).get(pk=held.pk)
    text = render_to_string("courses/evaluations/print/evaluation.html", evaluation_facts(session))
    assert text.count("□") == 20
    assert "平均" not in text


@pytest.mark.parametrize(("minutes", "written"), [(90, "2 学时"), (60, "1.3 学时"), (480, "10.7 学时"), (0, "0 学时")])
def test_lessons_are_of_45_minutes(minutes, written):
    assert lesson_hours(minutes) == written


def test_chart_is_readable_without_seeing_and_carries_no_markup_of_people():
    chart = bar_chart("均分", [Bar("<b>甲</b>", 4.0, "4.0"), Bar("乙", None)], highest=5)
    assert 'aria-label="均分"' in chart
    assert "<b>" not in chart
    assert 'width="288.0"' in chart
    assert "style=" not in chart
    assert bar_chart("空", []) == ""
