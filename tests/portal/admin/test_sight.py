"""Branch sight in the Wagtail admin: rows of another branch are neither listed, nor offered, nor reachable by key."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import URLResolver, get_resolver, reverse
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import APIToken, ModelLogEntry
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail.users.views.users import DeleteView as UserDeleteView

from certification.models import AssessorAppointment
from certification.versions.admin import Drafting, RefusedDeleteView
from courses.models import Course, TrainingModule
from portal.access import audit
from portal.admin.viewsets import Audited, AuditedDelete, InSight, OfSeenObject
from portal.enums import Role, Tier, TokenPurpose
from portal.models import AccessToken, Organisation, Person
from portal.registry.sight import seen_rows
from tests.factories.courses import TrainingModuleFactory
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentCategoryFactory,
    EquipmentUnitFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db

ROLES = [
    Role.MANAGER,
    Role.TRAINER,
    Role.REGIONAL_ADMINISTRATOR,
    Role.EDITOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
]
MARK = "Z9-OTHER"
# Ends the session; fails on purpose.
NO_LISTS = ("/logout/", "/failwhale/")
OURS = {"portal", "kb", "courses", "certification"}


@dataclass
class Branch:
    """The records of one branch, each marked with its name."""

    mark: str
    place: Organisation
    person: Person
    rows: dict[str, Any]


def branch(mark, *, parent):
    place = OrganisationFactory(name=f"{mark}服务处", code=mark.lower(), parent=parent, tier=Tier.REGION)
    person = PersonFactory(
        staff_number=mark, name=f"{mark}师傅", organisation=place, roles=[Role.ASSESSOR, Role.TRAINER]
    )
    position = PositionFactory(title=f"{mark}岗位", organisation=place)
    unit = EquipmentUnitFactory(serial=f"{mark}-SN", customer=place)
    rows = {
        "organisation": place,
        "wagtailusers_users": person,
        "position": position,
        "assignment": AssignmentFactory(
            person=person, position=position, organisation=place, start=dt.date(2026, 1, 5)
        ),
        "equipmentunit": unit,
        "access_tokens": AccessToken.objects.mint(TokenPurpose.CALENDAR, f"person:{person.pk}", person=person),
        "wagtailusers_api_tokens": APIToken.create_token(user=person, name=f"{mark}接口")[0],
        "assessorappointment": AssessorAppointment.objects.create(
            person=person, category=EquipmentCategoryFactory(), start=dt.date(2026, 1, 5)
        ),
    }
    audit.record("portal.person_changed", person, actor=person, note=f"{mark}记录")
    return Branch(mark, place, person, rows)


# Everybody's, whoever looks after a module or a course.
CATALOGUE = {TrainingModule, Course}
NETWORK_ROLES = (Role.AUDITOR, Role.ADMINISTRATOR)


@pytest.fixture(params=ROLES)
def world(request, client_of):
    """Somebody of a role who holds every permission, in one branch, and the records of another.

    The permissions make every list open; what is shown in it is decided by sight alone. Who sees the whole network
    looks at another network.
    """
    hq = OrganisationFactory(name="总公司")
    own = branch("A1-OWN", parent=hq)
    other = branch(MARK, parent=OrganisationFactory(name="别家公司") if request.param in NETWORK_ROLES else hq)
    place = hq if request.param in NETWORK_ROLES else own.place
    editor = PersonFactory(staff_number="E1", organisation=place, roles=[request.param])
    editor.user_permissions.set(Permission.objects.all())
    ModelLogEntry.objects.log_action(other.person, "wagtail.edit", user=other.person)
    return World(client_of(editor), request.param, own, other)


@dataclass
class World:
    """Who looks, at what."""

    client: Any
    role: Role
    own: Branch
    other: Branch


def addresses_without_key():
    """Return every page of the admin that needs no key: lists, choosers, reports, forms of new records."""
    return sorted(set(_walk(get_resolver().url_patterns, "/")))


def _walk(patterns, prefix):
    for pattern in patterns:
        address = prefix + str(pattern.pattern).lstrip("^").rstrip("$").replace("\\Z", "")
        if not "/cms/".startswith(address) and not address.startswith("/cms/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, address)
        elif not set("<(") & set(address) and not address.endswith(NO_LISTS):
            yield address


def viewset_of(name):
    return next(found for found in viewsets.viewsets if isinstance(found, ModelViewSet) and found.url_namespace == name)


def shown(client, address, data=None):
    answer = client.get(address, data)
    assert answer.status_code < 500, address
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode("utf-8", "ignore")


def test_no_page_of_the_admin_shows_another_branch(world):
    leaks = [address for address in addresses_without_key() if MARK in shown(world.client, address)]
    assert leaks == []


def test_no_record_of_another_branch_is_reached_by_its_key(world):
    reached = []
    for name, row in world.other.rows.items():
        for pattern in viewset_of(name).get_urlpatterns():
            if pattern.pattern.converters.keys() == {"pk"} or pattern.pattern.converters.keys() == {"object_id"}:
                key = next(iter(pattern.pattern.converters))
                answer = world.client.get(reverse(f"{name}:{pattern.name}", kwargs={key: row.pk}))
                if answer.status_code == 200:
                    reached.append(f"{name}:{pattern.name}")
    assert reached == []


def test_network_roles_see_every_branch_of_their_own(client_of):
    hq = OrganisationFactory(name="总公司")
    branches = branch("A1-OWN", parent=hq), branch(MARK, parent=hq)
    client = client_of(PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR]))
    for name in branches[0].rows:
        page = shown(client, reverse(f"{name}:index"))
        assert [each.mark in page for each in branches] == [True, True], name
    page = shown(client, reverse("audit_report"))
    assert [f"{each.mark}记录" in page for each in branches] == [True, True]


def test_every_model_of_somebody_with_a_list_has_sight():
    """A list of records that name a person or a place is narrowed by what is registered for their model."""
    naming = {
        viewset.model
        for viewset in viewsets.viewsets
        if _is_ours(viewset)
        if any(field.related_model in (Person, Organisation) for field in viewset.model._meta.fields if field.editable)
    }
    assert naming - seen_rows.keys() == CATALOGUE


def test_every_list_of_ours_is_narrowed_and_every_form_audited():
    listed = [viewset for viewset in viewsets.viewsets if _is_ours(viewset)]
    assert len(listed) > 12
    for viewset in listed:
        forms = viewset.add_view_class, viewset.edit_view_class
        assert all(issubclass(form, (Audited, Drafting)) for form in forms), viewset
        assert issubclass(viewset.delete_view_class, (AuditedDelete, RefusedDeleteView, UserDeleteView)), viewset
        if not isinstance(viewset, SnippetViewSet):
            assert issubclass(viewset.index_view_class, InSight), viewset
            assert issubclass(viewset.history_view_class, OfSeenObject), viewset


def _is_ours(viewset):
    return isinstance(viewset, ModelViewSet) and viewset.model._meta.app_label in OURS


def test_trainers_of_other_branches_are_not_offered_and_stay_chosen(world):
    module = TrainingModuleFactory()
    module.trainers.set([world.other.person])
    module.save()
    form_class = viewset_of("wagtailsnippets_courses_trainingmodule").get_form_class(for_update=True)
    form = form_class(instance=module, for_user=world.own.person)
    assert world.other.person not in form.fields["trainers"].queryset
    form.cleaned_data = {"trainers": form.fields["trainers"].queryset.filter(pk=world.own.person.pk)}
    assert set(form.clean_trainers()) == {world.own.person, world.other.person}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("access_tokens:index", 14), ("assessorappointment:index", 14), ("audit_report", 16)]
)
def test_lists_ask_the_same_number_of_queries_for_any_length(
    client_of, name, queries, count, django_assert_num_queries
):
    hq = OrganisationFactory()
    for number in range(count):
        branch(f"B{number}-OWN", parent=hq)
    client = client_of(PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR]))
    client.get(reverse(name))
    with django_assert_num_queries(queries):
        client.get(reverse(name))
