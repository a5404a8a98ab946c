"""Several lists in one statement: the same records as each query returns by itself."""

import datetime as dt

import pytest
from django.db.models import F

from portal.access.readers import know
from portal.access.together import Columns, together
from portal.models import Assignment, EquipmentModel, Organisation, Person, PortalSettings, StatutoryRule
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    StatutoryRuleFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def content(record, *relations):
    """Return every stored field of a record and of what it names."""
    found = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
    for name in relations:
        named = getattr(record, name)
        found[name] = None if named is None else content(named)
    return found


def test_records_are_those_of_each_query(django_assert_num_queries):
    machines = [EquipmentModelFactory() for _each in range(3)]
    StatutoryRuleFactory(category=None, model=machines[0], tasks=["repair"])
    StatutoryRuleFactory(category=machines[0].category, model=None, tasks=[])
    AssignmentFactory(start=dt.date(2026, 1, 2), end=dt.date(2026, 3, 4))
    models = EquipmentModel.objects.select_related("category").order_by("-code")
    rules = StatutoryRule.objects.select_related("kind", "category", "model").order_by("pk")
    posts = Assignment.objects.select_related("position", "organisation").annotate(place=F("organisation__path"))
    people = Person.objects.select_related("organisation").order_by("staff_number")
    # What the database can do with JSON is asked once a process.
    together(models=models)
    with django_assert_num_queries(1):
        found = together(
            models=models, rules=rules, posts=posts, people=people, none=Organisation.objects.filter(pk__in=())
        )
    assert [content(each, "category") for each in found["models"]] == [content(each, "category") for each in models]
    named = ("kind", "category", "model")
    assert [content(each, *named) for each in found["rules"]] == [content(each, *named) for each in rules]
    assert [content(each, "position", "organisation") for each in found["posts"]] == [
        content(each, "position", "organisation") for each in posts
    ]
    assert [each.place for each in found["posts"]] == [each.organisation.path for each in posts]
    assert [content(each) for each in found["people"]] == [content(each) for each in people]
    assert found["none"] == []


def test_columns_are_lists():
    place = OrganisationFactory(name="成都=“一”店")
    rule = StatutoryRuleFactory(tasks=["repair", "maintain"])
    found = together(
        places=Columns(Organisation.objects.filter(pk=place.pk), ["pk", "name"]),
        rules=Columns(StatutoryRule.objects.all(), ["tasks"]),
    )
    assert found == {"places": [[place.pk, place.name]], "rules": [[rule.tasks]]}


def test_a_record_that_was_read_is_saved_as_it_is():
    person = PersonFactory()
    (found,) = together(people=Person.objects.filter(pk=person.pk))["people"]
    found.name = "改名"
    found.save()
    person.refresh_from_db()
    assert person.name == "改名"


def test_the_reader_is_known_in_one_question(rf, django_assert_num_queries):
    PortalSettings.load()
    post = AssignmentFactory()
    request = rf.get("/")
    request.user = Person.objects.get(pk=post.person_id)
    with django_assert_num_queries(1):
        know(request)
        know(request)
        assert not request.user.has_role("auditor")
        assert [place.pk for place in request.user.places] == [post.organisation_id]
        assert PortalSettings.load(request_or_site=request).site_name
