"""Every address of the portal, asked by nobody: closed unless it stands in the list of open ones."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.django_db

# What an anonymous reader may be answered with 200. Everything else asks to sign in, refuses or does not exist.
OPEN = {
    "",
    "healthz",
    "readyz",
    "search/",
    "api/v1/search",
    "api/v1/suggest",
    "api/v1/docs",
    "api/v1/openapi.json",
    "kb/",
    "kb/faults/",
    "kb/manuals/",
    "kb/diagnosis/",
    "manifest.webmanifest",
    "sw.js",
    "offline/",
    "offline/token/",
    "kb/bulletins/",
    "robots.txt",
    "favicon.ico",
    "security.txt",
    ".well-known/security.txt",
    ".well-known/jwks.json",
    "courses/",
    "courses/calendar/",
    "courses/sessions/keeper.js",
    "verify/",
    "verify/offline/",
    "verify/issuer.json",
    "accounts/login/",
    "accounts/signup/",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "accounts/password/reset/key/done/",
    "accounts/confirm-email/",
    "accounts/inactive/",
    "cms/sprite/",
    "cms/jsi18n/",
}
# Answers that give nothing away.
CLOSED = {301, 302, 400, 401, 403, 404, 405, 410, 422}
SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def addresses(resolver, prefix=""):
    """Yield every address of the resolver with a sample in place of each converter."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, prefix + sample(pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + sample(pattern)


def sample(pattern):
    """Return the route of a pattern with its converters filled in."""
    route = str(pattern.pattern)
    if hasattr(pattern.pattern, "regex") and not hasattr(pattern.pattern, "_route"):
        for group, value in ((r"^", ""), (r"$", ""), (r"(\d+)", "1"), (r"(.*)", "x"), (r"((?:[\w\-]+/)*)", "x/")):
            route = route.replace(group, value)
        return route.replace("\\Z", "")
    for name in pattern.pattern.converters:
        kind = type(pattern.pattern.converters[name]).__name__.removesuffix("Converter").lower()
        value = SAMPLES.get({"string": "str"}.get(kind, kind), "1")
        for written in (f"<{SAMPLES_KIND.get(kind, kind)}:{name}>", f"<{name}>"):
            route = route.replace(written, value)
    return route


SAMPLES_KIND = {"string": "str"}


def test_every_address_is_closed_to_nobody_unless_listed(client):
    answers = {}
    for address in sorted(set(addresses(get_resolver()))):
        if "(" in address or "<" in address:
            continue
        answer = client.get(f"/{address}")
        answers[address] = answer.status_code
    opened = {address for address, status in answers.items() if status == 200}
    assert opened <= OPEN, f"open to anybody but not listed: {sorted(opened - OPEN)}"
    answers.pop("readyz")  # 503 where no index has been built
    strange = {address: status for address, status in answers.items() if status not in CLOSED | {200}}
    assert strange == {}
    assert len(answers) > 100


def test_open_addresses_are_few_and_carry_a_strict_policy(client):
    for address in ("", "search/", "courses/", "accounts/login/", "verify/"):
        policy = client.get(f"/{address}")["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy + ";"
        assert "object-src 'none'" in policy
