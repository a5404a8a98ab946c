"""What the knowledge base gives to search."""

import pytest

from kb.enums import CitationChoice
from kb.faults.domain import withdraw_fault
from kb.faults.search import fault_documents, faults
from kb.manuals.domain import new_edition, publish_edition
from kb.manuals.search import manual_documents, manuals
from kb.manuals.verdicts import EDITORIAL
from kb.models import CausePair, FaultArticle, Manual, ManualChapter, ManualEdition
from portal.enums import Audience
from portal.registry.search import source_of
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory, ManualFactory
from tests.factories.portal import EquipmentAliasFactory, EquipmentModelFactory

pytestmark = pytest.mark.django_db


def test_article_gives_one_document_with_everything_it_is_found_by():
    machine = EquipmentModelFactory(name="卧式冰柜")
    EquipmentAliasFactory(model=machine, name="雪柜")
    article = FaultArticleFactory(
        codes=["E42", "E45"],
        equipment=[machine],
        category=machine.category,
        brand="格力",
        aliases="不凉\n冻不住",
        is_phone_doable=True,
        audience=Audience.CUSTOMERS,
    )
    (document,) = fault_documents(faults().get(pk=article.pk))
    assert document.ref == article.number
    assert document.codes == ("E42", "E45")
    assert document.equipment == (machine.code,)
    assert document.equipment_names[:2] == ("卧式冰柜", "雪柜")
    assert document.aliases == ("不凉", "冻不住")
    assert (document.brand, document.phone_doable, document.audience) == ("格力", True, Audience.CUSTOMERS)
    assert document.url == article.get_absolute_url()
    assert "清洗冷凝器" in document.text


def test_drafts_and_withdrawn_articles_give_nothing():
    draft = FaultArticleFactory(published=False)
    withdrawn = withdraw_fault(FaultArticleFactory())
    assert list(fault_documents(draft)) == []
    assert list(fault_documents(withdrawn)) == []
    assert not faults().exists()


def test_editors_note_is_not_found():
    article = FaultArticleFactory(note="待电话核实")
    (document,) = fault_documents(article)
    assert "待电话核实" not in document.text


def test_manual_gives_a_document_for_each_chapter_of_the_current_edition():
    old = ManualEditionFactory(edition="A/0", chapters=["结构", "保养"])
    draft = new_edition(old.manual, "A/1")
    assert [document.ref for document in manual_documents(old.manual)] == [
        f"{old.manual.number}#1",
        f"{old.manual.number}#2",
    ]
    draft.chapters.get(number="2").delete()
    publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL)
    (document,) = manual_documents(old.manual)
    assert document.address == f"/kb/manuals/{old.manual.number}/#chapter-1"
    assert "断电后打开机组罩" in document.text
    assert "<p>" not in document.text


def test_manual_without_a_published_edition_gives_nothing():
    draft = ManualEditionFactory(published=False)
    assert list(manual_documents(draft.manual)) == []
    assert not manuals().exists()


def test_manual_with_two_editions_is_listed_once():
    old = ManualEditionFactory(edition="A/0")
    ManualEditionFactory(manual=old.manual, edition="A/1")
    assert list(manuals()) == [old.manual]


def test_audience_of_a_chapter_is_its_manuals():
    edition = ManualEditionFactory(manual=ManualFactory(audience=Audience.RESTRICTED))
    assert {document.audience for document in manual_documents(edition.manual)} == {Audience.RESTRICTED}


def test_rows_lead_to_the_record_whose_document_they_change():
    article = FaultArticleFactory()
    edition = ManualEditionFactory()
    fault, manual = source_of("fault"), source_of("manual")
    assert (fault.model, manual.model) == (FaultArticle, Manual)
    assert fault.related[CausePair](article.pairs.get()) == [article]
    assert manual.related[ManualEdition](edition) == [edition.manual]
    assert manual.related[ManualChapter](edition.chapters.first()) == [edition.manual]


@pytest.mark.parametrize("articles", [1, 3])
def test_rebuilding_reads_articles_in_a_fixed_number_of_queries(django_assert_num_queries, articles):
    for _ in range(articles):
        FaultArticleFactory(codes=["E6"], equipment=[EquipmentModelFactory()])
    with django_assert_num_queries(8):
        assert len([document for article in faults() for document in fault_documents(article)]) == articles
