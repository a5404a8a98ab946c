"""What Wagtail's own forms write is recorded, in the transaction that writes it."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, Site

from portal.access import audit
from portal.admin.audit_words import shown
from portal.models import AuditEvent, InformationPage, PortalDocument, PortalImage, PortalSettings
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return PersonFactory(staff_number="S900", is_superuser=True)


@pytest.fixture
def client(client_of, keeper):
    """A superuser's browser."""
    return client_of(keeper)


@pytest.fixture
def image():
    return PortalImage.objects.create(title="压缩机", file=get_test_image_file())


@pytest.fixture
def collection():
    return Collection.get_first_root_node().add_child(name="图纸")


@pytest.fixture
def notice():
    return Page.objects.get(depth=2).add_child(instance=InformationPage(title="通知", slug="notice", body="<p>好</p>"))


def post(client, view, *args, **form):
    answer = client.post(reverse(view, args=args), form)
    assert answer.status_code == 302, answer.context["form"].errors


def events(keeper):
    """Return acts, subjects and changed fields with old and new values, of what the keeper did."""
    return [
        (event.action, {change["field"]: (change["old"], change["new"]) for change in event.detail["changes"]})
        for event in AuditEvent.objects.filter(actor=keeper).exclude(action="portal.signed_in").order_by("pk")
    ]


def test_image_is_recorded_from_upload_to_removal(client, keeper, image, collection):
    form = {"title": "压缩机铭牌", "tags": "冷库", "collection": collection.pk, "audience": "staff"}
    post(client, "wagtailimages:edit", image.pk, **form, focal_point_x="", focal_point_y="")
    post(client, "wagtailimages:edit", image.pk, **form)
    post(client, "wagtailimages:delete", image.pk)

    (changed, changes), (deleted, lost) = events(keeper)
    assert (changed, deleted) == ("portal.portalimage_changed", "portal.portalimage_deleted")
    assert changes["title"] == ("压缩机", "压缩机铭牌")
    assert changes["collection"] == ("Root", "图纸")
    assert changes["tags"][1] == ["冷库"]
    assert lost["title"] == ("压缩机铭牌", None)
    assert AuditEvent.objects.get(action=deleted).detail["was"] == "压缩机铭牌"


def test_uploads_are_recorded(client, keeper):
    root = Collection.get_first_root_node().pk
    paper = SimpleUploadedFile("a.txt", b"text")
    picture = SimpleUploadedFile("b.png", get_test_image_file().file.getvalue(), "image/png")
    post(client, "wagtaildocs:add", title="操作规程", file=paper, collection=root, audience="staff")
    post(client, "wagtailimages:add", title="铭牌", file=picture, collection=root, audience="staff")

    assert [(action, changes["title"]) for action, changes in events(keeper)] == [
        ("portal.portaldocument_added", (None, "操作规程")),
        ("portal.portalimage_added", (None, "铭牌")),
    ]


def test_document_is_recorded(client, keeper, collection):
    document = PortalDocument.objects.create(title="旧名", file=ContentFile(b"x", name="x.txt"))
    post(client, "wagtaildocs:edit", document.pk, title="新名", collection=collection.pk, audience="staff")
    post(client, "wagtaildocs:delete", document.pk)
    (changed, changes), (deleted, lost) = events(keeper)
    assert changes == {"title": ("旧名", "新名"), "collection": ("Root", "图纸")}
    assert (changed, deleted) == ("portal.portaldocument_changed", "portal.portaldocument_deleted")
    assert lost["title"] == ("新名", None)


def test_several_images_at_once_are_recorded_once_each(client, keeper, image, collection):
    other = PortalImage.objects.create(title="蒸发器", file=get_test_image_file())
    address = reverse("wagtail_bulk_action", args=["portal", "portalimage", "delete"])
    assert client.post(f"{address}?id={image.pk}&id={other.pk}", {"next": "/cms/"}).status_code == 302
    assert [action for action, _changes in events(keeper)] == ["portal.portalimage_deleted"] * 2


def test_collections_are_recorded(client, keeper, collection):
    root = Collection.get_first_root_node()
    post(client, "wagtailadmin_collections:add", name="照片", parent=root.pk)
    post(client, "wagtailadmin_collections:edit", collection.pk, name="图册", parent=root.pk)
    group = Group.objects.create(name="图纸组")
    privacy = reverse("wagtailadmin_collections:set_privacy", args=[collection.pk])
    for form in ({"restriction_type": "groups", "groups": [group.pk]}, {"restriction_type": "none"}):
        assert client.post(privacy, form).status_code == 200
    post(client, "wagtailadmin_collections:delete", collection.pk)

    told = events(keeper)
    assert [action for action, _changes in told] == [
        "wagtailcore.collection_added",
        "wagtailcore.collection_changed",
        "wagtailcore.collectionviewrestriction_added",
        "wagtailcore.collectionviewrestriction_deleted",
        "wagtailcore.collection_deleted",
    ]
    assert told[1][1] == {"name": ("图纸", "图册")}
    assert told[2][1]["groups"] == (None, ["图纸组"])
    assert "password" not in told[2][1]


def test_site_and_redirects_are_recorded(client, keeper):
    site = Site.objects.get()
    form = {"hostname": "duty.example.com", "port": 80, "site_name": "", "root_page": site.root_page_id}
    post(client, "wagtailsites:edit", site.pk, **form, is_default_site="on")
    post(client, "wagtailredirects:add", old_path="/alt/", is_permanent="on", redirect_link="https://example.com/neu/")
    (changed, changes), (added, _values) = events(keeper)
    assert (changed, changes["hostname"]) == ("wagtailcore.site_changed", (site.hostname, "duty.example.com"))
    assert added == "wagtailredirects.redirect_added"
    assert Redirect.objects.count() == 1


def test_page_is_recorded_when_it_is_moved_withdrawn_and_restricted(client, keeper, notice):
    place = Page.objects.get(depth=2).add_child(instance=InformationPage(title="规章", slug="rules", body="<p>好</p>"))
    post(client, "wagtailadmin_pages:unpublish", notice.pk)
    InformationPage.parent_page_types = [*InformationPage.parent_page_types, "portal.InformationPage"]
    client.post(reverse("wagtailadmin_pages:move_confirm", args=[notice.pk, place.pk]), {})
    privacy = reverse("wagtailadmin_pages:set_privacy", args=[notice.pk])
    assert client.post(privacy, {"restriction_type": "login"}).status_code == 200
    told = events(keeper)
    assert told[0] == ("portal.page_withdrawn", {"live": (True, False)})
    assert told[-1][0] == "wagtailcore.pageviewrestriction_added"


def test_the_log_says_it_in_words(client, keeper, notice):
    post(client, "wagtailadmin_pages:unpublish", notice.pk)
    (line,) = shown(AuditEvent.objects.filter(action="portal.page_withdrawn"), keeper)
    assert (line.verb, line.subject) == ("页面已撤下", "资讯页面 通知")


def test_opening_a_form_and_previewing_records_nothing(client, keeper, notice, collection):
    assert client.get(reverse("wagtailadmin_collections:edit", args=[collection.pk])).status_code == 200
    assert client.post(reverse("wagtailadmin_pages:preview_on_edit", args=[notice.pk]), {}).status_code == 200
    assert events(keeper) == []


# --- all or nothing ---------------------------------------------------------------------------------------------------


@pytest.fixture
def broken_log(client, monkeypatch):
    """An audit log that cannot be written; the browser is signed in already."""

    def refuse(*args, **kwargs):
        raise OSError("no space left")

    client.raise_request_exception = False
    monkeypatch.setattr(audit, "record", refuse)


@pytest.mark.usefixtures("broken_log")
def test_settings_are_not_saved_without_their_event(client):
    settings = PortalSettings.load()
    address = reverse("wagtailsettings:edit", args=["portal", "portalsettings", settings.pk])
    form = client.get(address).context["form"]
    values = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, False)}
    answer = client.post(address, values | {"site_name": "别名"})
    assert answer.status_code == 500
    assert PortalSettings.objects.get().site_name == settings.site_name


@pytest.mark.usefixtures("broken_log")
def test_image_is_not_saved_without_its_event(client, image):
    form = {"title": "新名", "collection": image.collection_id, "audience": "staff"}
    assert client.post(reverse("wagtailimages:edit", args=[image.pk]), form).status_code == 500
    assert PortalImage.objects.get().title == "压缩机"
