"""Comments of a vault: kept in the note, and shown nowhere."""

import pytest

from mlguide_site.importers.assets import Folder
from mlguide_site.importers.sections import mark_code
from mlguide_site.importers.vault import to_body


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("A %%one%% b %%two%% c", "A <!-- one --> b <!-- two --> c"),
        ("%%lead%% tail", "tail <!-- lead -->"),
        ("- %%lead%% tail", "- tail <!-- lead -->"),
        ("a\n\n%%\nb --> c\n\nd\n%%\n\ne", "a\n\n\n<!-- b - -> c -->\n\n<!-- d -->\n\n\ne"),
        ("`%%code%%` and 100%% sure", "`%%code%%` and 100%% sure"),
        ("%%\nnever closed", "%%\\\nnever closed"),
        ("```\n%%\nb\n%%\n```", "```\n%%\nb\n%%\n```"),
    ],
)
def test_comments_become_html_comments(text: str, body: str) -> None:
    assert to_body(mark_code(text.split("\n")), "x.md", Folder({})).text == body
