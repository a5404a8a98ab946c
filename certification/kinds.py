"""Registries of the kinds of question and of requirement.

Models, forms and pages ask a registry for the kind that a record names and never compare names themselves. The kinds
stand in ``certification.questions.kinds`` and ``certification.requirements``, one module each; every module there that
defines ``KIND`` is registered at start-up.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any, Generic, Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError


class UnknownKind(DomainError):
    """A record names a kind that no module defines."""

    code = "unknown_kind"
    status = 500
    message = _("“%(kind)s” is not a known kind of %(noun)s. Tell your administrator; nothing was changed.")


class HasKey(Protocol):
    """What a registry needs to know of a kind."""

    key: str
    label: Any
    order: int


K = TypeVar("K", bound=HasKey)


class Registry(Generic[K]):
    """Kinds of question or of requirement, by key.

    Args:
        noun: what the kinds are kinds of, in the reader's language.
    """

    def __init__(self, noun: Any) -> None:
        self.noun = noun
        self._kinds: dict[str, K] = {}
        self._ordered: list[K] | None = None
        self._indexes: dict[Any, dict[str, K]] = {}

    def __iter__(self) -> Iterator[K]:
        """Yield the kinds in the order in which forms offer them."""
        if self._ordered is None:
            self._ordered = sorted(self._kinds.values(), key=lambda kind: (kind.order, kind.key))
        return iter(self._ordered)

    def __contains__(self, key: object) -> bool:
        return key in self._kinds

    def get(self, key: str) -> K:
        """Return the kind called ``key``.

        Raises:
            UnknownKind: there is none; it is never treated as another one.
        """
        try:
            return self._kinds[key]
        except KeyError:
            raise UnknownKind(kind=key, noun=self.noun) from None

    def register(self, kind: K) -> None:
        """Add a kind.

        Raises:
            ValueError: its key belongs to another kind.
        """
        if self._kinds.get(kind.key, kind) is not kind:
            raise ValueError(f"Two kinds are called {kind.key!r}")
        self._kinds[kind.key] = kind
        self._ordered = None
        self._indexes.clear()

    def unregister(self, key: str) -> None:
        """Remove a kind, as tests do with those they added."""
        self._kinds.pop(key, None)
        self._ordered = None
        self._indexes.clear()

    def by(self, index: Callable[[Iterable[K]], dict[str, K]]) -> dict[str, K]:
        """Return what ``index`` makes of the kinds, made once for the kinds there are."""
        if index not in self._indexes:
            self._indexes[index] = index(self)
        return self._indexes[index]

    def discover(self, package: ModuleType) -> None:
        """Register ``KIND`` of every module of ``package`` that defines one."""
        for found in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{found.name}")
            if hasattr(module, "KIND") and module.KIND.__class__.__module__ == module.__name__:
                self.register(module.KIND)

    def choices(self) -> list[tuple[str, Any]]:
        """Return keys and labels, for fields of models and forms."""
        return [(kind.key, kind.label) for kind in self]


# Of certification.questions.kinds.base.QuestionKind and certification.requirements.base.RequirementKind, which stand
# above the models that import this module.
question_kinds: Registry[Any] = Registry(_("question"))
requirement_kinds: Registry[Any] = Registry(_("requirement"))


def question_kind_choices() -> list[tuple[str, Any]]:
    """Return the kinds of question for ``QuestionVersion.kind``; a callable, so that a new kind needs no migration."""
    return question_kinds.choices()


def requirement_kind_choices() -> list[tuple[str, Any]]:
    """Return the kinds of requirement for ``Requirement.kind``; a callable, so that a new kind needs no migration."""
    return requirement_kinds.choices()
