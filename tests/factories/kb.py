"""Factories of the knowledge base."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from kb.enums import CitationChoice, ManualKind, Severity
from kb.faults.domain import publish_fault
from kb.manuals.domain import publish_edition
from kb.models import (
    CausePair,
    FaultArticle,
    FaultCode,
    FaultSource,
    Manual,
    ManualChapter,
    ManualEdition,
    SafetyNote,
)
from portal.enums import Audience
from tests.factories.portal import EquipmentCategoryFactory


class FaultArticleFactory(DjangoModelFactory):
    """A published article for staff with one warning, one pair and a source.

    ``codes=["E6"]``, ``safety=["…"]``, ``pairs=[{…}]``, ``sources=[…]``, ``equipment=[…]`` and ``cards=[…]`` replace
    the rows;
    ``published=False`` leaves a draft nobody may read.
    """

    class Meta:
        model = FaultArticle
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: f"FA-{n:04}")
    title = factory.Sequence(lambda n: f"不制冷 {n}")
    symptom = "柜内温度不降"
    category = factory.SubFactory(EquipmentCategoryFactory)
    severity = Severity.STOP
    audience = Audience.STAFF

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        codes = kwargs.pop("codes", [])
        safety = kwargs.pop("safety", ["断电并挂牌后再打开机组罩"])
        pairs = kwargs.pop("pairs", [{"cause": "冷凝器脏堵", "check_text": "看翅片", "remedy": "清洗冷凝器"}])
        sources = kwargs.pop("sources", [{"key": "manual", "kind": "维修手册"}])
        equipment = kwargs.pop("equipment", [])
        cards = kwargs.pop("cards", [])
        published = kwargs.pop("published", True)
        article = model_class(*args, live=False, **kwargs)
        article.codes = [FaultCode(code=code) for code in codes]
        article.safety_notes = [SafetyNote(text=text) for text in safety]
        article.pairs = [CausePair(**pair) for pair in pairs]
        article.sources = [FaultSource(**source) for source in sources]
        article.equipment = equipment
        article.required_certificates = cards
        article.save()
        return publish_fault(article) if published else article


class ManualFactory(DjangoModelFactory):
    """A manual without editions."""

    class Meta:
        model = Manual

    number = factory.Sequence(lambda n: f"SM-{n:03}")
    title = factory.Sequence(lambda n: f"维修手册 {n}")
    kind = ManualKind.REPAIR
    category = factory.SubFactory(EquipmentCategoryFactory)
    audience = Audience.STAFF


class ManualChapterFactory(DjangoModelFactory):
    """A chapter with one paragraph; its edition must still be a draft."""

    class Meta:
        model = ManualChapter

    number = factory.Sequence(lambda n: str(n + 1))
    title = factory.Sequence(lambda n: f"章节 {n}")
    body = factory.LazyFunction(lambda: [("text", "<p>断电后打开机组罩。</p>")])


class ManualEditionFactory(DjangoModelFactory):
    """A published edition with two chapters; ``published=False`` leaves a draft, ``chapters=["…"]`` names them."""

    class Meta:
        model = ManualEdition

    manual = factory.SubFactory(ManualFactory)
    edition = factory.Sequence(lambda n: f"A/{n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        titles = kwargs.pop("chapters", ["产品的结构与特点", "常见故障的分析及处理方法"])
        published = kwargs.pop("published", True)
        day = kwargs.pop("published_on", dt.date(2026, 3, 18))
        edition = model_class.objects.create(*args, **kwargs)
        for position, title in enumerate(titles):
            ManualChapterFactory(edition=edition, sort_order=position, number=str(position + 1), title=title)
        return publish_edition(edition, decisions=CitationChoice.STAY, published_on=day) if published else edition


__all__ = [
    "FaultArticleFactory",
    "ManualChapterFactory",
    "ManualEditionFactory",
    "ManualFactory",
]
