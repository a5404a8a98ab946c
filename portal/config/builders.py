"""Build the larger settings (database, caches, tasks, logging) from environment variables."""

import logging
import os
import secrets
from pathlib import Path
from typing import Any

import structlog

from portal.config.logs import hide_secrets


def secret_key(given: str, var_dir: Path) -> str:
    """Return the signing key: the given one, or one made on first start and kept in ``var_dir``.

    Args:
        given: value of SECRET_KEY, may be empty.
        var_dir: state directory; the made key lies in ``secret_key`` there, readable by its owner only.
    """
    if given:
        return given
    path = var_dir / "secret_key"
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as new:
            new.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


def database_settings(env: Any, var_dir: Path) -> dict[str, Any]:
    """Return the database: DATABASE_URL, or SQLite in WAL mode below ``var_dir``.

    IMMEDIATE transactions take the write lock at their start, so check-then-act is safe and a busy database makes
    a writer wait instead of failing half-way; synchronous=FULL because attempts and ledger must survive power loss.
    """
    config = env.db("DATABASE_URL", default=f"sqlite:///{var_dir / 'portal.sqlite3'}")
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
        # Opening the file anew for every request costs a fifth of a page; each thread of the server keeps its own.
        config["CONN_MAX_AGE"] = 600
        # Named so that a test database is a file, shared by threads of the live server.
        config["TEST"] = {"NAME": str(var_dir / "test.sqlite3")}
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


def cache_settings(url: str) -> dict[str, dict[str, Any]]:
    """Return two caches: ``default`` shared by all processes (limits, locks) and ``local`` for pages and throttling.

    Args:
        url: ``redis://…`` puts both on Redis; empty keeps the shared one in the database, the other in memory.
    """
    if url:
        return {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": url,
                "KEY_PREFIX": "shared",
            },
            "local": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "KEY_PREFIX": "local"},
        }
    return {
        "default": {"BACKEND": "portal.operations.shared_cache.SharedCache", "LOCATION": "portal_cache"},
        "local": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "portal-local",
            "OPTIONS": {"MAX_ENTRIES": 2000},
        },
    }


def task_settings(name: str) -> dict[str, dict[str, Any]]:
    """Return the task queue: ``database`` (worked off by ``manage.py db_worker``) or ``immediate`` (tests).

    Raises:
        ValueError: for any other name.
    """
    backends = {
        "database": "django_tasks_db.DatabaseBackend",
        "immediate": "django_tasks.backends.immediate.ImmediateBackend",
    }
    if name not in backends:
        raise ValueError(f"TASKS_BACKEND must be one of {', '.join(backends)}, not {name!r}")
    return {"default": {"BACKEND": backends[name]}}


class QuietTasks(logging.Filter):
    """Drops log lines about tasks that succeeded; the worker sets its own level, so a level cannot."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or not record.name.startswith("django_tasks")


def log_settings(level: str, *, json: bool) -> dict[str, Any]:
    """Return structured logging to stderr, one event a line (JSON in production, coloured text in development)."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer(colors=True)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    hide_secrets,
                    renderer,
                ],
                "foreign_pre_chain": shared,
            }
        },
        "filters": {"quiet_tasks": {"()": "portal.config.builders.QuietTasks"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["quiet_tasks"]}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            name: {"level": "WARNING"} for name in ("django.server", "fontTools", "weasyprint", "PIL", "asyncio")
        },
    }
