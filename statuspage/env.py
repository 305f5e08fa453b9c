"""Every environment variable the product reads, in one place.

`VARIABLES` is also what the README's table is tested against: a variable cannot be added without being explained.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    default: str
    meaning: str

    @property
    def text(self) -> str:
        return os.environ.get(self.name, self.default)

    @property
    def is_on(self) -> bool:
        return self.text.lower() in {"1", "true", "yes", "on"}

    @property
    def words(self) -> list[str]:
        return [word for word in self.text.replace(",", " ").split() if word]


DATABASE_URL = Variable(
    "DATABASE_URL", "postgres://ripple@127.0.0.1:5432/ripple", "PostgreSQL, as postgres://user:password@host:port/name"
)
REDIS_URL = Variable(
    "REDIS_URL",
    "redis://127.0.0.1:6379/0",
    "Redis or Valkey: Celery's wake-ups and rate limits; holds nothing that may not be lost",
)
SECRET_KEY = Variable(
    "RIPPLE_SECRET_KEY",
    "",
    "Signs sessions and links, seals secrets; required unless RIPPLE_DEBUG is on. How to change it: docs/operating.md",
)
SECRET_KEYS_BEFORE = Variable(
    "RIPPLE_SECRET_KEYS_BEFORE",
    "",
    "Secret keys that were changed lately, newest first: what was signed or sealed with them still works",
)
DEBUG = Variable("RIPPLE_DEBUG", "0", "1 on a developer's machine only")
DATA_DIR = Variable("RIPPLE_DATA_DIR", ".data", "Folder for published pages; a volume shared with the web server")
CONSOLE_URL = Variable(
    "RIPPLE_CONSOLE_URL", "http://localhost:8000", "Where members log in. Its host must not be a public page's host"
)
PAGE_SCHEME = Variable("RIPPLE_PAGE_SCHEME", "https", "Scheme of public pages in links: https, or http for a local try")
PAGE_PORT = Variable("RIPPLE_PAGE_PORT", "", "Port of public pages in links, when it is not the scheme's own")
TRUSTED_PROXIES = Variable(
    "RIPPLE_TRUSTED_PROXIES",
    "",
    "Networks of your own proxies, separated by commas: only they are believed about whom they were asked by",
)
PAGES_DOMAIN = Variable(
    "RIPPLE_PAGES_DOMAIN", "", "Domain below which pages get subdomains: pages.example.com. Empty: own domains only"
)
NAMESERVERS = Variable(
    "RIPPLE_NAMESERVERS", "", "Where proofs of domains are looked up, as addresses. Empty: the system's name servers"
)
NEVER_CALL = Variable(
    "RIPPLE_NEVER_CALL",
    "",
    "Public networks of yours that addresses typed by tenants must never lead to. What is not public is never called",
)
SINK = Variable(
    "RIPPLE_SINK", "", "Demo and tests only: address:port of a server that gets all webhooks and chat messages instead"
)
SMTP_URL = Variable("RIPPLE_SMTP_URL", "smtp://127.0.0.1:25", "Mail relay: smtp://user:password@host:587?starttls=1")
MAIL_FROM = Variable(
    "RIPPLE_MAIL_FROM", "status@ripple.example", "Sender address of messages; also the right side of their Message-ID"
)
SPF = Variable(
    "RIPPLE_SPF",
    "",
    "For organizations' own sender addresses: what lets your relay send, as SPF has it: include:spf.ripple.example",
)
DKIM = Variable(
    "RIPPLE_DKIM",
    "",
    "For organizations' own sender addresses: name of the key your relay signs with: ripple._domainkey.ripple.example",
)
SMS_URL = Variable("RIPPLE_SMS_URL", "", "SMS provider's messages address (Twilio's form). Empty: no SMS can be sent")
SMS_ACCOUNT = Variable("RIPPLE_SMS_ACCOUNT", "", "User name for the SMS provider")
SMS_TOKEN = Variable("RIPPLE_SMS_TOKEN", "", "Password for the SMS provider")
SMS_FROM = Variable("RIPPLE_SMS_FROM", "", "Number or sender name of SMS messages")
MAIL_PROVIDER = Variable(
    "RIPPLE_MAIL_PROVIDER",
    "",
    "Who tells of letters that came back: brevo, mailersend, mailgun, mailjet, mailtrap, postmark or sparkpost",
)
MAIL_HOOK_SECRET = Variable(
    "RIPPLE_MAIL_HOOK_SECRET",
    "",
    "How that provider proves itself at /hooks/mail: its signing key, or user:password where it has none",
)
METRICS_TOKEN = Variable(
    "RIPPLE_METRICS_TOKEN",
    "",
    "Bearer token for /metrics. /metrics is off while this and RIPPLE_METRICS_NETWORKS are empty",
)
METRICS_NETWORKS = Variable("RIPPLE_METRICS_NETWORKS", "", "Networks that may read /metrics without a token")
SENTRY_DSN = Variable(
    "RIPPLE_SENTRY_DSN", "", "Where errors are reported (Sentry), without addresses and tokens. Empty: nowhere"
)
PG_BINDIR = Variable("PG_BINDIR", "", "Folder of pg_dump and pg_restore, when they are not on the PATH")
FIRST_ORGANIZATION = Variable(
    "RIPPLE_FIRST_ORGANIZATION", "", "Name of the organization that `manage.py prepare` creates where there is none"
)
FIRST_OWNER = Variable("RIPPLE_FIRST_OWNER", "", "E-mail address of that organization's owner")
FIRST_HOST = Variable("RIPPLE_FIRST_HOST", "", "Host name of that organization's public page: status.acme.example")
DEMO = Variable("RIPPLE_DEMO", "0", "1 adds the demo's inbox page. Never in production")

VARIABLES: tuple[Variable, ...] = (
    DATABASE_URL,
    REDIS_URL,
    SECRET_KEY,
    SECRET_KEYS_BEFORE,
    DEBUG,
    DATA_DIR,
    CONSOLE_URL,
    PAGE_SCHEME,
    PAGE_PORT,
    TRUSTED_PROXIES,
    PAGES_DOMAIN,
    NAMESERVERS,
    NEVER_CALL,
    SINK,
    SMTP_URL,
    MAIL_FROM,
    SPF,
    DKIM,
    SMS_URL,
    SMS_ACCOUNT,
    SMS_TOKEN,
    SMS_FROM,
    MAIL_PROVIDER,
    MAIL_HOOK_SECRET,
    METRICS_TOKEN,
    METRICS_NETWORKS,
    SENTRY_DSN,
    PG_BINDIR,
    FIRST_ORGANIZATION,
    FIRST_OWNER,
    FIRST_HOST,
    DEMO,
)
