"""Generates random notes, logs, transcripts and Markdown bodies, both typical and hostile ones."""

from collections.abc import Callable, Sequence
from random import Random

WORDS = (
    "saw Plane rasp 220 a == b ==bright light== ==open ** **bold ** **well** *it* `co==de` ``a`b`` $x_1$ $$ ~~cut~~"
    " ~~"
    " ![[a.png]] ![[9|c]] ![[note]] [[link]] [[8#7|alias]] [t](https://a.example/x) [u](https://a.example/y)) [e]()"
    " [v](/w)"
    " [w](#there) [x](notes.md) ![](https://i.example/p.png) ![p](p.png) ![Uploading f.png]() https://a.example/z_(b)"
    " www.a.example <https://a.example> <b>raw</b> <script>x</script> <a href='b.md'>c</a> <img src=x onerror=y>"
    " <!-- n -->"
    " <div> </div> {{t}} {%u%} {:.c} :: | a|b \\ \\* <br> 3.14 Label: by Ada. MLG 12 mla-003 #tag #topic:saws [^1]"
    " &amp;"
    " &#0; &#x110000; &lt;b&gt; [ref][d] [d] javascript:x data:x é 日本 \u202e \u200b \ufeff 😀 e.g. … -- --> <<<<<<<"
    " >>>>>>>"
    " +++ --8<-- ++a++ ^a^ __b__ _c_ *** --- ``` [ ] ( ) < > ! # - 1. : ; \" ' / ? @ = % ^ * _ ` { } ~"
).split(" ")
STARTS: tuple[str, ...] = (
    "", "", "", "", "", "# ", "## ", "### ", "###### ", "#", "- ", "* ", "    - ", "\t- ", "1. ", "12) ", "> ",
    "> > ",
    ">NOTE: ", "> [!tip] ", "> [!x]- ", ">", ":::info ", ":::spoiler ", ":::", "## Day 1: ", "## Day 2",
    "# Week 3 - ",
    "Day 3 ", "Today is Day 4 ", "Firstly, ", "Finally, ", "Level 1: ", "Q2: ", "A: ", "#1 ", "12 May 2023 ",
    "4 June ",
    "Sept 29, 2022 ", "Format: ", "Date: ", "AB: ", "```", "~~~ ", "```py", "    ", "        ", "\t", "| ", "|-|-|",
    "!!! note ",
    "??? tip ", "<div>", "</div>", "<details>", "[d]: ", "[d]: https://a.example ", "[^1]: ", "<<<<<<< ", ">>>>>>> ",
    "=======", "||||||| ", "title: ", "tags: [", "- [ ] ", "$$", "{% youtube x %}", "&nbsp;",
)  # fmt: skip
WHOLE: tuple[str, ...] = (
    "", "", "", "---", "---\n---", "---\ntitle: T\ntags: [a, b]\n---", "===", "***",
    "| a | b |\n|---|---|\n| c | d |",
    "```\ncode\n```", "~~~\nopen", "# Title\n\n## One\n## Two", "<!--", "-->", "\\", " ", "\x0c", "[d]: notes.md",
    "$$\nx\n$$",
)  # fmt: skip
Grammar = Callable[[Random], str]
MANY = (20, 120, 700)


def many(random: Random) -> int:
    """Return a number of repetitions, which is mostly 1 and rarely several hundred.

    >>> many(Random(1)) in (1, *MANY)
    True
    """
    return 1 if random.random() < 0.97 else random.choice(MANY)


def words(random: Random, most: int = 6, vocabulary: Sequence[str] = WORDS) -> str:
    """Return some words in one line. Some words are repeated or joined."""
    parts = [random.choice(vocabulary) * many(random) for _ in range(random.randrange(most + 1))]
    return ("" if random.random() < 0.1 else " ").join(parts)


def line(random: Random) -> str:
    """Return a line with a random prefix, which is sometimes indented."""
    indent = " " * random.randrange(6) if random.random() < 0.1 else ""
    return indent * many(random) + random.choice(STARTS) * many(random) + words(random)


def body(random: Random) -> str:
    """Return lines of Markdown notes."""
    parts = [
        random.choice(WHOLE) if random.random() < 0.3 else "\n".join([line(random)] * many(random))
        for _ in range(random.randrange(1, 24))
    ]
    return "\n".join(parts)


def hackmd(random: Random) -> str:
    """Return the sessions of a lecture series."""
    head = random.choice(
        ["", "# Notes\n", "---\ntitle: T\ntags: lecture\n---\n---\ntags: [x]\n---\n", "---\n", "title\n"]
    )
    sessions = []
    for _ in range(random.randrange(5)):
        mark = random.choice(["## ", "# ", "### ", "##"])
        sessions.append(f"{mark}{words(random, 4)}\n{line(random)}\n\n{body(random)}")
    return head + random.choice(["\n---\n---\n", "\n\n", "\n---\n"]).join(sessions)


def obsidian(random: Random) -> str:
    """Days of a course."""
    head = random.choice(
        ["", "# Course\n", "---\ntitle: C\ndate: 2024-02-30\n---\n", "---\n[: {\n---\n", "- Site: https://a.example\n"]
    )
    days = []
    for _ in range(random.randrange(5)):
        unit = random.choice(["## Day ", "# Week ", "## day-", "### Module "])
        days.append(f"{unit}{random.choice('1233456')}{words(random, 3)}\n{body(random)}")
    return head + "\n".join(days)


def log(random: Random) -> str:
    """Return one or several days of a learning log."""
    days = []
    for _ in range(random.randrange(1, 4)):
        opening = random.choice(["Today is Day ", "Day ", "day #", "# Entry ", "the 3rd day of "])
        days.append(f"{opening}{random.randrange(9)}{words(random, 3)}\n{body(random)}")
    return "\n".join(days)


def time(random: Random) -> str:
    """Return a time as in WebVTT or SRT, which is sometimes malformed."""
    if random.random() < 0.1:
        return random.choice(["", "x", "99:99:99,999", "-1:00", "00:00:00.0000000", "٣:٠٠:٠٠", "1e9", "00:60.000"])
    mark = random.choice(",..")
    return (
        f"{random.randrange(3):02}:{random.randrange(60):02}:{random.randrange(60):02}{mark}{random.randrange(1000):03}"
    )


def timed(random: Random) -> str:
    """Return a transcript as WebVTT or SRT."""
    parts = [random.choice(["WEBVTT\n", "WEBVTT - x\nKind: captions\n", "", "\ufeffWEBVTT\n"])]
    for number in range(random.randrange(9)):
        if random.random() < 0.1:
            parts.append(
                random.choice(["NOTE\nx\n", "STYLE\n::cue {}\n", "REGION\nid:a\n", "NOTE --> \n", line(random)])
            )
        said = random.choice(["", "<v Ann>", "<v.loud Bo B>", "<b>", "{\\an8}", "<00:01.000>", "- "]) + words(random)
        parts.append(
            random.choice([f"{number}\n", "", "name\n"])
            + f"{time(random)} {random.choice(['-->', '-->', '-->', '->', '--> '])} {time(random)}"
            + random.choice(["\n", " align:start\n"])
            + "\n".join([said] * many(random))
        )
    return random.choice(["\n\n", "\n"]).join(parts)


def stamped(random: Random) -> str:
    """Return a transcript as Markdown with timestamps."""
    return "\n".join(
        random.choice(["", "**Ann** ", "Bo: ", "## ", "- ", "> "])
        + f"[{time(random)[: random.choice([5, 8, 12])]}]"
        + random.choice(["", " ", ": ", "(x) ", " Cy: "])
        + words(random)
        + random.choice(["", "\n", "\n" + line(random)])
        for _ in range(random.randrange(1, 12))
    )
