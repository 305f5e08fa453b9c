"""One settings file; what differs between machines comes from the environment (see env.py and the README's table)."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from statuspage import env
from statuspage.kit import queues
from statuspage.kit.networks import Network, read_network


def _networks(variable: env.Variable) -> tuple[Network, ...]:
    try:
        return tuple(read_network(text) for text in variable.words)
    except ValueError as error:
        raise ImproperlyConfigured(f"{variable.name}: {error}. Write networks like 10.0.0.0/8.") from error


BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = env.DEBUG.is_on
SECRET_KEY = env.SECRET_KEY.text or ("a developer's machine, nothing to protect" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("RIPPLE_SECRET_KEY is empty. Set it to a long random string and keep it.")
SECRET_KEY_FALLBACKS = env.SECRET_KEYS_BEFORE.words

CONSOLE_URL = env.CONSOLE_URL.text.rstrip("/")
_console = urlsplit(CONSOLE_URL)
CONSOLE_HOST = _console.hostname or "localhost"
_tls = _console.scheme == "https"
PAGE_SCHEME = env.PAGE_SCHEME.text
PAGE_PORT = env.PAGE_PORT.text
PAGES_DOMAIN = env.PAGES_DOMAIN.text.lower().strip(".")
NAMESERVERS = env.NAMESERVERS.words
TRUSTED_PROXIES = _networks(env.TRUSTED_PROXIES)
NEVER_CALL = _networks(env.NEVER_CALL)
SINK = env.SINK.text
METRICS_TOKEN = env.METRICS_TOKEN.text
METRICS_NETWORKS = _networks(env.METRICS_NETWORKS)
SENTRY_DSN = env.SENTRY_DSN.text
PG_BINDIR = env.PG_BINDIR.text
DEMO = env.DEMO.is_on

# Which hosts are answered is decided by pages/hosts.py: the console's own, and every verified page host.
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [CONSOLE_URL]

INSTALLED_APPS = [
    "statuspage",
    "statuspage.kit",
    "statuspage.organizations",
    "statuspage.pages",
    "incidents",
    "subscribers",
    "notifications",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "rest_framework",
    "anymail",
    *(["statuspage.demo"] if DEMO else []),
]

MIDDLEWARE = [
    "statuspage.kit.requests.RequestIdMiddleware",
    "statuspage.kit.hearing_out.HearingOutMiddleware",
    "statuspage.pages.hosts.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "statuspage.urls"
WSGI_APPLICATION = "statuspage.wsgi.application"

TEMPLATES = [
    {
        "NAME": "html",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "notifications.hold_console.hold_that_stands",
            ],
            "builtins": ["statuspage.kit.templatetags.ripple"],
        },
    },
    {
        # Plain text must not be escaped: an apostrophe in a mail is an apostrophe. It renders *.txt only.
        "NAME": "text",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"autoescape": False, "builtins": ["statuspage.kit.templatetags.ripple"]},
    },
]

_database = urlsplit(env.DATABASE_URL.text)
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _database.path.lstrip("/"),
        "USER": unquote(_database.username or ""),
        "PASSWORD": unquote(_database.password or ""),
        "HOST": _database.hostname or "",
        "PORT": str(_database.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "ripple"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "statuspage.organizations.access.InvitedOnly"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600  # seconds before exports, tokens and secrets ask again who somebody is
MFA_PASSKEY_LOGIN_ENABLED = False

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _tls
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if _tls else ("session", "csrf")
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _tls else None
SECURE_SSL_REDIRECT = _tls
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked inside the network, where there is no TLS
SECURE_HSTS_SECONDS = 31_536_000 if _tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _tls
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if _tls else None  # browsers complain of it without TLS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]

DATA_DIR = Path(env.DATA_DIR.text).resolve()
PUBLISHED_DIR = DATA_DIR / "published"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "statuspage" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SMTP_URL = env.SMTP_URL.text
MAIL_PROVIDER, MAIL_HOOK_SECRET = env.MAIL_PROVIDER.text.lower(), env.MAIL_HOOK_SECRET.text
MAIL_FROM = DEFAULT_FROM_EMAIL = env.MAIL_FROM.text
SPF_MECHANISMS, DKIM_TARGET = tuple(env.SPF.words), env.DKIM.text.lower().removesuffix(".")
SMS_URL, SMS_ACCOUNT, SMS_TOKEN, SMS_FROM = (
    env.SMS_URL.text,
    env.SMS_ACCOUNT.text,
    env.SMS_TOKEN.text,
    env.SMS_FROM.text,
)
_smtp = urlsplit(SMTP_URL)  # for the few mails that Django sends; notifications/channels/smtp.py reads it by itself
EMAIL_HOST = _smtp.hostname or "127.0.0.1"
EMAIL_USE_SSL, EMAIL_USE_TLS = _smtp.scheme == "smtps", "starttls=1" in _smtp.query.split("&")
EMAIL_PORT = _smtp.port or (465 if EMAIL_USE_SSL else 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_smtp.username or ""), unquote(_smtp.password or "")
EMAIL_TIMEOUT = 10  # Django's default is to wait for ever

CELERY_BROKER_URL = env.REDIS_URL.text
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = queues.BULK
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_DB_REUSE_MAX = 1_000_000  # a new connection costs as much as a small page; statuspage/celery.py looks after them
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A wake-up that cannot be put down at once is dropped: the dispatcher looks again a second later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "retry_on_timeout": False}

REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "logfmt": {"()": "statuspage.kit.logs.Logfmt"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "logfmt"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Two lines for each wake-up that was received and done. What was done says so itself.
        **{name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace")},
        # "Not Found" a second time, without the request's id (kit/requests.py tells it with it).
        "django.request": {"level": "ERROR"},
    },
}
