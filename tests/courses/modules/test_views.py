"""Catalogue and module page."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from portal.enums import Audience, Role
from portal.models import AuditEvent, PortalImage
from tests.factories.courses import (
    ModuleTopicFactory,
    TrainingModuleFactory,
)
from tests.factories.portal import OrganisationFactory, PersonFactory


def url(name: str, *args) -> str:
    return reverse(f"courses:{name}", args=args)


def test_catalogue_shows_readers_what_is_for_them(client_of, world):
    public = TrainingModuleFactory(audience=Audience.PUBLIC, title="公开模块")
    TrainingModuleFactory(audience=Audience.CUSTOMERS, title="客户模块")
    TrainingModuleFactory(audience=Audience.RESTRICTED, title="内部模块")
    TrainingModuleFactory(audience=Audience.PUBLIC, title="草稿模块", live=False)
    titles = ("公开模块", "客户模块", "内部模块", "草稿模块", world.module.title)
    seen = {
        who: [title for title in titles if title in client_of(person).get(url("catalogue")).text]
        for who, person in {"nobody": None, "customer": world.contact, "staff": world.technician}.items()
    }
    assert seen == {
        "nobody": ["公开模块"],
        "customer": ["公开模块", "客户模块"],
        "staff": ["公开模块", "客户模块", world.module.title],
    }
    assert client_of().get(url("module", public.code)).status_code == 200


def test_module_one_may_not_open_is_not_there(client_of, world):
    address = url("module", world.module.code)
    assert client_of().get(address).status_code == 404
    assert client_of(world.contact).get(address).status_code == 404
    assert client_of(world.technician).get(address).status_code == 200
    assert client_of(world.technician).get(url("module", "no-such")).status_code == 404


def test_draft_module_is_not_there(client_of, world):
    draft = TrainingModuleFactory(live=False)
    assert client_of(world.trainer).get(url("module", draft.code)).status_code == 404


def test_anonymous_pages_set_no_cookie_and_hold_no_token(client_of, world):
    module = TrainingModuleFactory(audience=Audience.PUBLIC)
    for address in (url("catalogue"), url("module", module.code)):
        response = client_of().get(address)
        assert not response.cookies
        assert "csrfmiddlewaretoken" not in response.text


def test_catalogue_is_narrowed_by_category_and_level(client_of, world):
    other = TrainingModuleFactory(title="高级模块", level="advanced")
    client = client_of(world.technician)
    by_level = client.get(url("catalogue"), {"level": "advanced"}).text
    assert "高级模块" in by_level
    assert world.module.title not in by_level
    by_category = client.get(url("catalogue"), {"category": world.module.category.code}).text
    assert world.module.title in by_category
    assert other.title not in by_category
    assert "没有符合条件的模块" in client.get(url("catalogue"), {"category": "none"}).text


def test_module_page_offers_the_sessions_one_may_book(client_of, world, make_session):
    ModuleTopicFactory(module=world.module, text="产品的特点")
    make_session(title="可以报名的场次")
    make_session(title="东区的场次", organisation=world.east)
    page = client_of(world.technician).get(url("module", world.module.code)).text
    assert "产品的特点" in page
    assert "可以报名的场次" in page
    assert "东区的场次" not in page
    assert "8 小时" in page


@pytest.mark.django_db
def test_drawings_of_a_restricted_module_carry_the_readers_name(client_of, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    drawn = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" width="960" height="640"></svg>'
    image = PortalImage.objects.create(
        title="泵", audience=Audience.STAFF, width=960, height=640, file=ContentFile(drawn, name="pump.svg")
    )
    module = TrainingModuleFactory(audience=Audience.RESTRICTED)
    ModuleTopicFactory(module=module, drawings=[image])
    trainer = PersonFactory(organisation=OrganisationFactory(), roles=[Role.TRAINER])
    engineer = PersonFactory(organisation=trainer.organisation, roles=[Role.ENGINEER])
    answer = client_of(trainer).get(reverse("kb:picture_file", args=["module", module.code, image.pk, 480]))
    assert trainer.staff_number in answer.content.decode()
    by_address = client_of(trainer).get(image.file.url)
    assert not by_address.streaming
    assert trainer.staff_number in by_address.content.decode()
    assert client_of(engineer).get(image.file.url).status_code == 404
    assert (
        AuditEvent.objects.filter(action="portal.restricted_taken").earliest("pk").subject
        == f"courses.trainingmodule:{module.pk}"
    )
