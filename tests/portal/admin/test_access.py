"""Who gets into the Wagtail admin and how far; who does not is told so, on a page that leads back."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page, PageViewRestriction

from portal.demo.loaders import ROLES
from portal.enums import Role
from portal.models import InformationPage
from portal.registry.demo import data
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db

ENTER = {Role.TRAINER, Role.EDITOR, Role.MANAGER, Role.REGIONAL_ADMINISTRATOR, Role.ADMINISTRATOR, Role.AUDITOR}
BODY = "<p>周六停机检修。</p>"


def demo_people():
    return [
        pytest.param([Role(ROLES.get(role, role)) for role in entry["roles"]], id=entry["staff_no"])
        for entry in data("people")["people"]
        if entry["sign_in"]
    ]


@pytest.mark.parametrize("roles", demo_people())
@pytest.mark.parametrize("address", ["/cms/", "/cms/pages/", "/cms/login/?next=/cms/"])
def test_everybody_gets_an_answer_at_the_admin(client_of, roles, address):
    answer = client_of(PersonFactory(roles=roles)).get(address, follow=True)
    if ENTER & set(roles):
        assert (answer.status_code, answer.request["PATH_INFO"].startswith("/cms/")) == (200, True)
    else:
        assert answer.status_code == 403
        assert 'href="/"' in answer.content.decode()


def test_a_page_for_one_group_is_not_there_for_others(client_of):
    page = Page.objects.get(depth=2).add_child(instance=InformationPage(title="通知", slug="notice", body=BODY))
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(Group.objects.get(name=Role.TRAINER))
    assert client_of(PersonFactory(roles=[Role.TRAINER])).get("/notice/").status_code == 200
    assert client_of(PersonFactory(roles=[Role.EDITOR])).get("/notice/").status_code == 404
    assert client_of().get("/notice/").status_code == client_of().get("/invented/").status_code == 404


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMINISTRATOR])
def test_editors_and_administrators_keep_search(client_of, role):
    client = client_of(PersonFactory(roles=[role]))
    promoted = Page.objects.get(depth=2)
    form = {
        "query_string": "冰柜结霜",
        "editors_picks-TOTAL_FORMS": "1",
        "editors_picks-INITIAL_FORMS": "0",
        "editors_picks-MIN_NUM_FORMS": "0",
        "editors_picks-MAX_NUM_FORMS": "1000",
        "editors_picks-0-page": str(promoted.pk),
        "editors_picks-0-ORDER": "1",
    }
    answer = client.post(reverse("wagtailsearchpromotions:add"), form)
    assert answer["Location"] == reverse("wagtailsearchpromotions:index")
    picked = SearchPromotion.objects.get()
    assert (picked.page.pk, picked.query.query_string) == (promoted.pk, "冰柜结霜")
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    for address in ("wagtailsearchpromotions:index", "synonyms:index", "search_use_report"):
        assert client.get(reverse(address)).status_code == 200
        assert reverse(address) in home
    client.post(reverse("wagtailsearchpromotions:delete", args=[picked.query.pk]))
    assert not SearchPromotion.objects.exists()


@pytest.mark.parametrize("role", sorted(ENTER - {Role.EDITOR, Role.ADMINISTRATOR}))
def test_others_do_not_keep_search(client_of, role):
    client = client_of(PersonFactory(roles=[role]))
    assert client.get(reverse("wagtailsearchpromotions:index")).status_code == 302
