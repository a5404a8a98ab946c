"""Half a form posted to the editing area is said to be one; no other error hides behind that."""

import pytest
from django.utils.datastructures import MultiValueDictKeyError

from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.web.middleware import Refusals
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/cms/snippets/kb/faultarticle/add/"


@pytest.fixture
def editor(client_of):
    synchronise_roles()
    return client_of(PersonFactory(roles=[Role.EDITOR]))


@pytest.mark.parametrize("posted", [{}, {"title": "半张表单"}, {"pictures-count": "x"}])
def test_half_a_form_is_a_bad_request_with_a_sentence(editor, posted):
    answer = editor.post(ADDRESS, posted)

    assert answer.status_code == 400
    assert "本次没有任何改动" in answer.content.decode()


@pytest.mark.parametrize("error", [KeyError("x"), ValueError("x"), MultiValueDictKeyError("x"), RuntimeError("x")])
def test_other_errors_stay_errors(rf, error):
    assert Refusals(lambda request: None).process_exception(rf.post("/"), error) is None
