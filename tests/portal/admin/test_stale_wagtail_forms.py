"""Wagtail's own forms of records without revisions refuse stale saves too."""

import gc
import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.urls import reverse
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Collection, GroupCollectionPermission

from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.models import PortalDocument, PortalImage
from tests.factories.portal import OrganisationFactory, PersonFactory
from tests.portal.admin.test_stale import fields_of

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def client(client_of, db, settings, tmp_path):
    """The administrator's browser."""
    settings.MEDIA_ROOT = tmp_path
    synchronise_roles()
    roles = [Role.ADMINISTRATOR, Role.EDITOR]
    yield client_of(PersonFactory(organisation=OrganisationFactory(), roles=roles, is_superuser=True))
    # Wagtail leaves the files it hashes to the garbage collector, which warns of them in whichever test comes next.
    gc.collect()


def image():
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(content, "PNG")
    return PortalImage.objects.create(title="机房", file=ImageFile(content, name="a.png"))


def document():
    return PortalDocument.objects.create(title="说明书", file=ContentFile(b"text", name="a.txt"))


def promotion():
    query = Query.get("冰柜")
    SearchPromotion.objects.create(query=query, external_link_url="https://example.com/a", external_link_text="甲")
    return query


CASES = {
    "image": (image, "wagtailimages:edit", "title"),
    "document": (document, "wagtaildocs:edit", "title"),
    "collection": (
        lambda: Collection.get_first_root_node().add_child(name="图纸"),
        "wagtailadmin_collections:edit",
        "name",
    ),
    "redirect": (
        lambda: Redirect.objects.create(old_path="/alt", redirect_link="https://example.com/neu"),
        "wagtailredirects:edit",
        "old_path",
    ),
    "promotion": (promotion, "wagtailsearchpromotions:edit", "editors_picks-0-external_link_text"),
    "group": (lambda: Group.objects.create(name="译员"), "wagtailusers_groups:edit", "name"),
}


@pytest.mark.parametrize("kind", CASES)
def test_stale_save_is_refused_with_both_values(client, kind):
    make, name, field = CASES[kind]
    address = reverse(name, args=[make().pk])
    opened = fields_of(client.get(address))
    assert opened["seen_version"]
    first = client.post(address, opened | {field: "/T9000"})
    assert first.status_code == 302, first.context["form"].errors
    refused = client.post(address, opened | {field: "/M7000"})
    html = refused.content.decode()
    assert (refused.status_code, "/T9000" in html, html.count("/M7000") >= 2) == (409, True, True)
    assert field not in fields_of(client.get(address)) or "/T9000" in str(fields_of(client.get(address))[field])
    assert client.post(address, fields_of(refused) | {field: "/M7000"}).status_code == 302
    assert "/M7000" in str(fields_of(client.get(address))[field])


def test_permissions_given_in_collections_are_not_taken_away_unseen(client):
    group = Group.objects.create(name="译员")
    address = reverse("wagtailusers_groups:edit", args=[group.pk])
    opened = fields_of(client.get(address))
    permission = Permission.objects.get(codename="add_portaldocument")
    GroupCollectionPermission.objects.create(
        group=group, collection=Collection.get_first_root_node(), permission=permission
    )
    refused = client.post(address, opened)
    assert refused.status_code == 409
    assert permission.name in refused.content.decode()
    assert group.collection_permissions.count() == 1
