"""Guides in search: found by what people say; how hazardous steps are done is not in the index."""

import pytest

from kb.diagnosis.search import guide_documents, guides
from kb.diagnosis.tiles import diagnosis_tile
from portal.enums import Audience, Task
from tests.factories.kb import SHORT_TREE, DiagnosisGuideFactory
from tests.factories.portal import EquipmentCategoryFactory, EquipmentModelFactory, EquipmentUnitFactory

pytestmark = pytest.mark.django_db


def test_document_holds_questions_and_words_but_not_hazardous_work():
    machine = EquipmentModelFactory(code="RF-LK")
    steps = [SHORT_TREE[0], {**SHORT_TREE[1], "task": Task.REPAIR}, *SHORT_TREE[2:]]
    DiagnosisGuideFactory(number="DG-1", aliases="冷库不冷\n不降温", equipment=[machine], steps=steps)
    [document] = [document for guide in guides() for document in guide_documents(guide)]
    assert (document.kind, document.ref, document.aliases) == ("guide", "DG-1", ("冷库不冷", "不降温"))
    assert document.equipment == ("RF-LK",)
    assert "压力正常吗？" in document.text
    assert "接压力表组" not in document.text


def test_draft_has_no_document():
    assert list(guide_documents(DiagnosisGuideFactory(published=False))) == []


def test_label_page_shows_guides_of_the_model_and_of_its_category(rf, engineer):
    above = EquipmentCategoryFactory()
    category = EquipmentCategoryFactory(parent=above)
    unit = EquipmentUnitFactory(model=EquipmentModelFactory(category=category))
    DiagnosisGuideFactory(number="DG-1", category=category, equipment=[unit.model])
    DiagnosisGuideFactory(number="DG-2", category=above)
    DiagnosisGuideFactory(number="DG-3", category=category, equipment=[EquipmentModelFactory()])
    DiagnosisGuideFactory(number="DG-4")
    DiagnosisGuideFactory(number="DG-5", category=category, audience=Audience.RESTRICTED)
    request = rf.get("/")
    request.user = engineer
    tile = diagnosis_tile(request, unit.model)
    assert [guide.number for guide in tile.context["guides"]] == ["DG-1", "DG-2"]
