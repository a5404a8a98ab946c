"""Languages of content: text that knows its own, and which one a page shows."""

from dataclasses import dataclass
from typing import Any, SupportsIndex

from django.conf import settings
from django.utils import translation

#: The parameter by which a reader asks for a language other than that of the screen.
PARAMETER = "in"


class Words(str):
    """Text in a known language; what is cut from it stays in that language.

    Attributes:
        is_behind: whether it stands, in the words of the source, where a translation is out of date.
    """

    language: str
    is_behind: bool

    def __new__(cls, text: str, language: str, *, is_behind: bool = False) -> "Words":
        made = super().__new__(cls, text)
        made.language = language
        made.is_behind = is_behind
        return made

    def _cut(self, text: str) -> "Words":
        return Words(text, self.language, is_behind=self.is_behind)

    @property
    def tag(self) -> str:
        """Its language as HTML names it."""
        return tag_of(self.language)

    def splitlines(self, keepends: bool = False) -> list[str]:
        """Return its lines, each in its language."""
        return [self._cut(line) for line in super().splitlines(keepends)]

    def strip(self, characters: str | None = None) -> "Words":
        """Return it without what stands around it."""
        return self._cut(super().strip(characters))

    def __getitem__(self, key: SupportsIndex | slice) -> "Words":
        return self._cut(super().__getitem__(key))


def source_language() -> str:
    """Return the language content is written in."""
    return settings.LANGUAGE_CODE


def target_languages() -> list[tuple[str, Any]]:
    """Return the languages content may be translated into, with their names."""
    return [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def language_of(text: Any) -> str:
    """Return the language of a piece of content; what says nothing is in that of the source."""
    return getattr(text, "language", source_language())


def tag_of(language: str) -> str:
    """Return the language as HTML names it: ``zh-Hans``."""
    main, _dash, rest = language.partition("-")
    return f"{main}-{rest.title() if len(rest) == 4 else rest.upper()}" if rest else main


def name_of(language: str) -> str:
    """Return what a language is called on the screen."""
    return str(dict(settings.LANGUAGES).get(language, language))


@dataclass(frozen=True)
class Choice:
    """A language the page can be read in.

    Args:
        kept: what else the address of the page says.
    """

    code: str
    name: str
    is_shown: bool
    kept: str = ""

    @property
    def tag(self) -> str:
        """The language as HTML names it."""
        return tag_of(self.code)

    @property
    def query(self) -> str:
        """What is added to the address of the page."""
        return f"?{self.kept}{'&' if self.kept else ''}{PARAMETER}={self.code}"


def chosen_language(asked: str, offered: list[str]) -> str:
    """Return the language shown: the one asked for, else that of the screen, else that of the source."""
    for wanted in (asked, translation.get_language()):
        if wanted in offered:
            return wanted
    return source_language()


def choices(offered: list[str], shown: str, kept: str = "") -> list[Choice]:
    """Return the languages offered; each names itself in its own words."""
    return [Choice(code, translation.get_language_info(code)["name_local"], code == shown, kept) for code in offered]
