"""Who is not signed in is asked to."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


PAGES = ["mine", "practicals", "matrix", "coverage", "as_of", "duty", "statutory_new"]


@pytest.mark.parametrize("name", PAGES)
def test_anonymous_is_asked_to_sign_in(client_of, db, name):
    response = client_of().get(reverse(f"certification:{name}"))

    assert response.status_code == 302
    assert "/accounts/login/" in response.url
