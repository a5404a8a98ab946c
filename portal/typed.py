"""Read numbers, names and scanned addresses the way people type them: width, case, spaces, hyphens, labels.

Everything that compares typed text with a record goes through here, see ``portal.access.lookup``. The functions are
pure; what they return is stored beside the record by the fields of ``portal.models.keys``.
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from pypinyin import lazy_pinyin

# Characters a field takes that people paste scanned addresses into; names and numbers are shorter.
LONGEST_TYPED = 400
# Signs that look like a hyphen and are not in Unicode's category of dashes.
OTHER_HYPHENS = frozenset("\u2212\u2043\u02d7\u2500\u2501")
# Characters nobody sees that Unicode does not count as format characters.
UNSEEN = frozenset("\u115f\u1160\u2800\u034f\u17b4\u17b5")
# What people copy together with a number; longest first, and only where something follows.
LABELS = (
    "certificate number",
    "certificate no",
    "staff number",
    "staff no",
    "serial number",
    "serial no",
    "equipment",
    "person",
    "number",
    "s/n",
    "sn",
    "no",
    "上岗证编号",
    "合格证编号",
    "合格证书编号",
    "证书编号",
    "证书号码",
    "证书号",
    "证件编号",
    "员工编号",
    "人员编号",
    "设备编号",
    "设备型号",
    "设备名称",
    "产品编号",
    "出厂编号",
    "机身编号",
    "序列号",
    "机身号",
    "员工号",
    "工号",
    "姓名",
    "型号",
    "设备",
    "编号",
    "号码",
    "证书",
)
_LABEL = re.compile(
    r"^\W*(?:"
    + "|".join(re.escape(label) for label in sorted(LABELS, key=len, reverse=True))
    + r")\s*[\])】》」』]*\s*[.:#=。]+\s*(?=\S)",
    re.IGNORECASE,
)
# Chinese labels are also written without a colon when a Latin number follows: 工号T002.
_GLUED_LABEL = re.compile(
    r"^\W*(?:"
    + "|".join(re.escape(label) for label in sorted(LABELS, key=len, reverse=True) if not label.isascii())
    + r")\s*(?=[0-9A-Za-z])"
)
_LATIN_LABEL = re.compile(
    r"^\W*(?:certificate\s+(?:number|no)|staff\s+(?:number|no)|serial\s+(?:number|no)|no)\s+(?=\S*\d)", re.I
)
# Digits that letters are mistaken for; a key holds digits, so that T0O2 and T002 have one key.
LOOKS_LIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})
# Characters with another reading as a surname.
SURNAMES = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "单于": "chan yu",
    "长孙": "zhang sun",
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "查": "zha",
    "区": "ou",
    "朴": "piao",
    "任": "ren",
    "盖": "ge",
    "乐": "yue",
    "翟": "zhai",
    "华": "hua",
    "覃": "qin",
    "黑": "he",
    "缪": "miao",
    "秘": "bi",
    "冼": "xian",
    "员": "yun",
    "召": "shao",
    "繁": "po",
    "折": "she",
    "宁": "ning",
    "纪": "ji",
    "燕": "yan",
    "费": "fei",
    "葛": "ge",
    "柏": "bai",
}


def plain(text: str) -> str:
    """Return text with one width, one hyphen and single spaces, without characters nobody sees."""
    kept = []
    for character in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(character)
        if category == "Pd" or character in OTHER_HYPHENS:
            kept.append("-")
        elif not (category in ("Cf", "Cs") or character in UNSEEN or "\ufe00" <= character <= "\ufe0f"):
            kept.append(character if category != "Cc" else " ")
    return " ".join("".join(kept).split())


def unlabelled(text: str) -> str:
    """Return what stands behind a pasted label: ``工号：T002`` → ``T002``; anything else as it is, made plain."""
    shown = plain(text)
    for pattern in (_LABEL, _GLUED_LABEL, _LATIN_LABEL):
        stripped = pattern.sub("", shown, count=1)
        if stripped != shown:
            return unlabelled(stripped)
    return shown


def name_key(text: str) -> str:
    """Return what two spellings of one name share: width, case, spaces, dots and hyphens do not matter."""
    return "".join(character for character in plain(text).casefold() if character.isalnum())


def number_key(text: str) -> str:
    """Return what two spellings of one number or code share, O/0 and I/l/1 included."""
    return name_key(text).translate(LOOKS_LIKE)


def number_form(text: str) -> str:
    """Return a number in one width and case, without spaces; hyphens, O and 0 stay what they are."""
    return "".join(plain(text).casefold().split())


def secret_typed(text: str) -> str:
    """Return the secret of a link as it was printed: hexadecimal, so that O can only be 0, and I or l only 1."""
    return "".join(plain(text).split()).casefold().translate(LOOKS_LIKE)


def pinyin_key(text: str) -> str:
    """Return typed pinyin as the keys of names are kept: no tones, case, spaces or apostrophes; ü is v."""
    spread = unicodedata.normalize("NFKD", plain(text).casefold()).replace("u\u0308", "v")
    letters = "".join(character for character in spread if character.isascii() and character.isalnum())
    return letters.replace("lyu", "lv").replace("nyu", "nv")


def pinyin_of(name: str, *, is_person: bool = False) -> tuple[str, str]:
    """Return the full pinyin and the initials of a name; empty strings where it has no Chinese character.

    Args:
        is_person: read the first characters as a surname (单 is shan, not dan).
    """
    shown = plain(name)
    if not any("\u3400" <= character <= "\u9fff" for character in shown):
        return "", ""
    surname = next((written for written in SURNAMES if shown.startswith(written)), "") if is_person else ""
    read = [*SURNAMES.get(surname, "").split(), *lazy_pinyin(shown[len(surname) :])]
    syllables = [key for part in read if (key := pinyin_key(part))]
    return "".join(syllables), "".join(part[0] for part in syllables)


def ascii_words(text: str) -> str:
    """Return text in ASCII for old programs: Chinese as pinyin, a hyphen between words."""
    parts = []
    for run in re.findall(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+", plain(text)):
        if "\u3400" <= run[0] <= "\u9fff":
            parts.append("".join(lazy_pinyin(run)))
        else:
            parts.append(unicodedata.normalize("NFKD", run).encode("ascii", "ignore").decode())
    return re.sub(r"[^A-Za-z0-9.]+", "-", " ".join(parts)).strip("-.")


@dataclass(frozen=True)
class Scanned:
    """The address a QR symbol carries.

    Args:
        place: first part of the path that says what it leads to: ``e``, ``verify``, ``units``, ``people``.
        key: what names the record there.
    """

    place: str
    key: str


def scanned(text: str) -> Scanned | None:
    """Return what a scanned or pasted address of the portal leads to; None for anything that is no address."""
    shown = plain(text)
    if "/" not in shown:
        return None
    parts = [unquote(part) for part in urlsplit(shown.replace(" ", "")).path.split("/") if part]
    for place, key in itertools.pairwise(parts):
        if place.casefold() in ("e", "verify", "units", "people"):
            return Scanned(place.casefold(), key)
    return None


def split_list(text: str) -> list[str]:
    """Return the entries of a pasted list: one a line, or between commas, semicolons or tabs; each once."""
    parts = re.split(r"[,，、;；\n\r\t|]+", text)
    return list(dict.fromkeys(part for part in (part.strip() for part in parts) if plain(part)))
