"""The page of a machine type: each part as the reader may see it."""

import pytest

from portal.enums import Audience, Role, Tier
from tests.factories.courses import TrainingModuleFactory
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory
from tests.factories.portal import EquipmentModelFactory, EquipmentUnitFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def model():
    return EquipmentModelFactory(code="RF/6M-1", name="六门冰柜")


def test_it_gathers_guides_manuals_modules_and_machines(model, client_of):
    hq = OrganisationFactory()
    article = FaultArticleFactory(category=model.category, equipment=[model])
    manual = ManualEditionFactory(manual__category=model.category).manual
    module = TrainingModuleFactory(category=model.category)
    EquipmentUnitFactory(model=model, customer=OrganisationFactory(parent=hq, tier=Tier.CUSTOMER))
    answer = client_of(PersonFactory(organisation=hq, roles=[Role.ENGINEER])).get(model.get_absolute_url())
    page = answer.content.decode()
    for found in (article.title, manual.title, module.title):
        assert found in page
    assert answer.context["units"] == 1


def test_a_stranger_sees_its_name_and_what_is_public(model, client_of):
    hidden = FaultArticleFactory(category=model.category, equipment=[model], title="内部处理")
    shown = FaultArticleFactory(category=model.category, equipment=[model], audience=Audience.PUBLIC)
    EquipmentUnitFactory(model=model)
    answer = client_of().get(model.get_absolute_url())
    page = answer.content.decode()
    assert "六门冰柜" in page
    assert shown.title in page
    assert hidden.title not in page
    assert answer.context["units"] == 0


def test_unknown_models_are_404(client_of):
    assert client_of().get("/equipment/NONE/").status_code == 404


def test_articles_machines_and_searches_lead_there(model, client_of):
    reader = PersonFactory(organisation=OrganisationFactory(), roles=[Role.ENGINEER])
    article = FaultArticleFactory(category=model.category, equipment=[model])
    unit = EquipmentUnitFactory(model=model)
    for address in (article.get_absolute_url(), f"/units/{unit.pk}/"):
        assert f'href="{model.get_absolute_url()}"' in client_of(reader).get(address).content.decode()
