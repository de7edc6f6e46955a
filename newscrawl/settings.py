"""Settings: each line is a decision, with Scrapy's default and the reason.

The environment is read here and nowhere else.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from scrapy.settings import default_settings
from scrapy.utils.conf import closest_scrapy_cfg

from newscrawl.version import __version__

_PROJECT = closest_scrapy_cfg()
_FOLDER = Path(_PROJECT).parent if _PROJECT else Path.cwd()

# What Scrapy calls the project in logs and stats.
BOT_NAME = "newscrawl"
# Default []: one module per site.
SPIDER_MODULES = ["newscrawl.spiders"]
# A project's own sites that are not in newscrawl.sites, by dotted name. `scrapy validate` and
# `scrapy report` get the addresses and time zones of lines from them.
SITES: list[str] = []
# A folder of a project's own sites, one TOML file each: `sites/` beside scrapy.cfg, or in the
# working directory without one.
SITES_DIR = os.environ.get("NEWSCRAWL_SITES_DIR") or str(_FOLDER / "sites")
# Default "": where `scrapy genspider` writes to.
NEWSPIDER_MODULE = "newscrawl.spiders"
# Default "". Our `crawl` ends with one message and an exit code, Scrapy's with a traceback and 0.
COMMANDS_MODULE = "newscrawl.commands"

# --- Who we are -------------------------------------------------------------------------------
# An e-mail or web address at which the site can reach the operator of the crawler.
CONTACT = os.environ.get("NEWSCRAWL_CONTACT", "").strip()
# Default "Scrapy/2.19.0 (+https://scrapy.org)". A crawler identifies itself and its operator.
USER_AGENT = f"newscrawl/{__version__} ({f'+{CONTACT}' if CONTACT else 'no contact given'})"
# Default "en". The site is Italian.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "it,en;q=0.5",
    # A robot states the address of a person who is responsible for it (RFC 9110, 10.1.2).
    **({"From": CONTACT} if re.fullmatch(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>()]+", CONTACT) else {}),
}

# --- Politeness -------------------------------------------------------------------------------
# Default False.
ROBOTSTXT_OBEY = True
# Default 8. One at a time does not load a newsroom's server.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Default Scrapy's own, which does not know other crawls on the same ledger.
DOWNLOADER = "newscrawl.ledger.scrapy.downloader.ThrottledDownloader"
# Default 0, in seconds; randomized by half.
DOWNLOAD_DELAY = 1.0
# Default 0.5, of both signs; a delay is never shorter than DOWNLOAD_DELAY.
DOWNLOAD_DELAY_JITTER = 0.2
# Default False. The crawl slows down with the site.
AUTOTHROTTLE_ENABLED = True
# Default 5.0; DOWNLOAD_DELAY is already a second at least.
AUTOTHROTTLE_START_DELAY = 1.0
# In seconds: with a longer Crawl-delay in robots.txt a run does not start.
CRAWL_DELAY_MAX = 60
# In seconds: up to which a Retry-After of 429 and 503 is believed.
RETRY_AFTER_MAX = 3_600
# In seconds: how long the site is left alone after 429 and 503 without Retry-After; doubled for
# each further one, up to BACKOFF_MAX.
BACKOFF_START = 30
# In seconds: the longest of these waits.
BACKOFF_MAX = 900
# In seconds, for both together: a run that would have to wait for longer ends as rate_limited.
WAIT_MAX = 900
# How many answers 429 or 503 in a row end a run as rate_limited.
REFUSALS_MAX = 5
# In seconds: from an answer 500, 502 or 504 to the next request for the same article in the run.
SERVER_ERROR_INTERVAL = 120
# Hours of the site's day in which a run may send requests, "01:00-06:00"; if empty, any.
CRAWL_WINDOW = ""
# Per site and day (of the site's time zone), by all crawls on its ledger; 0 for no limit.
DAILY_MAX_REQUESTS = 0
# Likewise, in bytes as they were sent.
DAILY_MAX_BYTES = 0
# Default True. An anonymous reader needs none, and a session could change the pages.
COOKIES_ENABLED = False
# Default 2. News sites have short outages; after five tries an article counts as not fetched.
RETRY_TIMES = 4
# Default 20.
REDIRECT_MAX_TIMES = 8
# Default True. The theme does not use it, and it can cause loops.
METAREFRESH_ENABLED = False

# --- Rights (docs/rights.md) ------------------------------------------------------------------
# record: what publishers state on the use of their content is recorded. respect: what they reserve
# is not fetched, or not kept.
RIGHTS_POLICY = os.environ.get("NEWSCRAWL_RIGHTS_POLICY", "record").strip().lower()

# --- Safety -----------------------------------------------------------------------------------
# Default False: without verification anyone on the network path could alter the archive.
DOWNLOAD_VERIFY_CERTIFICATES = True
# Default 1 GiB, in bytes.
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
# Default 32 MiB, in bytes.
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
# Default 180, in seconds.
DOWNLOAD_TIMEOUT = 30
# Default CachingThreadedResolver, which returns one address of a name: all are judged.
TWISTED_DNS_RESOLVER = "scrapy.resolver.CachingHostnameResolver"
# Each has a default: links of web pages must not read local files or use other protocols.
DOWNLOAD_HANDLERS = {
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
    # Scrapy's own, and a browser for the pages that need one.
    "http": "newscrawl.browser.handler.BrowserDownloadHandler",
    "https": "newscrawl.browser.handler.BrowserDownloadHandler",
}
# Default True: it executes Python code that it receives.
REMOTE_CONTROL_ENABLED = False
# Default True: a console of the process.
TELNETCONSOLE_ENABLED = False
# Default 5,000,000, in bytes of unprocessed responses: a parsed page takes many times its size.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1_000_000
_IMPORTED_IF_ENABLED = {
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": (
        "newscrawl.run.optional_components.OptionalCookies"
    ),
    "scrapy.extensions.remote_control.RemoteControl": (
        "newscrawl.run.optional_components.OptionalRemoteControl"
    ),
}
# Default Scrapy's, which imports what is named there at each start, also what is switched off.
DOWNLOADER_MIDDLEWARES_BASE = {
    _IMPORTED_IF_ENABLED.get(name, name): order
    for name, order in default_settings.DOWNLOADER_MIDDLEWARES_BASE.items()
}
# Default Scrapy's; the same.
EXTENSIONS_BASE = {
    _IMPORTED_IF_ENABLED.get(name, name): order
    for name, order in default_settings.EXTENSIONS_BASE.items()
}
# Default {}: what differs from Scrapy's own stack.
DOWNLOADER_MIDDLEWARES = {
    # Next to the engine: failures that reach it are final.
    "newscrawl.ledger.scrapy.leases.LeasedDownloadMiddleware": 0,
    # Scrapy's own allows subdomains and the redirects of start requests.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "newscrawl.middlewares.hosts.SiteHostsMiddleware": 50,
    # No page needs a password.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    # Scrapy's own logs a traceback for a host that does not respond.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newscrawl.middlewares.robots.RobotsMiddleware": 100,
    # After robots.txt, which may name licences.
    "newscrawl.middlewares.reserved.ReservedPagesMiddleware": 110,
    # Scrapy's own warns at every start that no Referer is sent.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "newscrawl.middlewares.redirects.RedirectMiddlewareWithoutReferer": 600,
    # Before the retry middleware (550): a run that ends does not try again.
    "newscrawl.middlewares.refusals.RefusalMiddleware": 555,
    # Between the retry middleware (550) and decompression (590): it needs decompressed text.
    "newscrawl.middlewares.truncated.TruncatedPageMiddleware": 560,
    # Next to decompression: what comes after it reads text.
    "newscrawl.middlewares.page_text.PageTextMiddleware": 580,
    # Next to the downloader: what it keeps is what was served.
    "newscrawl.run.optional_components.OptionalArchive": 950,
    # Before redirects and retries: it sends the same request again.
    "newscrawl.middlewares.not_modified.NotModifiedMiddleware": 570,
}
# Default {}: what differs from Scrapy's own stack.
SPIDER_MIDDLEWARES = {
    # Next to the engine: what passes it is complete.
    "newscrawl.ledger.scrapy.leases.LeaseMiddleware": 0,
    # Before the first that reads a page's tree: Scrapy would build one of its own.
    "newscrawl.middlewares.page_text.PageTreeMiddleware": 10,
    # Before Scrapy's HttpErrorMiddleware (50): blocked statuses count too.
    "newscrawl.middlewares.blocked.BlockedPagesMiddleware": 20,
    # After it, which counts the response.
    "newscrawl.middlewares.page_text.CutOffPageMiddleware": 25,
    # After it, as 202 is what bot protections answer with.
    "newscrawl.middlewares.not_modified.AnswerStatusMiddleware": 30,
    # Next to the spider: it catches only exceptions of page classes.
    "newscrawl.middlewares.failed_pages.FailedPagesMiddleware": 1100,
    # An archive's last page may be hundreds of requests deep: each channel has its own limit
    # (discovery/archive.py, discovery/related.py).
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    # A development aid that costs time for each request.
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

# --- The browser ------------------------------------------------------------------------------
# Path of Chromium; if empty, it is searched on PATH.
BROWSER_PATH = os.environ.get("NEWSCRAWL_BROWSER", "").strip()
# Per run: a page in the browser costs as much as twenty others.
BROWSER_MAX_PAGES = 200
# In seconds, for a page.
BROWSER_TIMEOUT = 20
# The same for a list that is scrolled.
BROWSER_SCROLL_TIMEOUT = 120
# How often a list is scrolled, every DOWNLOAD_DELAY.
BROWSER_MAX_SCROLLS = 100
# Per page: scripts and their requests.
BROWSER_MAX_REQUESTS = 300
# How often a failed browser is restarted.
BROWSER_MAX_RESTARTS = 3
# In seconds without a page, after which the browser is closed to free its memory.
BROWSER_IDLE = 60

# Default True: the site does not need to know which page led to an article.
REFERER_ENABLED = False

# The share of blocked pages (cookie wall, CAPTCHA, 403 …) above which a run counts as
# blocked.
BLOCKED_MAX_SHARE = 0.1
# The share of new addresses that answered with something else than an article above which a run
# counts as partial; three are needed.
DOUBTFUL_MAX_SHARE = 0.1

# Addresses that only Related Posts lead to and that one run requests: boxes can invent them without
# end. To these come a fifth of the addresses that the ledger knows and twice as many as the run's
# other channels have found.
RELATED_MAX_ADDRESSES = 10_000

# --- Items ------------------------------------------------------------------------------------
# Default {}: dates, rights, the run's span of days, what is reserved, validation, comparison.
ITEM_PIPELINES = {
    "newscrawl.pipelines.date.DatePipeline": 100,
    "newscrawl.pipelines.complete.CompletePipeline": 200,
    "newscrawl.pipelines.bound.BoundPipeline": 300,
    "newscrawl.pipelines.withhold.WithholdPipeline": 350,
    "newscrawl.pipelines.validate.ValidatePipeline": 400,
    "newscrawl.pipelines.compare.ComparePipeline": 500,
}

# Default 100, which creates as many tasks for each page; our pipelines do not wait.
CONCURRENT_ITEMS = 1

# --- The ledger -------------------------------------------------------------------------------
# Default Scrapy's own, which loses most of a crawl when it is killed.
SCHEDULER = "newscrawl.ledger.scrapy.scheduler.LedgerScheduler"
# A SQLAlchemy URL; if empty, an SQLite file in OUTPUT_DIR.
LEDGER_URL = os.environ.get("NEWSCRAWL_LEDGER_URL", "")
# In seconds: a worker of a shared ledger that is silent for longer is disconnected.
WORKER_SILENCE = 120
# In seconds: when an address is looked at again that could not be read, or that answered with
# something else than an article: 10 minutes, 1 hour, 6 hours, 1, 3, 7 and 30 days.
RETRY_INTERVALS = [600, 3_600, 6 * 3_600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400]
# In seconds after publication: when an article is checked again without a sign of change.
RECHECK_AGES = [3_600, 6 * 3_600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400]
# Whether WordPress's REST interface, where it is open, tells what is new and what has changed.
REST_DISCOVERY_ENABLED = True
# In seconds: for how long after a run by all channels REST alone does so.
FULL_DISCOVERY_INTERVAL = 86_400
# In seconds: an article counts as gone when it is missing twice, this far apart.
GONE_AFTER = 3_600

# Default []: responses to conditional requests for unchanged pages.
HTTPERROR_ALLOWED_CODES = [304]

# --- Output -----------------------------------------------------------------------------------
# Where dumps go: `output/` beside scrapy.cfg, or in the working directory without one.
OUTPUT_DIR = os.environ.get("NEWSCRAWL_OUTPUT") or str(_FOLDER / "output")
# Name of a run's files; set by `scrapy crawl`, so that log and dump have the same name.
RUN_STARTED = None
# Default {}: without any option a run writes its dump.
FEEDS: dict[str, dict[str, Any]] = {
    "dump://%(dump)s": {
        "format": "dump",
        # Default the FEED_EXPORT_ settings, which are for the feeds of `-o`.
        "fields": None,
        "indent": None,
        "batch_item_count": 0,
        "item_export_kwargs": {},
        "encoding": "utf-8",
        "item_classes": ["newscrawl.items.Article"],
        # Default True: an empty file would look like a dump.
        "store_empty": False,
        "uri_params": "newscrawl.feeds.feed_uri_params",
    }
}
# Default Scrapy's: not FEED_STORAGES and FEED_EXPORTERS, which a project may set as a whole.
# A dump is written as `.part`; the ledger knows each of its lines.
FEED_STORAGES_BASE = {
    **default_settings.FEED_STORAGES_BASE,
    "dump": "newscrawl.feeds.DumpStorage",
}
# The same lines as Scrapy's exporter, faster; in other formats, exporters for nested values.
FEED_EXPORTERS_BASE = {
    **default_settings.FEED_EXPORTERS_BASE,
    **dict.fromkeys(("dump", "jsonl", "jsonlines", "jl"), "newscrawl.feeds.ArticleLinesExporter"),
    "csv": "newscrawl.export.feed_exporters.ArticleCsvExporter",
    "xml": "newscrawl.export.feed_exporters.ArticleXmlExporter",
    "pickle": "newscrawl.export.feed_exporters.ArticlePickleExporter",
    "marshal": "newscrawl.export.feed_exporters.ArticleMarshalExporter",
}
# Default None (ASCII escapes): people read the Italian text too.
FEED_EXPORT_ENCODING = "utf-8"
# Default Scrapy's, which checks at each call whether it has a deprecated argument.
STATS_CLASS = "newscrawl.run.stats_collector.UncheckedStatsCollector"
# Default {}: after Scrapy's own (0), which have closed the dump by then.
EXTENSIONS = {
    # In Scrapy's own, a feed that fails takes the line from the feeds after it.
    "scrapy.extensions.feedexport.FeedExporter": None,
    "newscrawl.feeds.SeparateFeeds": 0,
    # After Scrapy's CoreStats, which sets the finish reason, and before all that read it.
    "newscrawl.run.article_stats.ArticleStatsExtension": 470,
    # Before the finish reason is decided.
    "newscrawl.spiders.audit.AuditExtension": 475,
    "newscrawl.run.finish.FinishExtension": 480,
    "newscrawl.run.daily_limits.DailyLimitsExtension": 485,
    "newscrawl.run.gc_freeze.GcFreezeExtension": 490,
    "newscrawl.feeds.RejectedItems": 500,
    # After all others, before the summary reports how the run ended.
    "newscrawl.run.run_report.RunReportExtension": 505,
    "newscrawl.run.summary_printer.SummaryExtension": 510,
    "newscrawl.run.progress.ProgressExtension": 520,
    "newscrawl.run.backfill_progress.BackfillExtension": 530,
}

# --- The archive (docs/archive.md) --------------------------------------------------------------
# warc: each response that a run uses is kept in <start time>-NNNNN.warc.gz next to the dump. If
# empty, none is.
ARCHIVE = os.environ.get("NEWSCRAWL_ARCHIVE", "").strip().lower()
# In bytes: a file of the archive that has reached it is followed by another one.
ARCHIVE_MAX_SIZE = 1_000_000_000

# --- The audit (docs/audit.md) ----------------------------------------------------------------
# Compares articles read from pages with REST, else the feed: at most 10 requests for 100 articles.
AUDIT_ENABLED = True
# The share of values in which page and second witness must agree, for each field; 0 for no limit.
AUDIT_MIN = 0.98

# --- Monitors and alerts (docs/monitoring.md) --------------------------------------------------
# Suites of Spidermon monitors that check each run at its end; [] for none.
MONITORS = ["newscrawl.run.monitors.spidermon_suite.RunMonitors"]
# Whether a run in which the site no longer gives what it gave ends as `drift`, code 25.
FAIL_ON_DRIFT = False
# Number of earlier runs to compare with: two days with a run every 15 minutes.
MONITOR_HISTORY = 200
# Field to the minimum share of articles with it; other fields are compared with the history.
FIELD_COVERAGE: dict[str, float] = {}
# By how much a field's share may be lower than usual.
COVERAGE_TOLERANCE = 0.1
# A day: sections publish little at night and on Sundays.
SILENCE_HOURS = 24
# The share of pages that were not fetched or could not be read.
ERROR_MAX_SHARE = 0.05
# From publication to capture, in seconds: {"median": 900, "p95": 3600}; it depends on the schedule.
LAG_MAX: dict[str, float] = {}
# Actions when a monitor fails: exit_code, email, slack, telegram, sentry, webhook.
ALERTS = [
    name.strip()
    for name in os.environ.get("NEWSCRAWL_ALERTS", "exit_code").split(",")
    if name.strip()
]
# While a monitor keeps failing, each channel is notified once a day.
ALERT_REPEAT_HOURS = 24
# smtp://host:25, or smtps://user:password@host:465.
SMTP_URL = os.environ.get("NEWSCRAWL_SMTP_URL", "")
# Comma-separated.
EMAIL_TO = os.environ.get("NEWSCRAWL_EMAIL_TO", "")
# If empty, newscrawl at this host.
EMAIL_FROM = os.environ.get("NEWSCRAWL_EMAIL_FROM", "")
# The address of an incoming webhook, which is a secret.
SLACK_WEBHOOK = os.environ.get("NEWSCRAWL_SLACK_WEBHOOK", "")
# The token of a bot.
TELEGRAM_TOKEN = os.environ.get("NEWSCRAWL_TELEGRAM_TOKEN", "")
# Ids of the chats that the bot writes to, comma-separated.
TELEGRAM_CHAT = os.environ.get("NEWSCRAWL_TELEGRAM_CHAT", "")
# A self-hosted Bot API server can be used.
TELEGRAM_API = os.environ.get("NEWSCRAWL_TELEGRAM_API", "https://api.telegram.org")
# https://key@host/project.
SENTRY_DSN = os.environ.get("NEWSCRAWL_SENTRY_DSN", "")
# Receives the run report as JSON.
WEBHOOK_URL = os.environ.get("NEWSCRAWL_WEBHOOK_URL", "")
# Sent to it as bearer token.
WEBHOOK_TOKEN = os.environ.get("NEWSCRAWL_WEBHOOK_TOKEN", "")
# Scrapyd's id of the run's job.
JOB = os.environ.get("SCRAPY_JOB", "")

# --- Logs -------------------------------------------------------------------------------------
# Default "DEBUG", which prints each request.
LOG_LEVEL = os.environ.get("NEWSCRAWL_LOG_LEVEL", "INFO")
# Default Scrapy's, which prints whole items over many lines.
LOG_FORMATTER = "newscrawl.run.logs.OneLineFormatter"
# One JSON object per line; by default only for runs that Scrapyd starts.
_LOG_JSON = os.environ.get("NEWSCRAWL_LOG_JSON", "").strip().lower()
# Text or JSON; either has the run's id in each line.
LOG_JSON = _LOG_JSON in {"1", "true", "yes", "on"} if _LOG_JSON else bool(JOB)
# "file": `scrapy crawl` logs to <start time>.log beside the dump.
RUN_LOG = os.environ.get("NEWSCRAWL_LOG", "")
