"""For how long a host is left alone, and how it comes back to its pace."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.ledger.host_state import BackoffPolicy, HostState, retry_after
from newscrawl.ledger.scrapy.latencies import Latencies

NOW = 1_800_000_000.0
DATE = "Fri, 31 Dec 2027 23:59:00 GMT"
STATED = [
    ("120", 120.0),
    (" 120 ", 120.0),
    ("0", None),
    ("-5", None),
    ("1.5", None),
    ("soon", None),
    ("", None),
    (None, None),
    ("315360000", 315_360_000.0),
    ("9" * 5_000, math.inf),
    # The three forms of RFC 9110, 5.6.7.
    ("Fri, 31 Dec 2027 23:59:30 GMT", 30.0),
    ("Friday, 31-Dec-27 23:59:30 GMT", 30.0),
    ("Fri Dec 31 23:59:30 2027", 30.0),
    ("Fri, 31 Dec 2027 23:58:00 GMT", None),
    ("Fri, 99 Dec 2027 23:58:00 GMT", None),
]


@pytest.mark.parametrize(("value", "expected"), STATED)
def test_row_14_retry_after(value: str | None, expected: float | None) -> None:
    assert retry_after(value, DATE, NOW) == expected


def test_row_14_without_a_date_our_clock_counts() -> None:
    assert retry_after("Fri, 15 Jan 2027 08:01:00 GMT", None, NOW) == pytest.approx(60, abs=1)
    assert retry_after("Fri, 15 Jan 2027 08:01:00 GMT", "rubbish", NOW) == pytest.approx(60, abs=1)


def test_row_14_a_stated_time_is_a_minimum_and_believed_for_an_hour() -> None:
    policy = BackoffPolicy()
    for _ in range(100):
        assert 120 <= policy.seconds(120, 1) <= 132
        assert policy.seconds(math.inf, 1) == 3_600
        assert policy.seconds(3_599, 1) <= 3_600


def test_row_14_backoff_doubles_to_a_quarter_of_an_hour() -> None:
    policy = BackoffPolicy()
    waits = [30, 60, 120, 240, 480, 900, 900]
    for refusals, least in enumerate(waits, 1):
        assert least <= policy.seconds(None, refusals) <= 1.1 * least
    assert policy.seconds(None, 10**6) <= 990


def test_row_14_back_to_the_pace_step_by_step() -> None:
    state, policy = HostState(), BackoffPolicy()
    for _ in range(4):
        state = state.after_refusal(NOW, None, policy)
    assert (state.refusals, state.slowdown) == (4, 8.0)
    paces = []
    while state.slowdown > 1:
        state = state.after_answer()
        paces.append(state.slowdown)
    assert len(paces) > 5
    assert paces == sorted(paces, reverse=True)
    assert state.refusals == 0
    assert state.after_answer() is state


def test_row_14_a_later_refusal_shortens_no_pause() -> None:
    policy = BackoffPolicy()
    long = HostState().after_refusal(NOW, 600, policy)
    assert long.after_refusal(NOW + 1, 5, policy).paused_until == long.paused_until
    redirect = HostState().after_refusal(NOW, 60, policy, is_redirect=True)
    assert (redirect.refusals, redirect.slowdown, redirect.cause) == (0, 1.0, "retry_after")
    assert redirect.left(NOW, 7_200) >= 60


@given(st.text(max_size=60))
def test_row_14_a_damaged_state_is_none(text: str) -> None:
    state = HostState.decode(text)
    assert HostState.decode(state.encode()) == state


def test_row_14_a_clock_that_was_set_back_pauses_nothing() -> None:
    state = HostState(paused_until=NOW + 10**6)
    assert state.left(NOW, 7_200) == 0.0


def test_a_site_that_becomes_slow_is_asked_half_as_often() -> None:
    latencies = Latencies()
    for seconds in (*[0.4] * 20, *[1.3] * 5):
        latencies.add(seconds)
    assert (latencies.slowdown, latencies.is_overloaded) == (2.0, False)
    for _ in range(5):
        latencies.add(0.4)
    assert latencies.slowdown == 1.0
    for _ in range(5):
        latencies.add(6.0)
    assert latencies.is_overloaded
