"""Factories of the knowledge base."""

import datetime as dt
import uuid

import factory
from factory.django import DjangoModelFactory

from kb.bulletins.domain import publish_bulletin
from kb.cases.domain import report_case
from kb.diagnosis.domain import publish_guide
from kb.enums import CitationChoice, ManualKind, Severity, StepKind
from kb.faults.domain import publish_fault
from kb.manuals.domain import publish_edition
from kb.manuals.verdicts import EDITORIAL
from kb.models import (
    Bulletin,
    CausePair,
    DiagnosisGuide,
    DiagnosisStep,
    FaultArticle,
    FaultCode,
    FaultSource,
    FieldCase,
    Manual,
    ManualChapter,
    ManualEdition,
    SafetyNote,
    Topic,
)
from portal.enums import Audience
from tests.factories.portal import EquipmentCategoryFactory, OrganisationFactory, PersonFactory


class TopicFactory(DjangoModelFactory):
    """One entry of the list of topics."""

    class Meta:
        model = Topic
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"K{n:02}")
    name = factory.LazyAttribute(lambda o: f"培训主题 {o.code}")
    order = factory.Sequence(lambda n: n)


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


#: A guide in which every branch ends: 1 → 2 or escalation, 2 → remedy or escalation.
SHORT_TREE = [
    {"key": "1", "text": "显示屏亮着吗？", "yes": "2", "no": "9"},
    {"key": "2", "text": "压力正常吗？", "detail": "接压力表组", "yes": "8", "no": "9"},
    {"key": "8", "kind": StepKind.REMEDY, "text": "清洗冷凝器"},
    {"key": "9", "kind": StepKind.ESCALATION, "text": "打热线"},
]


class DiagnosisGuideFactory(DjangoModelFactory):
    """A published guide for staff with the short tree; ``steps=[{…}]`` and ``equipment=[…]`` replace its rows.

    ``published=False`` leaves a draft nobody may follow.
    """

    class Meta:
        model = DiagnosisGuide
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: f"DG-{n:04}")
    title = factory.Sequence(lambda n: f"不制冷排查 {n}")
    symptom = "柜内温度不降"
    category = factory.SubFactory(EquipmentCategoryFactory)
    audience = Audience.STAFF

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        steps = kwargs.pop("steps", SHORT_TREE)
        equipment = kwargs.pop("equipment", [])
        published = kwargs.pop("published", True)
        guide = model_class(*args, live=False, **kwargs)
        guide.steps = [DiagnosisStep(sort_order=position, **step) for position, step in enumerate(steps)]
        guide.equipment = equipment
        guide.save()
        return publish_guide(guide) if published else guide


class BulletinFactory(DjangoModelFactory):
    """A published bulletin for staff, about everything; ``equipment=[…]`` and ``places=[…]`` replace its rows.

    ``read_by=…`` asks its readers to confirm; ``published=False`` leaves a draft nobody may read.
    """

    class Meta:
        model = Bulletin
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: f"TB-{n:04}")
    title = factory.Sequence(lambda n: f"整改通报 {n}")
    summary = "下次上门时更换端子"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        equipment, places = kwargs.pop("equipment", []), kwargs.pop("places", [])
        published = kwargs.pop("published", True)
        body = kwargs.pop("body", [("text", "<p>断电后更换。</p>")])
        bulletin = model_class(*args, live=False, body=body, **kwargs)
        bulletin.equipment = equipment
        bulletin.places = places
        bulletin.save()
        return publish_bulletin(bulletin) if published else bulletin


class FieldCaseFactory(DjangoModelFactory):
    """A case reported through the verb by an engineer of an outlet; ``reporter`` and ``photos`` as for the verb."""

    class Meta:
        model = FieldCase

    title = "冷库不降温"
    symptom = "压缩机在转，库温一直 6 度"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        reporter = kwargs.pop("reporter", None) or PersonFactory(organisation=OrganisationFactory())
        return report_case(reporter, token=kwargs.pop("token", uuid.uuid4()), **kwargs)


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
        if not published:
            return edition
        # Whoever publishes a second edition says what it asks of people.
        verdict = EDITORIAL if model_class.objects.published().filter(manual=edition.manual).exists() else None
        return publish_edition(edition, decisions=CitationChoice.STAY, published_on=day, verdict=verdict)


__all__ = [
    "SHORT_TREE",
    "BulletinFactory",
    "DiagnosisGuideFactory",
    "FaultArticleFactory",
    "FieldCaseFactory",
    "ManualChapterFactory",
    "ManualEditionFactory",
    "ManualFactory",
]
