"""Guides and manuals on the page a machine's label opens: each reader sees their audience."""

import pytest
from django.urls import reverse

from portal.enums import Audience
from portal.equipment.domain import label_token
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import EquipmentModelFactory, EquipmentUnitFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    """A machine with a public and a staff article, and one of another machine."""
    model = EquipmentModelFactory(name="冷库")
    for title, audience in (("公开文章", Audience.PUBLIC), ("员工文章", Audience.STAFF)):
        FaultArticleFactory(title=title, audience=audience, equipment=[model])
    FaultArticleFactory(title="别的设备", audience=Audience.PUBLIC, equipment=[EquipmentModelFactory()])
    return EquipmentUnitFactory(model=model)


def test_label_shows_guides_of_this_model_by_audience(client_of, unit):
    address = reverse("unit", args=[label_token(unit).secret])
    nobody, staff = (client_of(reader).get(address).content.decode() for reader in (None, PersonFactory()))
    assert "公开文章" in nobody
    assert "员工文章" not in nobody
    assert "员工文章" in staff
    assert "别的设备" not in staff
