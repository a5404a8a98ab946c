"""The public address of a portal that was given none."""

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  (they are replaced)


def served_url(address: str, port: int) -> str:
    """Return the address under which a server on this machine is reached.

    Args:
        address: what it listens on; all interfaces are reached as this machine.
    """
    host = ANY_ADDRESS.get(address, address)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
