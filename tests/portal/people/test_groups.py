"""What groups may do and who holds a token is on record, with old and new values and without the secret."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import APIToken

from portal.enums import Role
from portal.models import AuditEvent
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_permissions_of_a_group_keep_old_and_new(client_of):
    group = Group.objects.create(name="值班")
    permission = Permission.objects.get(content_type__app_label="portal", codename="change_position")
    client = client_of(PersonFactory(is_superuser=True))
    address = reverse("wagtailusers_groups:edit", args=[group.pk])
    html = client.get(address).content.decode()
    counters = re.findall(r'name="([a-z_]+-(?:TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)"', html)
    form = dict.fromkeys(counters, 0) | {"name": "值班组", "permissions": [permission.pk]}
    answer = client.post(address, form)
    assert answer.status_code == 302
    assert AuditEvent.objects.get(action="portal.group_changed").detail["changes"] == [
        {"field": "name", "old": "值班", "new": "值班组"},
        {"field": "permissions", "old": [], "new": [str(permission)]},
    ]


def test_a_token_is_recorded_when_made_and_revoked_without_its_secret(client_of):
    hq = OrganisationFactory()
    administrator = PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR])
    client = client_of(administrator)
    page = client.post(reverse("wagtailusers_api_tokens:add"), {"name": "派工系统", "user": administrator.pk})
    token = APIToken.objects.get()
    client.post(reverse("wagtailusers_api_tokens:delete", args=[token.pk]))
    made, revoked = (AuditEvent.objects.get(action=f"portal.token_{act}").detail for act in ("made", "revoked"))
    assert {change["field"]: change["new"] for change in made["changes"]}["name"] == "派工系统"
    assert [change["field"] for change in revoked["changes"]] == ["revoked_at"]
    secret = page.context["token"]
    assert secret not in f"{made}{revoked}"
    assert token.key_hash not in f"{made}{revoked}"


@pytest.mark.parametrize("typed", ["Ｔ８１０", "工号：T810", "ouyangxiu", "oyx", "欧阳修"])
def test_list_of_people_is_searched_as_people_type(client_of, typed):
    wanted = PersonFactory(staff_number="T810", name="欧阳修")
    PersonFactory(staff_number="X999", name="钱多多")
    reader = PersonFactory(organisation=None, is_superuser=True)

    listed = client_of(reader).get(reverse("wagtailusers_users:index"), {"q": typed}).context["object_list"]

    assert list(listed) == [wanted]
