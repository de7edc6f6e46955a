"""The figures of an audit: how far pages and the second witness agree, in stats and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.outcomes import counters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOTHING_NEW = "nothing was read from pages and written"
OFF = "AUDIT_ENABLED is off"


def of_stats(stats: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of a run for its report, from its stats."""
    agreed = counters.group(stats, counters.AUDIT_AGREED)
    compared = counters.group(stats, counters.AUDIT_COMPARED)
    articles = stats.get(counters.AUDIT_ARTICLES, 0)
    reason = stats.get(counters.AUDIT_REASON)
    return {
        "witness": stats.get(counters.AUDIT_WITNESS) if articles else None,
        "reason": reason or (None if articles else NOTHING_NEW),
        "articles": articles,
        "fields": {
            name: {"compared": count, "agreed": agreed.get(name, 0)}
            for name, count in compared.items()
        },
        "left_out": counters.group(stats, counters.AUDIT_LEFT_OUT),
        "disagreements": stats.get(counters.AUDIT_DISAGREEMENTS, 0),
    }


def total(audits: Iterable[Mapping[str, Any]]) -> tuple[int, dict[str, tuple[int, int]]]:
    """Return the articles that some audits compared, and for each field compared and agreed.

    >>> one = {"articles": 2, "fields": {"body": {"compared": 2, "agreed": 1}}}
    >>> total([one, one])
    (4, {'body': (4, 2)})
    """
    articles, fields = 0, dict[str, tuple[int, int]]()
    for audit in audits:
        articles += int(audit.get("articles") or 0)
        for name, counts in (audit.get("fields") or {}).items():
            compared, agreed = fields.get(name, (0, 0))
            fields[name] = (compared + int(counts["compared"]), agreed + int(counts["agreed"]))
    return articles, fields


def share(audit: Mapping[str, Any]) -> float | None:
    """Return the share of compared values that agree, 0 to 1; None without values."""
    _, fields = total([audit])
    compared = sum(count for count, _ in fields.values())
    return sum(count for _, count in fields.values()) / compared if compared else None


def in_words(audit: Mapping[str, Any]) -> list[str]:
    """Return the result of an audit in a few words for each figure; empty without an audit.

    >>> fields = {"body": {"compared": 2, "agreed": 1}, "section": {"compared": 1, "agreed": 1}}
    >>> in_words({"articles": 2, "witness": "rest", "fields": fields})
    ['2 articles agree with rest in 66.6% of 3 values', 'body 50.0%']
    """
    articles, fields = total([audit])
    texts = []
    if articles:
        compared = sum(count for count, _ in fields.values())
        agreed = sum(count for _, count in fields.values())
        what = "1 article agrees" if articles == 1 else f"{articles:,} articles agree"
        share_text = exact_percent(agreed, compared)
        texts.append(f"{what} with {audit['witness']} in {share_text} of {compared:,} values")
        texts += [
            f"{name} {exact_percent(good, count)}"
            for name, (count, good) in fields.items()
            if good < count
        ]
    if audit.get("reason") and audit["reason"] not in {NOTHING_NEW, OFF}:
        texts.append(f"not compared: {audit['reason']}" if not articles else str(audit["reason"]))
    return texts


def exact_percent(agreed: int, compared: int) -> str:
    """Return a share in percent, and 100% only if all agree.

    >>> exact_percent(2999, 3000), exact_percent(5, 5)
    ('99.9%', '100%')
    """
    if agreed >= compared:
        return "100%"
    return f"{int(1000 * agreed / compared) / 10:.1f}%"
