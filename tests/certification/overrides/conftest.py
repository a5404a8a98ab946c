"""What the tests of overrides share."""

import pytest


@pytest.fixture
def network(network):
    """Read everybody again: siblings are kept in the order of their names, so paths moved while the tree was made."""
    return {key: type(value).objects.get(pk=value.pk) for key, value in network.items()}
