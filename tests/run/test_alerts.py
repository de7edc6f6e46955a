"""Alerts: when somebody is told, by which way, and that none of it harms a run."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from socket import socket
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from scrapy.settings import Settings

from newscrawl.run import alerts
from newscrawl.run.alerts.message import compose
from tests.support.posting import Receiver, receiver
from tests.support.reports import report

if TYPE_CHECKING:
    from collections.abc import Iterator


class Inbox:
    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def posted() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def settings(**given: Any) -> Settings:
    defaults = {"ALERT_REPEAT_HOURS": 24, "WEBHOOK_TOKEN": "", "EMAIL_FROM": ""}
    return Settings({**defaults, **given})


def events(now: dict[str, Any], *history: dict[str, Any]) -> dict[str, str]:
    due = alerts.due(now, history, settings(ALERTS=["slack", "webhook", "exit_code"]))
    return {name: alert.event for name, alert in due.items()}


BOTH = {"slack": "failing", "webhook": "failing"}
SENT = {"alerts__sent__slack": 1, "alerts__sent__webhook": 1}


def test_the_first_failure_is_told_and_the_next_is_not() -> None:
    assert events(report()) == {}
    first = report(0.25, monitors=("coverage",), **SENT)
    assert events(report(monitors=("coverage",))) == BOTH
    assert events(report(monitors=("coverage",)), first) == {}


def test_another_monitor_and_another_day_are_told() -> None:
    first = report(5, monitors=("coverage",), **SENT)
    assert events(report(monitors=("coverage", "silence")), first) == BOTH
    between = [report(hours, monitors=("coverage",)) for hours in (1, 10, 20)]
    old = report(25, monitors=("coverage",), **SENT)
    assert events(report(monitors=("coverage",)), *between, old) == BOTH


def test_the_recovery_is_told_once() -> None:
    first = report(5, monitors=("coverage",), **SENT)
    assert set(events(report(), first).values()) == {"recovered"}
    assert events(report(), report(1, **SENT), first) == {}
    assert events(report(monitors=("coverage",)), report(1, **SENT), first) == BOTH


def test_a_channel_that_failed_is_tried_again_by_the_next_run() -> None:
    first = report(0.25, monitors=("coverage",), alerts__sent__webhook=1, alerts__failed__slack=1)
    assert events(report(monitors=("coverage",)), first) == {"slack": "failing"}


def test_each_messenger_gets_what_it_understands(posted: Receiver) -> None:
    given = settings(
        SLACK_WEBHOOK=f"{posted.url}/services/T/B/secret",
        TELEGRAM_API=posted.url,
        TELEGRAM_TOKEN="1:secret",  # noqa: S106 - of no bot
        TELEGRAM_CHAT="-100,42",
        SENTRY_DSN=posted.url.replace("//", "//key@") + "/7",
        WEBHOOK_URL=f"{posted.url}/hook",
        WEBHOOK_TOKEN="bearer-secret",  # noqa: S106 - of no server
        ALERTS=["slack", "telegram", "sentry", "webhook"],
    )
    assert alerts.settings_error(given) is None
    run = report(monitors=("coverage",), rejected__no_body=2)
    run["monitors"][1]["message"] = "of <3> articles & more\nhave: body_text *0%*"
    found = alerts.send(alerts.due(run, [], given), given)
    assert dict(found) == dict.fromkeys(("slack", "telegram", "sentry", "webhook"))
    taken = {one.path: one for one in posted.taken}
    assert sorted(posted.paths()) == sorted(
        ["/services/T/B/secret", *["/bot1:secret/sendMessage"] * 2, "/api/7/envelope/", "/hook"]
    )
    slack = taken["/services/T/B/secret"].json()["text"]
    assert "- coverage: of &lt;3&gt; articles &amp; more have: body_text *0%*\n" in slack
    chats = {one.json()["chat_id"] for one in posted.taken if "sendMessage" in one.path}
    assert chats == {"-100", "42"}
    telegram = taken["/bot1:secret/sendMessage"].json()
    assert "of <3> articles & more have: body_text *0%*" in telegram["text"]
    assert "parse_mode" not in telegram
    envelope = taken["/api/7/envelope/"]
    assert "sentry_key=key" in envelope.headers["x-sentry-auth"]
    _, kind, event = map(json.loads, envelope.body.splitlines())
    assert kind == {"type": "event"}
    assert (event["level"], event["tags"]["spider"]) == ("error", "esteri")
    hook = taken["/hook"]
    assert hook.headers["authorization"] == "Bearer bearer-secret"
    assert (hook.json()["event"], hook.json()["run"]["rejected"]) == ("failing", {"no_body": 2})
    assert "stats" not in hook.json()["run"]


def test_mail_reaches_those_who_are_named() -> None:
    inbox = Inbox()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        given = settings(
            SMTP_URL=f"smtp://127.0.0.1:{port}",
            EMAIL_TO="desk@example.org, night@example.org",
            EMAIL_FROM="crawl@example.org",
            ALERTS=["email"],
        )
        assert alerts.settings_error(given) is None
        alert = compose("failing", report(monitors=("silence",)))
        assert alerts.send({"email": alert}, given) == [("email", None)]
    finally:
        server.stop()
    (envelope,) = inbox.taken
    assert envelope.rcpt_tos == ["desk@example.org", "night@example.org"]
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert message["Subject"] == "newscrawl esteri: silence"
    assert "- silence: silence has failed" in message.get_content()


def test_what_cannot_be_sent_is_said_without_a_secret(posted: Receiver) -> None:
    posted.status = 403
    given = settings(
        SMTP_URL="smtp://user:hidden@127.0.0.1:1",
        EMAIL_TO="desk@example.org",
        SLACK_WEBHOOK=f"{posted.url}/hidden",
        TELEGRAM_API="http://127.0.0.1:1",
        TELEGRAM_TOKEN="hidden",  # noqa: S106 - of no bot
        TELEGRAM_CHAT="1",
    )
    alert = compose("failing", report(monitors=("silence",)))
    found = dict(alerts.send(dict.fromkeys(("email", "slack", "telegram"), alert), given))
    assert found["slack"] == "HTTP 403"
    assert found["email"] == "ConnectionRefusedError (Connection refused)"
    assert found["telegram"] == "ConnectionRefusedError (Connection refused)"
    assert "hidden" not in str(found)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"ALERTS": ["emial"]}, "NEWSCRAWL_ALERTS names 'emial': did you mean email?"),
        ({"ALERTS": ["slack"]}, "names slack, which needs NEWSCRAWL_SLACK_WEBHOOK"),
        ({"ALERTS": ["telegram"], "TELEGRAM_TOKEN": "x"}, "needs NEWSCRAWL_TELEGRAM_CHAT"),
        ({"ALERTS": ["email"], "SMTP_URL": "mail.example.org", "EMAIL_TO": "x"},
         "NEWSCRAWL_SMTP_URL cannot be used: write it as smtp://"),
        ({"ALERTS": ["sentry"], "SENTRY_DSN": "https://host/7"}, "it is not a DSN"),
        ({"ALERTS": ["webhook"], "WEBHOOK_URL": "file:///etc/passwd"}, "it is not a web address"),
    ],
)  # fmt: skip
def test_what_is_set_wrongly_is_said_at_the_start(given: dict[str, Any], says: str) -> None:
    assert says in (alerts.settings_error(settings(**given)) or "")


def test_the_exit_code_alone_needs_nothing() -> None:
    assert alerts.settings_error(settings(ALERTS=["exit_code"])) is None
    assert alerts.settings_error(settings(ALERTS=[])) is None
