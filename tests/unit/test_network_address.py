"""Addresses in settings and configurations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.network_address import NetworkAddress, address_in, address_of_server


@pytest.mark.parametrize(
    ("words", "host", "port"),
    [
        ("http://127.0.0.1:8080/v1/chat", "127.0.0.1", 8080),
        ("https://API.example.org", "api.example.org", 443),
        ("http://localhost", "localhost", 80),
        ("ws://[::1]:9000/", "::1", 9000),
        ("http://name:secret@example.org/", "example.org", 80),
    ],
)
def test_a_url_has_a_host_and_a_port(words: str, host: str, port: int) -> None:
    assert address_in(words) == address_of_server(words) == NetworkAddress(host, port)


@pytest.mark.parametrize("words", ["localhost:11434", "10.0.0.5:80/x", "api.example.org", "box:1"])
def test_an_option_for_a_server_needs_no_scheme(words: str) -> None:
    assert address_in(words) is None
    assert address_of_server(words) is not None


@pytest.mark.parametrize("words", ["", "gpt-4", "file:///etc/hosts", "a b.c", "data/x.json", "://"])
def test_other_words_are_no_addresses(words: str) -> None:
    assert address_in(words) is None
    assert address_of_server(words) is None


@given(st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5}){0,2}", fullmatch=True), st.integers(0, 65535))
def test_an_address_is_read_back_as_it_is_written(host: str, port: int) -> None:
    one = NetworkAddress(host, port)
    assert address_in(f"http://{one}") == address_of_server(str(one)) == one
