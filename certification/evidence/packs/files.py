"""Write packs: JSON, tables and paper in one ZIP with a list of SHA-256 and the signature of that list."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from certification.evidence.packs.facts import tables_of
from certification.evidence.packs.sections import empty_lists, sections_of
from portal.exchange.exports import write_csv
from portal.exchange.pdf import render_pdf
from portal.exchange.signing import signing_key

SUMS, SIGNATURE, KEY, README = "SHA256SUMS", "SHA256SUMS.sig", "key.pem", "README.txt"
TEMPLATE = "certification/evidence/packs/print/pack.html"


def pack_files(facts: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of one pack by name."""
    tables = tables_of(dict(facts))
    written = json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, sort_keys=True)
    paper = {
        "facts": facts,
        "title": _("Evidence pack"),
        "sections": sections_of(dict(facts)),
        "nothing_of": empty_lists(dict(facts)),
    }
    return {
        "pack.json": written.encode(),
        "pack.pdf": render_pdf(TEMPLATE, paper).content,
        **{f"{name}.csv": write_csv(table) for name, table in tables.items()},
    }


def signed_zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return files as a ZIP that a stranger can check: how is said in its README.

    Args:
        files: name and content; read one after the other.
    """
    key, sums, out = signing_key(), [], io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*_fixed(key.address), (KEY, key.public_pem)):
            sums.append(_sum(name, content))
            archive.writestr(name, content)
        for name, content in files:
            sums.append(_sum(name, content))
            archive.writestr(name, content)
        listed = "".join(sums).encode()
        archive.writestr(SUMS, listed)
        archive.writestr(SIGNATURE, key.sign(listed))
    return out.getvalue()


def _sum(name: str, content: bytes) -> str:
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n"


def _fixed(address: str) -> list[tuple[str, bytes]]:
    words = _(
        "This folder holds evidence of one or more answers to “may this person do this work on this machine on this "
        "day?”, with what was on record at the moment named.\n\n"
        "Files: pack.json is the whole; the .csv files are its tables; pack.pdf is for reading.\n\n"
        "To check that nothing was changed, in this folder:\n\n"
        "    openssl dgst -sha256 -verify key.pem -signature SHA256SUMS.sig SHA256SUMS\n"
        "    sha256sum -c SHA256SUMS\n\n"
        "The first must say “Verified OK”, the second “OK” for every file. key.pem came with the folder; compare it\n"
        "with the key of the issuer, or one you kept earlier:\n\n"
        "    %(address)s (as .json or .pem)\n"
    )
    return [(README, (words % {"address": address}).encode())]
