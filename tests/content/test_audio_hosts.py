"""Tests of audio hosts: which hosts an audio URL names, and how the content security policy names them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlguide_site.content.address_hosts import audio_sources, host_source, settings_source

CHAINS = {
    "https://cdn.example/1.mp3": "https://cdn.example",
    "https://count.example/redirect.mp3/traffic.example/secure/show/1.mp3?dest-id=7": "count traffic",
    "https://count.example/e/https://cdn.example/a/1.mp3": "count cdn",
    "https://count.example/e,pg=00-11/cdn.example/1.mp3": "count cdn",
    "https://count.example/e/pdst.example/e/track.example/track/4G/cdn.example/1.mp3": "count pdst track cdn",
    "http://count.example/cdn.example/1.mp3": "http://count.example http://cdn.example",
    "https://count.example/p/cdn.example:8443/1.mp3": "https://count.example https://cdn.example:8443",
    "https://count.example/x/https%3A%2F%2Fcdn.example%2Fa%2F1.mp3": "count cdn",
    "https://count.example/play?url=cdn.example/1.mp3": "count",
    "https://count.example/v1.0/2.5/redirect.php/audio.ogg/1.mp3": "count",
    "https://count.example/cdn.example": "count",
    "https://count.example/*.evil.example/a..b/-/;script-src *;/1.mp3": "count",
    "https://count.example/caf\u00e9.example/1.mp3": "count",
    "https://count.example/cdn.example;x=y/1.mp3": "count cdn",
    "javascript:alert(1)//cdn.example/1.mp3": "",
    "https://[::1]/cdn.example/1.mp3": "",
    "": "",
}


@pytest.mark.parametrize("address", CHAINS)
def test_hosts_that_stand_in_an_address(address) -> None:
    meant = [host if "/" in host else f"https://{host}.example" for host in CHAINS[address].split()]
    assert list(audio_sources(address)) == meant


def test_a_long_address_names_few() -> None:
    assert len(list(audio_sources("https://a.example/" + "b.example/" * 1000))) < 70


@given(st.text("abz.:/*;,'\" %2F?&=@[]\\\n\u00e9\u2100-_", max_size=60), st.sampled_from(["", "https://a.example/"]))
def test_whatever_the_address_a_source_is_a_plain_one(text, before) -> None:
    for source in [*audio_sources(before + text), *filter(None, [settings_source(text), host_source(text)])]:
        assert source.startswith(("http:", "https:"))
        assert not set(source) & set(" ;,'\"\\\n%@[]?&=")
