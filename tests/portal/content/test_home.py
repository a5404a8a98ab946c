"""The front page, one's own page, pages of prose, refusals."""

import pytest
from django.urls import path, reverse

from portal.demo.loaders import load_pages
from portal.enums import Audience, Role, Tier
from portal.errors import UnknownEquipment
from portal.models import HomePage, InformationPage
from portal.registry.tiles import Tile, _home_makers, register_home_tile
from portal.urls import urlpatterns as portal_urlpatterns
from tests.factories.portal import AssignmentFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def refuse(request):
    """A view whose verb refuses."""
    raise UnknownEquipment(equipment="<b>咖啡机</b>")


urlpatterns = [path("refuse/", refuse), *portal_urlpatterns]


@pytest.fixture
def readers():
    """One person of each kind."""
    staff, customer = OrganisationFactory(), OrganisationFactory(tier=Tier.CUSTOMER)
    return {
        "nobody": None,
        "customer": PersonFactory(organisation=customer, roles=[Role.CUSTOMER_CONTACT]),
        "engineer": PersonFactory(organisation=staff, roles=[Role.ENGINEER]),
        "auditor": PersonFactory(organisation=staff, roles=[Role.AUDITOR]),
    }


def test_front_page_stands_before_an_editor_has_made_one(client):
    HomePage.objects.all().delete()
    page = client.get("/")
    assert page.status_code == 200
    assert 'id="home-search"' in page.content.decode()


def test_anonymous_front_page_offers_search_and_sign_in(client):
    load_pages()
    text = client.get("/").content.decode()
    assert text.index('id="home-search"') < text.index(reverse("account_login") + '"', text.index('id="home-search"'))
    assert "服务承诺" in text
    assert "规章制度" not in text
    assert "csrfmiddlewaretoken" not in text


def test_front_page_greets_with_role_and_place(client_of, readers):
    text = client_of(readers["engineer"]).get("/").content.decode()
    assert f"{readers['engineer'].name}，您好" in text
    assert "工程师" in text


def test_panels_stand_in_their_order(client_of, readers, monkeypatch):
    monkeypatch.setattr("portal.registry.tiles._home_makers", [])
    register_home_tile(2, lambda request: Tile("components/tag.html", {"label": "b"}))
    register_home_tile(1, lambda request: None)
    register_home_tile(0, lambda request: Tile("components/tag.html", {"label": "a"}))
    panels = client_of(readers["engineer"]).get("/").context["panels"]
    assert [panel.context["label"] for panel in panels] == ["a", "b"]
    assert _home_makers != panels


OPENS = [
    (Audience.PUBLIC, {"nobody", "customer", "engineer", "auditor"}),
    (Audience.CUSTOMERS, {"customer", "engineer", "auditor"}),
    (Audience.STAFF, {"engineer", "auditor"}),
    (Audience.RESTRICTED, {"auditor"}),
]


@pytest.mark.parametrize(("audience", "allowed"), OPENS)
def test_page_of_prose_opens_and_is_listed_for_its_audience_only(client_of, readers, audience, allowed):
    load_pages()
    page = InformationPage.objects.get(slug="regulations")
    page.audience = audience
    page.save_revision().publish()
    opened, listed = set(), set()
    for name, reader in readers.items():
        client = client_of(reader)
        answer = client.get(page.get_url())
        assert answer.status_code == (200 if name in allowed else 404)
        opened |= {name} if answer.status_code == 200 else set()
        listed |= {name} if page.title in client.get("/").content.decode() else set()
    assert opened == listed == allowed


def test_draft_is_open_to_nobody(client_of, readers):
    load_pages()
    page = InformationPage.objects.get(slug="privacy")
    page.unpublish()
    assert client_of(readers["auditor"]).get("/privacy/").status_code == 404
    assert "隐私说明" not in client_of().get("/").content.decode()


def test_own_page_shows_the_record_and_masks_the_number(client_of):
    person = PersonFactory(mobile="13800000001", roles=[Role.ENGINEER])
    now = AssignmentFactory(person=person, position__title="技术工程师", position__responsibilities="维修\n保养")
    AssignmentFactory(position__title="别人的岗位")
    text = client_of(person).get(reverse("me")).content.decode()
    assert now.position.title in text
    assert "保养" in text
    assert "138****0001" in text
    assert "13800000001" not in text
    assert "别人的岗位" not in text


def test_own_page_needs_a_sign_in_and_is_kept_nowhere(client, client_of, readers):
    assert client.get(reverse("me")).status_code == 302
    assert "no-store" in client_of(readers["engineer"]).get(reverse("me"))["Cache-Control"]


@pytest.mark.parametrize("count", [1, 3])
def test_own_page_asks_the_same_number_of_queries_for_any_length(client_of, count, django_assert_max_num_queries):
    person = PersonFactory(roles=[Role.ENGINEER])
    AssignmentFactory.create_batch(count, person=person)
    client = client_of(person)
    client.get(reverse("me"))
    with django_assert_max_num_queries(25) as asked:
        client.get(reverse("me"))
    assert not [query for query in asked.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.urls("tests.portal.content.test_home")
def test_refused_act_is_explained_and_escaped(client):
    answer = client.get("/refuse/")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "没有找到名为“&lt;b&gt;咖啡机&lt;/b&gt;”的设备" in text
    assert "<b>咖啡机" not in text


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/me/", "/me/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_language_switch_goes_back_but_nowhere_else(client, back, leads):
    answer = client.post(reverse("set_language"), {"language": "en", "next": back})
    assert (answer.status_code, answer["Location"]) == (302, leads)
    assert answer.cookies["django_language"].value == "en"


def test_language_switch_ignores_what_it_does_not_speak(client):
    answer = client.post(reverse("set_language"), {"language": "xx"})
    assert not answer.cookies
    assert client.get(reverse("set_language")).status_code == 405
