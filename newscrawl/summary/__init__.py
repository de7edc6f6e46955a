"""What a person wants to know when a crawl has ended: a short summary on standard output."""

from newscrawl.summary.extension import SummaryExtension, writes_to_stdout
from newscrawl.summary.figures import Summary, collect
from newscrawl.summary.rendering import render

__all__ = ["Summary", "SummaryExtension", "collect", "render", "writes_to_stdout"]
