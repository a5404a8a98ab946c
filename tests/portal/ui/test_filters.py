"""Filters in the address: set, taken away, always from the first page."""

import pytest
from django.test import RequestFactory

from portal.ui.filters import Chip, address_with, chip, chips


@pytest.mark.parametrize(
    ("asked", "changes", "address"),
    [
        ("", {"brand": "海尔"}, "/list/?brand=%E6%B5%B7%E5%B0%94"),
        ("?brand=a&page=3", {"level": "basic"}, "/list/?brand=a&level=basic"),
        ("?brand=a&level=basic", {"brand": ""}, "/list/?level=basic"),
        ("?brand=a&page=3", {"brand": ""}, "/list/"),
        ("?brand=a&brand=b", {"brand": "c"}, "/list/?brand=c"),
        ("?brand=a&level=basic", {"brand": "", "level": ""}, "/list/"),
    ],
)
def test_address_with_changes_what_is_named_and_begins_anew(asked, changes, address):
    assert address_with(RequestFactory().get(f"/list/{asked}"), **changes) == address


def test_an_active_chip_takes_its_filter_away():
    request = RequestFactory().get("/list/?level=basic")

    assert chip(request, "level", "basic", "初级", active=True, count=3) == Chip("初级", "/list/", True, 3)


def test_chips_know_which_of_them_is_in_the_address():
    request = RequestFactory().get("/list/?level=basic&page=2")

    assert chips(request, "level", [("basic", "初级"), ("expert", "高级")]) == [
        Chip("初级", "/list/", True),
        Chip("高级", "/list/?level=expert", False),
    ]
