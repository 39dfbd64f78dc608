"""Examples of the functions in `mlguide_site.content.address_hosts`."""

from mlguide_site.content.address_hosts import audio_sources, host_source, settings_source


def test_audio_sources() -> None:
    assert (list(audio_sources("https://count.example/redirect.mp3/b.example/c/cdn.example/d.mp3"))) == [
        "https://count.example",
        "https://b.example",
        "https://cdn.example",
    ]


def test_settings_source() -> None:
    assert (settings_source("https://*.Cdn.example/"), settings_source("https:"), settings_source("*")) == (
        "https://*.cdn.example",
        "https:",
        "",
    )


def test_host_source() -> None:
    assert (host_source("https://Sound.example:8443/a.mp3?b"), host_source("http://bücher.example/a.mp3")) == (
        "https://sound.example:8443",
        "http://xn--bcher-kva.example",
    )
    assert (
        host_source("https://a.example; script-src */x"),
        host_source("https://*/x"),
        host_source("mailto:a@b.example"),
    ) == ("", "", "")
