"""Settings of the portal: one file, driven by the environment, safe by default.

Every setting an operator may change is an environment variable read here; docs/operations.md lists them.
Without any variable the portal runs as in production on one machine: DEBUG off, SQLite in WAL mode,
Whoosh in process, database task queue, everything it writes below ``VAR_DIR``.
"""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from portal.config.builders import cache_settings, database_settings, log_settings, secret_key, task_settings
from portal.content.pixels import MAX_PIXELS

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Where state lives ------------------------------------------------------------------------------
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Core -------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret_key(env("SECRET_KEY", default=""), VAR_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# Public address printed in QR codes, calendars and mails.
PUBLIC_URL = env("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
# `serve` gives its own address where none is set; other servers cannot know theirs, and a check warns.
PUBLIC_URL_IS_SET = bool(env("PUBLIC_URL", default=""))
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

INSTALLED_APPS = [
    "certification",
    "courses",
    "kb",
    "portal",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "portal.people.apps.PeopleConfig",
    "wagtail.api.v3",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "portal.search.apps.SearchConfig",  # wagtail.search with our outbox
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "ninja",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "portal.web.static_files.ServedFiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pads what it compresses by a random length, so that sizes do not give tokens away (BREACH).
    "portal.web.middleware.TextCompression",
    "csp.middleware.CSPMiddleware",
    "portal.web.middleware.PermissionsPolicy",
    "portal.web.middleware.AdminContentPolicy",
    "portal.web.api_answers.ApiAnswers",
    "portal.web.middleware.WithoutNul",
    "portal.web.middleware.PossibleKeys",
    "portal.web.middleware.PersonalAnswers",
    "portal.web.query_limits.BoundedQuery",
    "portal.web.page_cache.AnonymousPageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.web.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.web.middleware.Acting",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.web.middleware.Refusals",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "portal.web.context_processors.portal",
            ],
        },
    },
]

# --- Engines: embedded by default, replaceable by address --------------------------------------------
DATABASES = {"default": database_settings(env, VAR_DIR)}
CACHES = cache_settings(env("CACHE_URL", default=""))
TASKS = task_settings(env("TASKS_BACKEND", default="database"))
# "whoosh" (default, in VAR_DIR/search), see docs/search.md for the other engines.
SEARCH_URL = env("SEARCH_URL", default=f"whoosh://{VAR_DIR / 'search'}")
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "portal.search.backend",
        "INDEX": "content",
        "WRITER": "portal.search.indexing.outbox.enqueue",
        "CATCH_UP": "portal.search.indexing.writer.family_changes_from_now",
    }
}

# --- People and sign-in --------------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("staff_number", "name", "email", "mobile")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# One sign-in page: Wagtail's own sign-in and password pages would bypass the rate limits and the second factor.
# These two redirect to it and refuse those who are signed in already.
WAGTAILADMIN_LOGIN_URL = "/cms/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/_util/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
ACCOUNT_ADAPTER = "portal.people.accounts.StaffAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_number"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_FORMS = {"login": "portal.people.accounts.StaffLoginForm"}
# A key is the pair of place and account (portal/people/accounts.py); a stranger comes without a known device.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "5/5m/key",
    "login_failed_by_stranger": "30/m/ip,50/h/key",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {"activate_totp": "portal.people.accounts.StaffActivateTOTPForm"}
# A second factor is set up, changed or taken away only with the password.
ACCOUNT_REAUTHENTICATION_REQUIRED = True

# --- Languages and time ---------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = [("zh-hans", "简体中文")]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# What Wagtail's own Chinese lacks, one folder an app; see deploy/wagtail_strings.py.
LOCALE_PATHS = sorted((BASE_DIR / "portal" / "wagtail_locale").glob("*/"))
TIME_ZONE = env("TIME_ZONE", default="Asia/Shanghai")
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["portal.formats"]

# --- Files -----------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# `static/` is source; what is served is collected beside the other state.
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "portal.content.storage.WholeFiles"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Typefaces are for PDF only and take a minute to compress; pictures are compressed already.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["br", "gz", "jpg", "jpeg", "otf", "png", "ttf", "woff", "woff2"]

# --- Wagtail -----------------------------------------------------------------------------------------------
# Days begin and end in the organisation's zone, for everybody.
# An approval publishes, whoever gives it.
WAGTAIL_FINISH_WORKFLOW_ACTION = "kb.control.finish.publish_approved"
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_SITE_NAME = "上岗通"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAILDOCS_DOCUMENT_MODEL = "portal.PortalDocument"
WAGTAILIMAGES_IMAGE_MODEL = "portal.PortalImage"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = MAX_PIXELS
# Every form of an upload checks that the content is what the ending says.
WAGTAILDOCS_DOCUMENT_FORM_BASE = "portal.content.uploads.CheckedDocumentForm"
WAGTAILIMAGES_IMAGE_FORM_BASE = "portal.content.uploads.CheckedImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "mp4", "pdf", "pptx", "txt", "webm", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
# Documents are streamed by the permission-checking view, never redirected to a storage address.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None

# --- Security ------------------------------------------------------------------------------------------------
# Plain http is accepted on this machine only (the demo); with HTTPS on, requests are redirected to TLS.
HTTPS = env.bool("HTTPS", default=PUBLIC_URL.startswith("https://"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Sign-in limits count the reader's address, not the proxy's.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
# Devices of the browser that no page uses; the camera is left to the browser's own scanner.
PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), bluetooth=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
)
# Whom to tell of a weakness: a mailto: or https: address, published in /.well-known/security.txt.
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")
# Wagtail allows its own previews a frame.
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}

# Keys that sign credentials and evidence packs. Several hosts share the folder.
SIGNING_KEYS_DIR = Path(env("SIGNING_KEYS_DIR", default=str(VAR_DIR / "signing"))).resolve()

# --- Mail and logs ---------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# Further typefaces for PDF, asked after the bundled ones: paths of .ttf or .otf files.
PRINT_FONTS = tuple(env.list("PRINT_FONTS", default=[]))
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portal@example.com")
LOGGING = log_settings(env("LOG_LEVEL", default="INFO"), json=env.bool("LOG_JSON", default=not DEBUG))
DJANGO_STRUCTLOG_CELERY_ENABLED = False

# --- The portal's own settings ----------------------------------------------------------------------------------
# Seconds an anonymous reader's page may be served from memory.
ANONYMOUS_PAGE_CACHE_SECONDS = env.int("ANONYMOUS_PAGE_CACHE_SECONDS", default=60)
# Requests a minute the API answers to one caller.
API_RATE = env("API_RATE", default="120/m")
# Days for which searches are kept, without any name, to see what people look for in vain.
SEARCH_LOG_DAYS = env.int("SEARCH_LOG_DAYS", default=180)
# MB that must be free where the portal writes; with less, /readyz says which place and answers 503.
MIN_FREE_MB = env.int("MIN_FREE_MB", default=200)
# Where backups go (put it on another disk), and how many are kept; 0 makes none by itself.
BACKUP_DIR = Path(env("BACKUP_DIR", default=str(VAR_DIR / "backups"))).resolve()
BACKUP_KEEP = env.int("BACKUP_KEEP", default=14)
