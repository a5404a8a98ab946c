"""What a device may keep: pages that say so, for one person, nothing restricted and nothing private."""

import json
import re

import pytest
from django.urls import reverse

from portal.enums import Audience, Role
from portal.models import PortalSettings
from portal.offline.keeping import NOBODY, owner_of
from tests.factories.kb import DiagnosisGuideFactory, FaultArticleFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    person = PersonFactory(roles=[Role.MANAGER], organisation=OrganisationFactory())
    client.force_login(person)
    return person


def test_article_names_its_reader_to_the_device_without_naming_them(client, manager):
    article = FaultArticleFactory(title="蒸发器结霜")
    response = client.get(f"{article.get_absolute_url()}?answered=yes")
    assert response["X-Offline-Keep"] == article.get_absolute_url()
    assert response["X-Offline-Owner"] == owner_of(manager) != owner_of(PersonFactory())
    assert manager.staff_number not in response["X-Offline-Owner"]
    assert f'<meta name="device-owner" content="{owner_of(manager)}">' in response.content.decode()
    assert response["Cache-Control"] == "private, no-store", "the browser's own cache stays empty on a shared computer"


def test_restricted_content_is_never_kept(client, manager):
    article = FaultArticleFactory(audience=Audience.RESTRICTED)
    guide = DiagnosisGuideFactory(audience=Audience.RESTRICTED)
    for address in (article.get_absolute_url(), guide.get_absolute_url(), f"{guide.get_absolute_url()}whole/"):
        response = client.get(address)
        assert response.status_code == 200
        assert "X-Offline-Keep" not in response
        assert "data-pin" not in response.content.decode()


def test_whichever_page_of_a_guide_is_opened_the_whole_guide_is_kept(client, manager):
    guide = DiagnosisGuideFactory()
    whole = reverse("kb:guide_whole", args=[guide.number])
    for address in (guide.get_absolute_url(), f"{guide.get_absolute_url()}step/", whole):
        response = client.get(address)
        assert (response["X-Offline-Keep"], response["X-Offline-Covers"]) == (whole, guide.get_absolute_url())


@pytest.mark.parametrize(
    "address",
    ["/", "/me/", "/kb/", "/kb/faults/", "/kb/cases/", "/certification/duty/", "/certification/", "/search/?q=E6"],
)
def test_lists_and_private_pages_are_not_kept(client, manager, address):
    assert "X-Offline-Keep" not in client.get(address)


def test_public_article_is_read_again_by_a_browser_without_worker(client):
    article = FaultArticleFactory(audience=Audience.PUBLIC)
    response = client.get(article.get_absolute_url())
    assert response["X-Offline-Owner"] == NOBODY
    assert response["Cache-Control"] == "max-age=600"
    assert "Cookie" in response["Vary"], "the page of somebody signed in is another one"


def test_error_page_is_not_kept(client, manager):
    response = client.get("/kb/faults/NOT-THERE/")
    assert (response.status_code, response.headers.get("X-Offline-Keep")) == (404, None)


def test_manifest_bears_the_name_of_the_settings(client):
    settings = PortalSettings.load()
    settings.site_name = "后厨通"
    settings.save()
    response = client.get("/manifest.webmanifest")
    facts = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert (facts["name"], facts["start_url"], facts["scope"], facts["display"]) == ("后厨通", "/", "/", "standalone")
    assert {icon["purpose"] for icon in facts["icons"]} == {"any", "maskable"}
    assert {icon["sizes"] for icon in facts["icons"]} == {"192x192", "512x512"}


def test_worker_is_served_from_the_top_and_asked_for_anew(client):
    response = client.get("/sw.js")
    script = response.content.decode()
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    facts = json.loads(re.match(r"const PORTAL = (.*);", script)[1])
    assert facts["page"] == "/offline/"
    assert len(facts["version"]) == 12
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]


def test_page_of_the_device_names_nobody(client, manager):
    page = client.get("/offline/").content.decode()
    assert "device-owner" not in page
    assert manager.name not in page
    assert "csrf-token" not in page


def test_token_says_who_holds_the_device(client, manager):
    manager.organisation.phone = "028-1"
    manager.organisation.save()
    response = client.get("/offline/token/")
    facts = response.json()
    assert facts["owner"] == owner_of(manager)
    assert facts["also"] == ["/kb/cases/new/"]
    assert facts["phones"] == [{"name": manager.organisation.name, "phone": "028-1"}]
    assert "no-store" in response["Cache-Control"]


def test_token_of_nobody_gives_nothing_away(client):
    facts = client.get("/offline/token/").json()
    assert (facts["owner"], facts["also"], facts["phones"]) == (NOBODY, [], [])
