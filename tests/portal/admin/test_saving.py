"""Every edit form that refuses stale saves saves what was changed on it, whatever the model keeps by itself."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.models import RevisionMixin
from wagtail.models.api import APIToken

from courses.enums import DayKind
from courses.models import PlanSlip, SpecialDay
from kb.enums import Severity
from kb.models import CaseTerm
from portal.access.changes import snapshot
from portal.access.roles import synchronise_roles
from portal.admin.stale import RefusesStaleSaves
from portal.enums import Role, Tier, TokenPurpose
from portal.models import AccessToken, Person, PortalSettings, SynonymGroup
from portal.ui.stale import version_of
from tests.factories.certification import (
    AssessorAppointmentFactory,
    ChecklistFactory,
    QuestionBankFactory,
    QuestionFactory,
    QuizFactory,
    QuizRequirementFactory,
)
from tests.factories.courses import CourseFactory, TrainingModuleFactory
from tests.factories.kb import ManualEditionFactory, ManualFactory, TopicFactory
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    EquipmentUnitFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
    StatutoryKindFactory,
    StatutoryRuleFactory,
)
from tests.portal.admin.test_stale import fields_of
from tests.portal.admin.test_stale_wagtail_forms import CASES as WAGTAIL

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

# What makes a record of it, and the field of its form that is changed to what.
CASES: dict[str, tuple[Any, str, str]] = {
    "wagtailsnippets_courses_course": (
        lambda: CourseFactory(modules=[TrainingModuleFactory()]),
        "title",
        "改过",
    ),
    "wagtailsnippets_courses_planslip": (lambda: PlanSlip.objects.create(wrong="制令", right="指令"), "right", "改过"),
    "wagtailsnippets_courses_specialday": (
        lambda: SpecialDay.objects.create(day=dt.date(2030, 3, 4), kind=DayKind.HOLIDAY, name="店庆"),
        "name",
        "改过",
    ),
    "wagtailsnippets_kb_manual": (ManualFactory, "summary", "改过"),
    "wagtailsnippets_kb_manualedition": (lambda: ManualEditionFactory(published=False, chapters=[]), "changes", "改过"),
    "question": (QuestionFactory, "explanation", "改过"),
    "questionbank": (QuestionBankFactory, "name", "改过"),
    "quiz": (QuizFactory, "minutes", "77"),
    "checklist": (ChecklistFactory, "title", "改过"),
    "assessorappointment": (AssessorAppointmentFactory, "end", "2031-01-01"),
    "scheme": (lambda: QuizRequirementFactory().scheme, "valid_months", "77"),
    "case_terms": (lambda: CaseTerm.objects.create(severity=Severity.DANGER, tier=Tier.OUTLET, hours=5), "hours", "77"),
    "topics": (TopicFactory, "name", "改过"),
    "synonyms": (lambda: SynonymGroup.objects.create(words="冷柜、雪柜"), "words", "冷柜、雪柜、冰柜"),
    "organisation": (OrganisationFactory, "phone", "77"),
    "position": (PositionFactory, "responsibilities", "改过"),
    "assignment": (AssignmentFactory, "end", "2031-01-01"),
    "equipmentmodel": (EquipmentModelFactory, "brand", "改过"),
    "equipmentcategory": (EquipmentCategoryFactory, "name_en", "Changed"),
    "equipmentunit": (EquipmentUnitFactory, "serial", "T9000"),
    "statutorykind": (StatutoryKindFactory, "name", "改过"),
    "statutoryrule": (StatutoryRuleFactory, "source", "改过"),
    "access_tokens": (lambda: AccessToken.objects.mint(TokenPurpose.UNIT, "unit:7"), "purpose", "calendar"),
    "wagtailusers_users": (lambda: PersonFactory(organisation=OrganisationFactory()), "mobile", "13800001234"),
    "wagtailusers_groups": (lambda: Group.objects.create(name="译员"), "name", "改过"),
    "wagtailusers_api_tokens": (lambda: APIToken.objects.create(name="a", user=Person.objects.get()), "name", "改过"),
}


@pytest.fixture
def client(client_of, settings, tmp_path):
    """The administrator's browser."""
    settings.MEDIA_ROOT = tmp_path
    synchronise_roles()
    return client_of(
        PersonFactory(organisation=OrganisationFactory(), roles=[Role.ADMINISTRATOR, Role.EDITOR], is_superuser=True)
    )


def patterns(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Every address of a resolver with the name by which it is reversed."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join([*spaces, str(entry.name)]), entry
        else:
            yield from patterns(entry, (*spaces, entry.namespace) if entry.namespace else spaces)


def guarded() -> set[str]:
    """The namespaces of the viewsets whose edit form carries a version."""
    found = set()
    for name, pattern in patterns(get_resolver()):
        view = pattern.callback
        while view is not None and not hasattr(view, "view_class"):
            view = getattr(view, "__wrapped__", None)
        if view is None or not issubclass(view.view_class, RefusesStaleSaves):
            continue
        model = (getattr(view, "view_initkwargs", None) or {}).get("model")
        if name.endswith(":edit") and not (model and issubclass(model, RevisionMixin)):
            found.add(name.removesuffix(":edit"))
    return found


def test_the_walk_leaves_no_guarded_form_out():
    assert guarded() == set(CASES)


@pytest.mark.parametrize("kind", CASES)
def test_an_opened_form_saves_what_was_changed(client, kind):
    make, field, value = CASES[kind]
    address = reverse(f"{kind}:edit", args=[make().pk])
    opened = fields_of(client.get(address))
    assert opened["seen_version"]
    answer = client.post(address, opened | {field: value})
    assert answer.status_code == 302, answer.context["form"].errors
    assert fields_of(client.get(address))[field] in (value, [value])


@pytest.mark.parametrize("kind", WAGTAIL)
def test_wagtail_own_form_saves_what_was_changed(client, kind):
    make, name, field = WAGTAIL[kind]
    address = reverse(name, args=[make().pk])
    opened = fields_of(client.get(address))
    assert client.post(address, opened | {field: "/T9000"}).status_code == 302


def test_settings_save_what_was_changed(client):
    address = reverse("wagtailsettings:edit", args=["portal", "portalsettings", PortalSettings.load().pk])
    assert client.post(address, fields_of(client.get(address)) | {"hotline": "400-111"}).status_code == 302
    assert PortalSettings.objects.get().hotline == "400-111"


def test_reading_a_record_twice_gives_one_version_for_every_model():
    differing = []
    for model in apps.get_models():
        record = model(pk=10**9 if model._meta.pk.get_internal_type() != "UUIDField" else None)
        if record.pk is not None and version_of(snapshot(record)) != version_of(snapshot(record)):
            differing.append(model._meta.label)
    assert differing == []


def test_reading_a_record_leaves_its_moment_of_saving_alone():
    group = SynonymGroup.objects.create(words="冷柜、雪柜")
    saved = group.updated_at
    snapshot(group)
    assert group.updated_at == saved
