"""Open a page of the certification app as somebody."""

from django.urls import reverse


def get(client_of, reader, name, *args, **params):
    """Return the answer to a GET of ``certification:<name>`` for the reader."""
    return client_of(reader).get(reverse(f"certification:{name}", args=args), params)
