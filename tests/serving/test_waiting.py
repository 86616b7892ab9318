"""Calls that are made now and fetched later: how many are kept, how large, for how long."""

import pytest

from model.serving import waiting
from model.serving.refusals import RefusedError
from model.serving.waiting import Made, Waiting


def made(body: bytes = b"", session: str | None = None) -> Made:
    return Made(session, bytes, body, quick=True)


def test_a_call_is_fetched_once() -> None:
    kept, call = Waiting(), made()
    kept.add(call)
    assert kept.get(call.event) is call
    with kept.fetching(call):
        assert kept.get(call.event) is None
    assert kept.get(call.event) is None


def test_a_session_gets_its_own_in_order() -> None:
    kept = Waiting()
    first, others, second = made(session="a"), made(session="b"), made(session="a")
    for call in (first, others, second, made()):
        kept.add(call)
    assert kept.first("a") is first
    with kept.fetching(first):
        assert kept.first("a") is second
    kept.forget(second)
    assert kept.first("a") is None
    assert kept.first("b") is others


def test_no_more_are_kept_than_there_is_room_for(monkeypatch) -> None:
    monkeypatch.setattr(waiting, "MAX_CALLS", 3)
    monkeypatch.setattr(waiting, "MAX_BYTES", 10)
    kept, large = Waiting(), made(b"1" * 10)
    kept.add(large)
    with pytest.raises(RefusedError, match=r"^Too many calls .*\.$"):
        kept.add(made(b"1"))
    with kept.fetching(large), pytest.raises(RefusedError):
        kept.add(made(b"1"))  # it takes its room until it is answered
    for _ in range(3):
        kept.add(made(b"1"))
    with pytest.raises(RefusedError) as refused:
        kept.add(made())
    assert refused.value.status == 503


def test_what_nobody_fetches_is_forgotten(monkeypatch) -> None:
    monkeypatch.setattr(waiting, "MAX_CALLS", 1)
    kept, old = Waiting(), made(session="a")
    old.at -= waiting.MAX_AGE + 1
    kept.add(old)
    assert kept.first("a") is kept.get(old.event) is None
    kept.add(old)
    kept.add(made())  # there is room again
