"""One form of a new record makes one record, in whatever order autosave and the buttons of the form arrive."""

import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from courses.models import TrainingModule
from kb.models import FaultArticle, Manual
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import CreatedByForm, Organisation
from tests.factories.portal import EquipmentCategoryFactory, OrganisationFactory, PersonFactory
from tests.kb.test_admin import article_form, rows

ARTICLES = "wagtailsnippets_kb_faultarticle"
MODULES = "wagtailsnippets_courses_trainingmodule"
MANUALS = "wagtailsnippets_kb_manual"
AUTOSAVE = {"HTTP_ACCEPT": "application/json"}
PUBLISH = {"action-publish": "1"}


def module_form(category, **changes):
    """What the browser sends for a training module."""
    form = {
        "code": "TM-99",
        "title": "冷柜",
        "category": category.pk,
        "minutes": 60,
        "level": "basic",
        "prerequisite_policy": "block",
        "trainer_policy": "warn",
        "audience": "staff",
    }
    return form | rows("topics", [{"text": "制冷循环"}]) | changes


def manual_form(category, **changes):
    """What the browser sends for a manual."""
    form = {"number": "SM-99", "title": "手册", "kind": "repair", "audience": "staff", "category": category.pk}
    return form | changes


FORMS = {
    ARTICLES: (article_form, FaultArticle, {"number": "RF-FAN"}),
    MODULES: (module_form, TrainingModule, {"code": "TM-99"}),
}


@pytest.fixture
def editor(db):
    """Somebody who may write and publish."""
    hq = OrganisationFactory()
    synchronise_roles()
    return PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR, Role.TRAINER, Role.EDITOR])


@pytest.fixture
def client(client_of, editor):
    """The editor's browser."""
    return client_of(editor)


def opened(client, namespace):
    """The key of a form that has just been opened."""
    html = client.get(reverse(f"{namespace}:add")).content.decode()
    return {"form_key": re.search(r'name="form_key" value="([^"]+)"', html)[1]}


@pytest.mark.parametrize("namespace", FORMS)
def test_button_pressed_while_autosave_is_under_way_publishes_its_draft(client, namespace):
    make, model, names = FORMS[namespace]
    form = make(EquipmentCategoryFactory()) | opened(client, namespace)
    saved = client.post(reverse(f"{namespace}:add"), form, **AUTOSAVE)
    assert saved.json()["success"] is True
    published = client.post(reverse(f"{namespace}:add"), form | PUBLISH | {"title": "改过的标题"})
    assert published.status_code == 302
    record = model.objects.get(**names)
    assert (record.live, record.title, record.pk) == (True, "改过的标题", saved.json()["pk"])


def test_rows_of_the_draft_are_not_doubled(client):
    form = article_form(EquipmentCategoryFactory()) | opened(client, ARTICLES)
    client.post(reverse(f"{ARTICLES}:add"), form, **AUTOSAVE)
    client.post(reverse(f"{ARTICLES}:add"), form | PUBLISH)
    article = FaultArticle.objects.get()
    assert [article.codes.count(), article.pairs.count(), article.safety_notes.count()] == [1, 1, 1]


@pytest.mark.parametrize("namespace", FORMS)
def test_autosave_arriving_after_the_button_changes_nothing(client, namespace):
    make, model, names = FORMS[namespace]
    form = make(EquipmentCategoryFactory()) | opened(client, namespace)
    client.post(reverse(f"{namespace}:add"), form | PUBLISH | {"title": "新"})
    late = client.post(reverse(f"{namespace}:add"), form | {"title": "旧"}, **AUTOSAVE)
    record = model.objects.get(**names)
    assert late.json()["url"] == reverse(f"{namespace}:edit", args=[record.pk])
    assert record.get_latest_revision_as_object().title == record.title == "新"


def test_second_autosave_of_the_same_form_saves_onto_the_draft_and_says_where_it_goes_on(client):
    form = article_form(EquipmentCategoryFactory()) | opened(client, ARTICLES)
    first = client.post(reverse(f"{ARTICLES}:add"), form, **AUTOSAVE).json()
    second = client.post(reverse(f"{ARTICLES}:add"), form | {"title": "写完了"}, **AUTOSAVE).json()
    assert (second["pk"], second["url"], second["hydrate_url"]) == (first["pk"], first["url"], first["hydrate_url"])
    assert FaultArticle.objects.get().get_latest_revision_as_object().title == "写完了"


def test_second_click_on_a_plain_record_is_no_second_record(client):
    form = manual_form(EquipmentCategoryFactory()) | opened(client, MANUALS)
    answers = [client.post(reverse(f"{MANUALS}:add"), form).status_code for _click in range(2)]
    assert answers == [302, 302]
    assert Manual.objects.count() == 1


def test_form_gone_back_to_makes_another_record(client):
    form = manual_form(EquipmentCategoryFactory()) | opened(client, MANUALS)
    client.post(reverse(f"{MANUALS}:add"), form)
    client.post(reverse(f"{MANUALS}:add"), form | {"number": "SM-100"})
    assert list(Manual.objects.order_by("number").values_list("number", flat=True)) == ["SM-100", "SM-99"]


def test_another_editors_key_creates_nothing_for_me(client, client_of):
    synchronise_roles()
    other = PersonFactory(organisation=OrganisationFactory(), roles=[Role.TRAINER])
    key = opened(client_of(other), ARTICLES)
    client.post(reverse(f"{ARTICLES}:add"), article_form(EquipmentCategoryFactory()) | key, **AUTOSAVE)
    assert FaultArticle.objects.count() == 1
    assert not CreatedByForm.objects.exists()


def test_number_of_another_article_is_still_refused(client):
    category = EquipmentCategoryFactory()
    for code in ("H7", "H8"):
        form = article_form(category, **rows("codes", [{"code": code}])) | opened(client, ARTICLES)
        answer = client.post(reverse(f"{ARTICLES}:add"), form | PUBLISH)
    assert answer.status_code == 200
    assert FaultArticle.objects.count() == 1


def test_new_row_of_an_autosave_under_way_is_not_doubled_on_an_existing_article(client):
    form = article_form(EquipmentCategoryFactory()) | opened(client, ARTICLES)
    pk = client.post(reverse(f"{ARTICLES}:add"), form, **AUTOSAVE).json()["pk"]
    code = FaultArticle.objects.get().codes.get()
    address = reverse(f"{ARTICLES}:edit", args=[pk])
    more = article_form(FaultArticle.objects.get().category)
    for name in ("safety_notes", "pairs"):
        row = getattr(FaultArticle.objects.get(), name).get()
        more |= {f"{name}-INITIAL_FORMS": "1", f"{name}-0-id": str(row.pk)}
    more |= rows("codes", [{"code": "H7", "id": code.pk}, {"code": "H9"}], initial=1)
    assert client.post(address, more, **AUTOSAVE).json()["success"] is True
    assert client.post(address, more | PUBLISH).status_code == 302
    assert list(FaultArticle.objects.get().codes.values_list("code", flat=True)) == ["H7", "H9"]


def at_once(*posts):
    """Send the posts from threads that start together; return their answers."""
    barrier, answers = threading.Barrier(len(posts)), [None] * len(posts)

    def send(place, post):
        barrier.wait()
        try:
            answers[place] = post()
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(place, post)) for place, post in enumerate(posts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def browser(person):
    """A browser of its own, for a thread."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("namespace", FORMS)
def test_autosave_and_button_at_the_same_moment_make_one_published_record(editor, namespace):
    make, model, _names = FORMS[namespace]
    category = EquipmentCategoryFactory()
    for round_ in range(3):
        one, two = browser(editor), browser(editor)
        form = make(category) | opened(one, namespace)
        form |= {"number": f"RF-{round_}", "code": f"TM-{round_}"} | rows("codes", [{"code": f"H{round_}"}])
        add = reverse(f"{namespace}:add")
        answers = at_once(lambda: one.post(add, form, **AUTOSAVE), lambda: two.post(add, form | PUBLISH))  # noqa: B023
        assert [answer.status_code for answer in answers] == [200, 302]
        assert [record.live for record in model.objects.all()] == [True] * (round_ + 1)


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_two_editors_at_the_same_moment_get_one_record_and_one_error_of_the_form(editor):
    category = EquipmentCategoryFactory()
    posts = []
    for _editor in range(2):
        client = browser(editor)
        form = article_form(category) | opened(client, ARTICLES) | PUBLISH
        posts.append(lambda client=client, form=form: client.post(reverse(f"{ARTICLES}:add"), form))
    assert sorted(answer.status_code for answer in at_once(*posts)) == [200, 302]
    assert FaultArticle.objects.count() == 1


@pytest.mark.engines
@pytest.mark.django_db(transaction=True)
def test_two_organisations_of_one_code_at_the_same_moment(editor):
    client, other = browser(editor), browser(editor)
    form = {"name": "北区", "code": "north", "tier": "region", "parent": str(editor.organisation_id)}
    form |= {"areas": "", "min_certified": "1"}
    add = reverse("organisation:add")
    answers = at_once(lambda: client.post(add, form), lambda: other.post(add, form))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert Organisation.objects.filter(code="north").count() == 1
