"""What a first visit loads for working without a network; the rest comes where it is used."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from portal.enums import Audience, Role
from portal.offline.worker import SCRIPT, worker_script
from tests.factories.kb import DiagnosisGuideFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
SCRIPTS = Path(settings.BASE_DIR) / "static" / "js" / "offline"
#: Bytes, uncompressed.
FIRST_VISIT = 15 * 1024
SIGNED_IN = 22 * 1024


@pytest.fixture
def manager(db):
    return PersonFactory(roles=[Role.MANAGER], organisation=OrganisationFactory())


def loaded(client, address):
    """Return the names of the offline scripts of a page, each as often as it stands there."""
    html = client.get(address).content.decode()
    return re.findall(r'<script src="[^"]*js/offline/(\w+)(?:\.[0-9a-f]+)?\.js"', html)


def weight(names):
    return sum((SCRIPTS / f"{name}.js").stat().st_size for name in names)


@pytest.mark.parametrize("address", ["/", "/kb/faults/", "/search/?q=E6", "/accounts/login/"])
def test_a_signed_out_visit_loads_only_what_it_needs(client, address):
    names = loaded(client, address)
    assert names == ["store", "device"]
    assert weight(names) + len(worker_script("/offline/").encode()) <= FIRST_VISIT


def test_who_is_signed_in_sends_what_waits(client_of, manager):
    names = loaded(client_of(manager), "/")
    assert names == ["store", "outbox", "device", "waiting"]
    assert weight(names) + len(worker_script("/offline/").encode()) <= SIGNED_IN


def test_the_page_of_the_device_and_a_public_guide_have_what_they_use(client, client_of, manager):
    guide = DiagnosisGuideFactory(audience=Audience.PUBLIC)
    whole = reverse("kb:guide_whole", args=[guide.number])
    assert loaded(client, whole) == ["store", "device", "outbox", "waiting", "guide"]
    assert loaded(client, reverse("offline")) == ["store", "device", "outbox", "waiting", "page"]
    for address in (whole, reverse("offline")):
        names = loaded(client_of(manager), address)
        assert len(names) == len(set(names)) == 5


def test_the_worker_is_served_without_its_remarks_and_otherwise_whole():
    served, written = worker_script("/offline/"), SCRIPT.read_text(encoding="utf-8")
    assert "/*" not in served
    bare = re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL)
    assert "".join(bare.split()) in "".join(served.split())
