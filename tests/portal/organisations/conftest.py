"""A network of one region with outlets whose areas overlap, and one for emergencies."""

import pytest

from portal.enums import Tier
from portal.models import ServiceArea
from tests.factories.portal import OrganisationFactory


def add_outlet(parent, name, areas=(), **facts):
    """Add an outlet that serves ``areas``."""
    outlet = OrganisationFactory(name=name, parent=parent, tier=Tier.OUTLET, **facts)
    for area in areas:
        ServiceArea.objects.create(organisation=outlet, prefecture=area)
    return outlet


@pytest.fixture
def places():
    """Headquarters, a region, three outlets and a customer of the second."""
    hq = OrganisationFactory(name="总公司")
    region = OrganisationFactory(name="川东北大区", parent=hq, tier=Tier.REGION)
    outlets = {
        "guangan": add_outlet(
            region, "甲广安网点", ["广安"], phone="0826-123 4567", contact_name="吴刚", address="北辰大道1号"
        ),
        "dazhou": add_outlet(region, "乙达州网点", ["达州", "广安"]),
        "direct": add_outlet(region, "丙直属网点", ["成都"], is_emergency_fallback=True),
    }
    customer = OrganisationFactory(name="蓉栖大酒店", parent=outlets["dazhou"], tier=Tier.CUSTOMER)
    return outlets | {"hq": hq, "region": region, "customer": customer}
