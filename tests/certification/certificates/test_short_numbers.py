"""Short numbers: a slip is seen before anything is looked up, and they are read however they are typed."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from certification.certificates.errors import MistypedShortNumber, UnknownCertificate
from certification.certificates.short_numbers import (
    ALPHABET,
    check_character,
    grouped,
    is_whole,
    new_short_number,
    read_short_number,
)
from certification.certificates.verification import find_certificate, holders_by_number
from tests.factories.certification import certificate_for

BODIES = st.text(alphabet=ALPHABET, min_size=9, max_size=9)


@given(BODIES, st.integers(0, 9), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_seen(body, place, other):
    number = body + check_character(body)
    wrong = number[:place] + other + number[place + 1 :]

    assert is_whole(grouped(wrong)) == (wrong == number)


@given(BODIES, st.integers(0, 8))
def test_two_neighbours_exchanged_are_seen(body, place):
    number = body + check_character(body)
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert is_whole(grouped(wrong)) == (wrong == number)


def test_new_ones_are_whole_and_differ():
    made = {new_short_number() for _number in range(500)}

    assert len(made) == 500
    assert all(is_whole(number) and read_short_number(number) == number for number in made)


@pytest.mark.django_db
def test_found_however_it_is_typed(network, client_of):
    certificate = certificate_for(network["technician"], network["scheme"])
    short = certificate.short_number
    wide = "".join(chr(ord(c) + 0xFEE0) for c in short)
    typed = [
        short.lower(),
        short.replace("-", " "),
        wide,
        f"短编号：{short}",
        short.replace("0", "O").replace("1", "l"),
    ]

    assert [find_certificate(text) for text in typed] == [certificate] * 5
    assert holders_by_number([short]) == {short: network["technician"].pk}
    response = client_of().get(reverse("verify:find"), {"number": short})
    assert response.url == reverse("verify:certificate", args=[certificate.number])


@pytest.mark.django_db
def test_a_slip_is_said_and_a_guess_is_unknown(network, client_of):
    short = certificate_for(network["technician"], network["scheme"]).short_number
    slip = ALPHABET[(ALPHABET.index(short[0]) + 1) % 31] + short[1:]

    with pytest.raises(MistypedShortNumber):
        find_certificate(slip)
    with pytest.raises(UnknownCertificate) as refused:
        find_certificate(new_short_number())
    assert not isinstance(refused.value, MistypedShortNumber)
    response = client_of().get(reverse("verify:certificate", args=[slip]))
    assert response.status_code == 404
    assert "短编号有误" in response.content.decode()
