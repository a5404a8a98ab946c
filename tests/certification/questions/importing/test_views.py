"""The page: look, accept, export; nobody but keepers of questions."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certification.models import Question
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.exchange.imports.reading import UnreadableImport
from tests.factories.certification import QuestionBankFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def upload(client, bank, text):
    file = SimpleUploadedFile("a.gift", text.encode())
    return client.post(reverse("certification_questions_import"), {"bank": bank.pk, "file": file})


def test_look_accept_and_take_out(client):
    synchronise_roles()
    bank = QuestionBankFactory()
    client.force_login(PersonFactory(roles=[Role.TRAINER]))
    page = upload(client, bank, "::n-1::断电？{=挂牌 ~加压}")
    assert "n-1" in page.content.decode()
    assert not Question.objects.exists()
    for _time in range(2):
        assert client.post(page.wsgi_request.path, {"accept": page.context["token"]}).status_code == 302
    assert Question.objects.get().versions.count() == 1
    assert (
        "=挂牌 ~加压" in client.get(reverse("certification_questions_export", args=[bank.pk, "gift"])).content.decode()
    )


def test_problems_cannot_be_accepted(client):
    synchronise_roles()
    bank = QuestionBankFactory()
    client.force_login(PersonFactory(roles=[Role.TRAINER]))
    page = upload(client, bank, "坏{=甲")
    assert page.context["plan"].problems
    client.post(page.wsgi_request.path, {"accept": page.context["token"]})
    assert not Question.objects.exists()


@pytest.mark.parametrize("name", ["题库.xlsx", "题库.xlsm", "题库.docx"])
def test_a_text_named_like_a_workbook_is_told_so(client, name):
    synchronise_roles()
    bank = QuestionBankFactory()
    client.force_login(PersonFactory(roles=[Role.TRAINER]))
    file = SimpleUploadedFile(name, "::n-1::断电？{=挂牌 ~加压}".encode())
    page = client.post(reverse("certification_questions_import"), {"bank": bank.pk, "file": file})
    assert page.context["form"].errors["file"] == [str(UnreadableImport("not_office"))]
    assert page.context["plan"] is None


def test_others_see_neither_page_nor_key(client):
    synchronise_roles()
    bank = QuestionBankFactory()
    client.force_login(PersonFactory(roles=[Role.ENGINEER]))
    assert upload(client, bank, "a{T}").status_code in {302, 403}
    answer = client.get(reverse("certification_questions_export", args=[bank.pk, "gift"]))
    assert answer.status_code in {302, 403}
    assert not Question.objects.exists()


def test_list_of_questions_leads_there_for_keepers(client):
    synchronise_roles()
    client.force_login(PersonFactory(roles=[Role.TRAINER]))
    address = reverse("certification_questions_import")
    assert address in client.get(reverse("question:index")).content.decode()
    assert client.get(address).status_code == 200
