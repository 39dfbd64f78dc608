"""Tests of the finished sitemap: no build dates, sorted, and complete."""

from mlguide_site.build.finish import dated_sitemap

MADE = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>https://a.example/b/</loc><lastmod>2026-01-01</lastmod></url>
    <url><loc>https://a.example/</loc><lastmod>2026-01-01</lastmod></url>
</urlset>"""


def test_days_come_from_the_content_alone():
    made = dated_sitemap(MADE, {"https://a.example/b/": "2020-05-06"}).decode()
    assert "2026" not in made
    assert made.index("https://a.example/<") < made.index("https://a.example/b/")
    assert "<lastmod>2020-05-06</lastmod>" in made
    assert dated_sitemap(made.encode(), {"https://a.example/b/": "2020-05-06"}).decode() == made


def test_an_empty_sitemap_stays_one():
    assert b"urlset" in dated_sitemap(b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', {})
