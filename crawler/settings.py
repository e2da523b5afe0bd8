"""Scrapy's settings: the manners of every crawl. What differs by portal, crawler/crawl.py adds."""

from __future__ import annotations

from scrapy.settings import default_settings as scrapys

BOT_NAME = "mingzhang"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# One request at a time. The limit per host is what matters; the limit for all makes sure that no
# request is under way, not even one waiting for its turn, when a host turns us away.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0  # never sooner than the delay says
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_MAX_DELAY = 120.0

# In the order of the lists; what comes before what, the spider says.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_WARNSIZE = 0  # a file that is too large is reported, one that is merely large is not
DOWNLOAD_VERIFY_CERTIFICATES = True
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the report says it
REDIRECT_MAX_TIMES = 6

# A portal's pages need no cookies, and a firewall's cookie is not for us to carry.
COOKIES_ENABLED = False
# A page that leads away by <meta refresh> is a removed article; it is recognised, not followed.
METAREFRESH_ENABLED = False
# What HTTP_PROXY says is meant for other programs: robots, hosts and addresses are checked here.
HTTPPROXY_ENABLED = False
HTTPCACHE_ENABLED = False
# Our own middleware instead: docs/decisions/0005-polite-crawling.md.
ROBOTSTXT_OBEY = False

DEFAULT_REQUEST_HEADERS = {
    "Accept": "*/*",
    "Accept-Language": "zh-CN,zh;q=0.9",
}
# What is switched off is left out of Scrapy's own lists: it would be loaded all the same, a web
# server and a list of the world's domains among it, which is a third of a crawl's start.
_UNUSED = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    "scrapy.extensions.throttle.AutoThrottle",
    "scrapy.extensions.feedexport.FeedExporter",
    # No consoles and no servers.
    "scrapy.extensions.telnet.TelnetConsole",
    "scrapy.extensions.remote_control.RemoteControl",
}
DOWNLOADER_MIDDLEWARES_BASE = {
    name: place
    for name, place in scrapys.DOWNLOADER_MIDDLEWARES_BASE.items()
    if name not in _UNUSED
}
EXTENSIONS_BASE = {
    name: place for name, place in scrapys.EXTENSIONS_BASE.items() if name not in _UNUSED
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.manners.Gate": 50,
    "crawler.robots.Robots": 100,
    # Between Retry (550) and HttpCompression (590): answers come here decompressed, untried again.
    "crawler.manners.BlockWatch": 570,
}
ITEM_PIPELINES = {"crawler.pipelines.ArchivePipeline": 300}
EXTENSIONS = {"crawler.manners.Throttle": 0}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# The web, and nothing else: no page can make the crawl open a local file.
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}

LOG_LEVEL = "WARNING"
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
