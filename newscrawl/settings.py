"""Settings: each line is a decision, with Scrapy's default and the reason.

The environment is read here and nowhere else.
"""

from __future__ import annotations

import os
from pathlib import Path

from scrapy.utils.conf import closest_scrapy_cfg

from newscrawl.version import __version__

# What Scrapy calls the project in logs and stats.
BOT_NAME = "newscrawl"
# Default []: one module per site.
SPIDER_MODULES = ["newscrawl.spiders"]
# Default "": where `scrapy genspider` would write to.
NEWSPIDER_MODULE = "newscrawl.spiders"
# Default "". Our `crawl` gives one clear line and an exit code; Scrapy's a traceback and 0.
COMMANDS_MODULE = "newscrawl.commands"

# --- Who we are -------------------------------------------------------------------------------
# An e-mail or web address at which the site's people can reach whoever runs the crawl.
CONTACT = os.environ.get("NEWSCRAWL_CONTACT", "").strip()
# Default "Scrapy/2.19.0 (+https://scrapy.org)". A crawler says what it is and whom to ask.
USER_AGENT = f"newscrawl/{__version__} ({f'+{CONTACT}' if CONTACT else 'no contact given'})"
# Default "en". The site is Italian.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "it,en;q=0.5",
}

# --- Politeness -------------------------------------------------------------------------------
# Default False.
ROBOTSTXT_OBEY = True
# Default 8. One at a time is what a newsroom's server does not notice.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Default Scrapy's own, which knows of no other crawl on the same ledger.
DOWNLOADER = "newscrawl.ledger.scrapy.downloader.ThrottledDownloader"
# Default 0, in seconds; jittered by half.
DOWNLOAD_DELAY = 1.0
# Default False. Slows down when the site does.
AUTOTHROTTLE_ENABLED = True
# Default 5.0: with a delay of a second already kept, the first answers may set the pace.
AUTOTHROTTLE_START_DELAY = 1.0
# Default True. An anonymous reader needs none, and a session would change what is served.
COOKIES_ENABLED = False
# Default 2. News sites have short hiccups; five tries, then the article is named as not fetched.
RETRY_TIMES = 4
# Default 20.
REDIRECT_MAX_TIMES = 8
# Default True. The theme has none, and a refresh is a way into a loop.
METAREFRESH_ENABLED = False

# --- Safety -----------------------------------------------------------------------------------
# Default False: a news archive that anyone on the way could have written is worth nothing.
DOWNLOAD_VERIFY_CERTIFICATES = True
# Default 1 GiB, in bytes.
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
# Default 32 MiB, in bytes.
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
# Default 180, in seconds.
DOWNLOAD_TIMEOUT = 30
# Defaults exist for each: no link of a web page may read our files or another protocol.
DOWNLOAD_HANDLERS = {
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
    # Scrapy's own, and a browser from the first page on that needs one.
    "http": "newscrawl.browser.handler.BrowserDownloadHandler",
    "https": "newscrawl.browser.handler.BrowserDownloadHandler",
}
# Default True: it runs Python that it is sent.
REMOTE_CONTROL_ENABLED = False
# Default True: a console into the process.
TELNETCONSOLE_ENABLED = False
# Default 5,000,000, in bytes of answers not yet read: a parsed page takes many times its size.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1_000_000
# Default {}: what differs from Scrapy's own stack.
DOWNLOADER_MIDDLEWARES = {
    # Next to the engine: the failures that reach it are final.
    "newscrawl.ledger.scrapy.leases.LeasedDownloadMiddleware": 0,
    # Scrapy's own lets subdomains and the redirects of start requests pass.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "newscrawl.middlewares.hosts.SiteHostsMiddleware": 50,
    # No page of a newspaper asks for a password of ours.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    # Scrapy's own logs a traceback for a host that does not answer.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newscrawl.middlewares.robots.RobotsMiddleware": 100,
    # Scrapy's own warns at every start that no Referer is sent.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "newscrawl.middlewares.redirects.RedirectMiddlewareWithoutReferer": 600,
    # Inside the retry middleware (550), outside decompression (590): it looks at whole text.
    "newscrawl.middlewares.truncated.TruncatedPageMiddleware": 560,
}
# Default {}: what differs from Scrapy's own stack.
SPIDER_MIDDLEWARES = {
    # Next to the engine: what passes it is over.
    "newscrawl.ledger.scrapy.leases.LeaseMiddleware": 0,
    # Before Scrapy's own for statuses (50): refusals count too.
    "newscrawl.middlewares.blocked.BlockedPagesMiddleware": 20,
    # Next to the spider: what it catches is the page class's own error.
    "newscrawl.middlewares.failed_pages.FailedPagesMiddleware": 1100,
    # An archive's last page may be hundreds of steps deep: each way has a bound of its own
    # (discovery/archive.py, discovery/related.py).
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    # An aid for writing spiders that costs each request a look at its meta.
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

# --- The browser ------------------------------------------------------------------------------
# Chromium's path; without one it is looked for on PATH.
BROWSER_PATH = os.environ.get("NEWSCRAWL_BROWSER", "").strip()
# Of a run: a page in the browser costs as much as twenty others.
BROWSER_MAX_PAGES = 200
# In seconds, for a page: what has not come by then does not come.
BROWSER_TIMEOUT = 20
# The same for a list that is scrolled.
BROWSER_SCROLL_TIMEOUT = 120
# How often a list is scrolled on, DOWNLOAD_DELAY apart.
BROWSER_MAX_SCROLLS = 100
# Of one page, scripts and what they ask for.
BROWSER_MAX_REQUESTS = 300
# How often a browser that broke down is replaced.
BROWSER_MAX_RESTARTS = 3
# In seconds without a page: a browser that is not needed gives its memory back.
BROWSER_IDLE = 60

# Default True: the pages that led to an article are nobody's business but ours.
REFERER_ENABLED = False

# The share of pages that are none of the site's (cookie wall, CAPTCHA, 403 …) above which a
# run counts as blocked.
BLOCKED_MAX_SHARE = 0.1

# --- Items ------------------------------------------------------------------------------------
# Default {}: a draft is dated, completed, bounded, checked, and compared, in this order.
ITEM_PIPELINES = {
    "newscrawl.pipelines.date.DatePipeline": 100,
    "newscrawl.pipelines.complete.CompletePipeline": 200,
    "newscrawl.pipelines.bound.BoundPipeline": 300,
    "newscrawl.pipelines.validate.ValidatePipeline": 400,
    "newscrawl.pipelines.compare.ComparePipeline": 500,
}

# Default 100, and as many tasks are made for each page; our pipelines wait for nothing.
CONCURRENT_ITEMS = 1

# --- The ledger -------------------------------------------------------------------------------
# Default Scrapy's own, which forgets most of a crawl when it is killed.
SCHEDULER = "newscrawl.ledger.scrapy.scheduler.LedgerScheduler"
# Default Scrapy's own, in memory: the ledger knows what was asked for.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
# A SQLAlchemy URL; without one an SQLite file in OUTPUT_DIR.
LEDGER_URL = os.environ.get("NEWSCRAWL_LEDGER_URL", "")
# In seconds: a worker of a shared ledger that gives no sign of life for so long is cut off.
WORKER_SILENCE = 120
# In seconds after publication: when an article is looked at again without any sign of change.
RECHECK_AGES = [3_600, 6 * 3_600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400]
# In seconds: an article counts as gone when it is missing twice, so far apart.
GONE_AFTER = 3_600

# Default []: what was asked for only if it has changed, and has not.
HTTPERROR_ALLOWED_CODES = [304]

# --- Output -----------------------------------------------------------------------------------
_PROJECT = closest_scrapy_cfg()
# Where dumps go: `output/` beside scrapy.cfg, under the working directory where there is none.
OUTPUT_DIR = os.environ.get("NEWSCRAWL_OUTPUT") or str(
    (Path(_PROJECT).parent if _PROJECT else Path.cwd()) / "output"
)
# Name of a run's files; set by `scrapy crawl`, so that log and dump have the same.
RUN_STARTED = None
# Default {}: without any option a run writes its dump.
FEEDS = {
    "dump://%(dump)s": {
        "format": "jsonl",
        "encoding": "utf-8",
        "item_classes": ["newscrawl.items.Article"],
        # Default True: an empty file would look like a dump.
        "store_empty": False,
        "uri_params": "newscrawl.feeds.feed_uri_params",
    }
}
# Default {}: a dump grows as `.part`; each line in it is one that the ledger knows of.
FEED_STORAGES = {"dump": "newscrawl.feeds.DumpStorage"}
# Default {}: the same lines as Scrapy writes, faster.
FEED_EXPORTERS = dict.fromkeys(("jsonl", "jsonlines", "jl"), "newscrawl.feeds.ArticleLinesExporter")
# Default None (ASCII escapes): Italian text is read by people too.
FEED_EXPORT_ENCODING = "utf-8"
# Default {}: behind Scrapy's own (0), which have then closed the dump.
EXTENSIONS = {
    # Behind Scrapy's own that notes the finish reason, before all that read it.
    "newscrawl.run.article_stats.ArticleStatsExtension": 470,
    "newscrawl.run.finish.FinishExtension": 480,
    "newscrawl.run.gc_freeze.GcFreezeExtension": 490,
    "newscrawl.feeds.RejectedItems": 500,
    # When all else is settled, before the summary tells how the run ended.
    "newscrawl.run.run_report.RunReportExtension": 505,
    "newscrawl.run.summary_printer.SummaryExtension": 510,
    "newscrawl.run.progress.ProgressExtension": 520,
}

# --- Monitors and alerts (docs/monitoring.md) --------------------------------------------------
# Suites of Spidermon's monitors that judge each run when it is over; none: [].
MONITORS = ["newscrawl.run.monitors.spidermon_suite.RunMonitors"]
# How many earlier runs of the spider it is compared with: two days of a run every 15 minutes.
MONITOR_HISTORY = 200
# Field to the least share of articles that must have it; others are compared with the history.
FIELD_COVERAGE: dict[str, float] = {}
# How much lower than usual a field's share may be in any case.
COVERAGE_TOLERANCE = 0.1
# A day: sections are quiet over night and on Sundays.
SILENCE_HOURS = 24
# The share of pages that were not fetched or could not be read.
ERROR_MAX_SHARE = 0.05
# From publication to capture, in seconds: {"median": 900, "p95": 3600}; it depends on the schedule.
LAG_MAX: dict[str, float] = {}
# What follows when a monitor fails: exit_code, email, slack, telegram, sentry, webhook.
ALERTS = [
    name.strip()
    for name in os.environ.get("NEWSCRAWL_ALERTS", "exit_code").split(",")
    if name.strip()
]
# While a monitor keeps failing, each channel is told once a day.
ALERT_REPEAT_HOURS = 24
# smtp://host:25, or smtps://user:password@host:465.
SMTP_URL = os.environ.get("NEWSCRAWL_SMTP_URL", "")
# A comma list.
EMAIL_TO = os.environ.get("NEWSCRAWL_EMAIL_TO", "")
# Without one newscrawl at this host.
EMAIL_FROM = os.environ.get("NEWSCRAWL_EMAIL_FROM", "")
# The address of an incoming webhook, which is a secret.
SLACK_WEBHOOK = os.environ.get("NEWSCRAWL_SLACK_WEBHOOK", "")
# The token of a bot.
TELEGRAM_TOKEN = os.environ.get("NEWSCRAWL_TELEGRAM_TOKEN", "")
# Ids of chats that the bot writes to, a comma list.
TELEGRAM_CHAT = os.environ.get("NEWSCRAWL_TELEGRAM_CHAT", "")
# Bots may be served by a server of one's own.
TELEGRAM_API = os.environ.get("NEWSCRAWL_TELEGRAM_API", "https://api.telegram.org")
# https://key@host/project.
SENTRY_DSN = os.environ.get("NEWSCRAWL_SENTRY_DSN", "")
# Gets the run report as JSON.
WEBHOOK_URL = os.environ.get("NEWSCRAWL_WEBHOOK_URL", "")
# Sent to it as bearer token.
WEBHOOK_TOKEN = os.environ.get("NEWSCRAWL_WEBHOOK_TOKEN", "")
# Scrapyd's name of the job that the run is.
JOB = os.environ.get("SCRAPY_JOB", "")

# --- Logs -------------------------------------------------------------------------------------
# Default "DEBUG", which prints each request.
LOG_LEVEL = os.environ.get("NEWSCRAWL_LOG_LEVEL", "INFO")
# Default Scrapy's, which prints whole items over many lines.
LOG_FORMATTER = "newscrawl.run.logs.OneLineFormatter"
# One JSON object a line: unless told otherwise, for runs that Scrapyd starts.
_LOG_JSON = os.environ.get("NEWSCRAWL_LOG_JSON", "").strip().lower()
# Text or JSON; either has the run's id in each line.
LOG_JSON = _LOG_JSON in {"1", "true", "yes", "on"} if _LOG_JSON else bool(JOB)
# "file": `scrapy crawl` logs to <start time>.log beside the dump.
RUN_LOG = os.environ.get("NEWSCRAWL_LOG", "")
