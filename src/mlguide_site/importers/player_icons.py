"""Names of icons in text copied from a web page: players draw icons with a font that turns such names (ligatures) into
pictures, so that a copy of the page has the names, mostly glued to the next word.

The names are those of the Material Icons font (fonts.google.com/icons) that players use; others of the same form are
recognised by standing glued before a capital several times.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

MAX_LINE_START = 200
TWICE = 2
_KNOWN = frozenset(
    "access_alarm access_time account_circle add_box add_circle add_circle_outline add_to_queue arrow_back"
    " arrow_back_ios arrow_downward arrow_drop_down arrow_drop_up arrow_forward arrow_forward_ios arrow_right"
    " arrow_upward av_timer bookmark_add bookmark_border calendar_month calendar_today chat_bubble"
    " chat_bubble_outline check_box check_box_outline_blank check_circle check_circle_outline chevron_left"
    " chevron_right closed_caption cloud_download cloud_queue content_copy date_range delete_outline done_all"
    " download_done download_for_offline expand_less expand_more fast_forward fast_rewind favorite_border"
    " file_copy file_download file_upload filter_list forward_10 forward_30 forward_5 format_quote get_app"
    " graphic_eq headset_mic help_outline highlight_off hourglass_empty info_outline insert_link ios_share"
    " keyboard_arrow_down keyboard_arrow_left keyboard_arrow_right keyboard_arrow_up library_add library_books"
    " library_music lock_open menu_open mic_none mic_off more_horiz more_time more_vert music_note navigate_before"
    " navigate_next not_started notifications_none open_in_browser open_in_full open_in_new pause_circle"
    " pause_circle_filled pause_circle_outline person_add play_arrow play_circle play_circle_filled"
    " play_circle_outline play_disabled play_lesson playlist_add playlist_add_check playlist_play"
    " playlist_remove queue_music queue_play_next radio_button_checked radio_button_unchecked"
    " record_voice_over remove_circle remove_circle_outline repeat_one replay_10 replay_30 replay_5 rss_feed"
    " share_windows skip_next skip_previous slow_motion_video sort_by_alpha star_border star_half star_outline"
    " stop_circle thumb_down thumb_up unfold_less unfold_more video_library visibility_off volume_down"
    " volume_mute volume_off volume_up watch_later".split()
)
_WORDS = frozenset(
    "add album bookmark cast check clear close comment delete description done download event explicit favorite"
    " forward group headphones headset hearing history home info launch link list loop mic menu mood movie"
    " notifications pause person podcasts queue radio refresh remove repeat replay schedule search send settings"
    " share shuffle speaker speed star stop subtitles sync timelapse timer today transcribe tune update videocam"
    " visibility".split()
)
_STYLE = r"(?:_(?:outlined|outline|rounded|round|sharp|filled|two_tone))?"
_UNKNOWN = re.compile(r"([a-z]{2,20}(?:_[a-z]{1,20}){1,4}(?:_\d{1,2})?)(?=[A-Z“\"‘(][^\s=(]{0,60}(?:\s|$))")


class Marked(NamedTuple):
    """A line without its icons: those before its text, its text, and those behind it."""

    before: tuple[str, ...]
    text: str
    behind: tuple[str, ...]


class Icons:
    """The names of icons that stand in a text, and how a line is read that has some."""

    __slots__ = ("_behind", "_lead", "names")

    def __init__(self, names: Collection[str]) -> None:
        self.names = frozenset(names)
        # the longest first, so that no name takes a part of another
        snakes = sorted((re.escape(name) for name in names if "_" in name), key=lambda name: (-len(name), name))
        words = sorted((re.escape(name) for name in names if "_" not in name), key=lambda name: (-len(name), name))
        parts = [rf"(?:{'|'.join(snakes)}){_STYLE}"] if snakes else []
        parts += [rf"(?:{'|'.join(words)})(?=[A-Z“\"‘]|\s{{0,9}}$)"] if words else []
        self._lead = re.compile(rf"\s{{0,99}}({'|'.join(parts)})") if parts else None
        end = rf"(?:{'|'.join(snakes)}){_STYLE}"
        self._behind = re.compile(rf"(?:(?<=[.!?…)\"”])|\s|^)({end})\s{{0,99}}$") if snakes else None

    def read(self, line: str) -> Marked:
        """A line cut into icons and text.

        >>> Icons(["play_arrow", "more_vert"]).read("play_arrowmore_vertLooms, and how they work.more_vert")
        Marked(before=('play_arrow', 'more_vert'), text='Looms, and how they work.', behind=('more_vert',))
        """
        before: list[str] = []
        behind: list[str] = []
        while self._lead and (found := self._lead.match(line)):
            before.append(found[1])
            line = line[found.end() :]
        while self._behind and (found := self._behind.search(line[-MAX_LINE_START:])):
            behind.insert(0, found[1])
            line = line[: len(line) - len(line[-MAX_LINE_START:]) + found.start()]
        return Marked(tuple(before), line, tuple(behind))


def find_icons(lines: Sequence[str]) -> Icons | None:
    """The icons of a text that was copied from a player; None where nothing looks like any.

    A known name counts glued to the next word, or where it stands twice; an unknown one where it stands twice before a
    capital; a name that is a plain word (`download`) before a capital, or alone beside other icons, twice.

    >>> sorted(find_icons(["info_outlineThe Loom", "Weaving", "downloadThe Loom", "downloadThe Wheel"]).names)
    ['download', 'info_outline']
    >>> find_icons(["data_frame and", "data_frame or", "downloads"])
    """
    known = Icons(_KNOWN)
    glued: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    words: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for line in lines:
        marked = known.read(line)
        seen.update((*marked.before, *marked.behind))
        if marked.before and marked.text[:1].isalnum():
            glued[marked.before[-1]] += 1
        text = marked.text.strip()
        if text in _WORDS:
            alone[text] += 1
        elif found := re.match(r"([a-z]{3,13})(?=[A-Z“\"‘])", text):
            words.update([found[1]] if found[1] in _WORDS else [])
        elif found := _UNKNOWN.match(text):
            unknown[found[1]] += 1
    names = {name for name, count in seen.items() if count >= TWICE or glued[name]}
    names |= {name for name, count in unknown.items() if count >= TWICE}
    names |= {name for name, count in words.items() if count >= TWICE}
    names |= {name for name, count in alone.items() if count >= TWICE and names}
    return Icons(names) if names else None
