"""Without numpy, which comes with an extra, notes keep their paragraphs, and the import says what to install."""

import subprocess
import sys
import textwrap

from mlguide_site.importers.structure import recover_bodies


def test_without_the_extra_notes_keep_their_words_and_paragraphs(monkeypatch) -> None:
    monkeypatch.setattr("mlguide_site.importers.structure.is_installed", lambda: False)
    text = "Tools of joiners Chisel: cuts wood. Saw: parts it."
    (body,) = recover_bodies([text], [text])
    assert body.markdown.replace("\\", "").split() == text.split()
    assert body.recovery.model == ""


def test_formats_are_read_without_numpy() -> None:
    code = """
        import sys
        sys.modules["numpy"] = None
        from mlguide_site.importers.table import IMPORTERS
        from mlguide_site import merge
        print(len(IMPORTERS))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "8"
