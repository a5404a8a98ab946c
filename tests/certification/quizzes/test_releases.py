"""Releasing a re-sit."""

import uuid

import pytest
from django.urls import reverse

from certification.models import AttemptRelease

pytestmark = pytest.mark.django_db


def test_trainer_releases_a_resit_and_others_do_not(network, client_of):
    submit = {"reason": "已重新培训", "form_key": str(uuid.uuid4())}
    url = reverse("certification:release", args=[network["technician"].staff_number, network["quiz"].code])

    assert client_of(network["auditor"]).post(url, submit).status_code == 403
    assert client_of(network["colleague"]).post(url, submit).status_code == 403
    assert client_of(network["trainer"]).post(url, {"form_key": submit["form_key"]}).status_code == 422
    for _press in range(2):
        assert client_of(network["trainer"]).post(url, submit).status_code == 302
    assert AttemptRelease.objects.get().released_by == network["trainer"]
