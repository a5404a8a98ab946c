"""Names of downloaded files: in the reader's language (RFC 6266, RFC 5987), with a readable name for old programs."""

import re
from urllib.parse import quote

from portal.typed import ascii_words, plain

# Characters no file system takes, and those that would end the header.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
# Longest stem; most file systems take 255 bytes, which are 85 Chinese characters.
LONGEST = 80


def file_name(*parts: object, extension: str) -> str:
    """Return a file name of its parts, hyphens between them; empty ones are left out.

    Args:
        parts: what it is, whose, of which record: 证书, 张伟, SG-01.
        extension: without the dot.
    """
    stem = "-".join(text for part in parts if (text := plain(_FORBIDDEN.sub(" ", plain(str(part)))).strip(" .")))
    return f"{stem[:LONGEST].strip(' .-') or 'document'}.{extension}"


def content_disposition(filename: str, *, inline: bool = False) -> str:
    """Return the value of Content-Disposition.

    Args:
        filename: with extension, in any script. Programs that know no UTF-8 get it in pinyin: 证书-张伟.pdf is
            ``zhengshu-zhangwei.pdf`` for them.
        inline: show it in the browser instead of offering it for saving.
    """
    stem, _dot, extension = filename.rpartition(".")
    name = file_name(stem, extension=re.sub(r"\W", "", extension) or "bin")
    fallback = f"{ascii_words(stem)[:LONGEST].strip('-.') or 'document'}.{ascii_words(extension) or 'bin'}"
    return f"{'inline' if inline else 'attachment'}; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"
