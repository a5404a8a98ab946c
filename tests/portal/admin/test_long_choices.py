"""Choices that may be many: a few are listed whole, of many those chosen, with the address to find others by typing."""

import re

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

from portal.admin.long_choices import LISTED, LongCheckboxes, LongSelect, trainer_label, trainers
from portal.enums import Role
from portal.models import EquipmentModel
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentCategoryFactory,
    OrganisationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db


class Several(forms.Form):
    machines = forms.ModelMultipleChoiceField(
        EquipmentModel.objects.order_by("code"), widget=LongCheckboxes("machines")
    )


class One(forms.Form):
    machine = forms.ModelChoiceField(EquipmentModel.objects.order_by("code"), widget=LongSelect("machines"))


def make(count):
    category = EquipmentCategoryFactory()
    models = [
        EquipmentModel(code=f"LC-{number:03}", name=f"机型 {number}", category=category) for number in range(count)
    ]
    return EquipmentModel.objects.bulk_create(models)


@pytest.mark.parametrize(("form", "name", "tag"), [(Several, "machines", "div"), (One, "machine", "select")])
def test_a_few_are_listed_whole(form, name, tag):
    make(3)
    html = str(form())
    assert "LC-000" in html or "机型 0" in html
    assert "data-records" not in html


@pytest.mark.parametrize(("form", "name", "tag"), [(Several, "machines", "div"), (One, "machine", "select")])
def test_of_many_the_chosen_are_listed_and_the_list_says_where_others_are_found(form, name, tag):
    chosen, *_others = make(LISTED + 1)
    html = str(form(initial={name: [chosen.pk] if tag == "div" else chosen.pk}))
    assert "机型 0" in html
    assert "机型 1" not in html
    (opening,) = re.findall(rf"<{tag}[^>]*data-records=[^>]*>", html)
    assert f'data-records="{reverse("long_choices", args=["machines"])}"' in opening
    assert f'data-records-name="{name}"' in opening


def test_trainers_are_named_with_where_they_work_today():
    there = OrganisationFactory(name="西区")
    trainer = PersonFactory(roles=[Role.TRAINER])
    AssignmentFactory(person=trainer, organisation=there, start=timezone.localdate())
    assert [trainer_label(each) for each in trainers()] == [f"{trainer} · 西区"]
