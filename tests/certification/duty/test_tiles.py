"""What one's own home page says of the posts one holds."""

import pytest

from portal.models import Position
from tests.factories.certification import certificate_for
from tests.factories.portal import AssignmentFactory, PositionFactory

pytestmark = pytest.mark.django_db

REFUSED = "尚不能在此岗位上岗："
TEMPLATE = "certification/duty/tiles/own_posts.html"


@pytest.fixture
def position(network):
    """The post of the technician, for certified people only."""
    post = Position.objects.get(assignments__person=network["technician"])
    post.title, post.is_duty_gated = "技术工程师", True
    post.save()
    return post


def home(client_of, reader):
    return client_of(reader).get("/")


def refused(response):
    """Return the posts of the tile with the codes of what is missing."""
    tiles = [tile.context["answers"] for tile in response.context["panels"] if tile.template == TEMPLATE]
    return [(answer.position.title, [reason.code for reason in answer.reasons]) for tile in tiles for answer in tile]


def test_home_says_which_post_is_not_released_and_why(network, position, client_of):
    page = home(client_of, network["technician"])

    ((title, codes),) = refused(page)
    assert title == "技术工程师"
    assert codes == ["hours_missing", "quiz_not_passed", "practical_not_signed"]
    assert f"{REFUSED}技术工程师" in page.content.decode()


def test_home_says_nothing_once_qualified(network, position, client_of):
    certificate_for(network["technician"], network["scheme"])
    assert refused(home(client_of, network["technician"])) == []


def test_home_names_only_the_posts_that_are_refused(network, position, client_of):
    certificate_for(network["technician"], network["scheme"])
    other = PositionFactory(organisation=network["outlet"], title="安装工", is_duty_gated=True)
    AssignmentFactory(person=network["technician"], position=other)

    page = home(client_of, network["technician"])

    assert refused(page) == [("安装工", ["no_scheme"])]
    assert f"{REFUSED}技术工程师" not in page.content.decode()


def test_home_says_nothing_of_posts_open_to_anybody_or_held_by_others(network, position, client_of):
    assert refused(home(client_of, network["colleague"])) == []
    position.is_duty_gated = False
    position.save()
    assert refused(home(client_of, network["technician"])) == []


@pytest.mark.parametrize("more", [0, 2])
def test_takes_as_many_queries_for_one_post_as_for_many(network, position, client_of, more, django_assert_num_queries):
    for number in range(more):
        post = PositionFactory(organisation=network["outlet"], title=f"岗{number}", is_duty_gated=True)
        AssignmentFactory(person=network["technician"], position=post)
    client = client_of(network["technician"])
    client.get("/")
    with django_assert_num_queries(QUERIES):
        client.get("/")


# The whole home page; the gate is asked once, whatever the number of posts.
QUERIES = 30
