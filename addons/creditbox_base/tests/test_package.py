import io
import subprocess
import tempfile
import zipfile
from pathlib import Path

from odoo.tests import BaseCase

from ..tools.package import SUMS, Package, safe_name

NAMES = [
    ("Bolletta 2024/123.pdf", "Bolletta 2024-123.pdf"),
    ("../../etc/passwd", "etc-passwd"),
    ("2026 ../x.pdf", "2026 .-x.pdf"),
    ("C:\\temp\\a?.txt", "C-temp-a.txt"),
    ("riga\nnuova.txt", "riga-nuova.txt"),
    ("perche\u0301.pdf", "perché.pdf"),
    ("con.txt", "_con.txt"),
    ("...", "file"),
    ("", "file"),
    (None, "file"),
    ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ("è" * 80 + ".pdf", "è" * 48 + ".pdf"),
]


class TestPackage(BaseCase):
    def _pack(self, *files):
        stream = io.BytesIO()
        with Package(stream) as package:
            for file in files:
                package.add(*file)
        return stream.getvalue(), package

    def test_names_are_safe_everywhere(self):
        for text, expected in NAMES:
            with self.subTest(text=text):
                self.assertEqual(safe_name(text), expected)

    def test_names_are_unique_whatever_their_capitals(self):
        _content, package = self._pack(
            ("A", "x.pdf", b"1"), ("A", "X.pdf", b"2"), ("B", "x.pdf", b"3")
        )
        paths = [entry.path for entry in package.entries]
        self.assertEqual(paths, ["A/x.pdf", "A/X (2).pdf", "B/x.pdf"])

    def test_a_file_cannot_take_the_place_of_the_sums(self):
        content, package = self._pack(("", SUMS, b"false"))
        self.assertEqual(package.entries[0].path, f"{SUMS} (2)")
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.assertEqual(archive.read(SUMS).decode(), package.sums())

    def test_same_files_same_bytes(self):
        files = [("A", "x.txt", b"one" * 1000), ("", "y.jpg", b"two")]
        self.assertEqual(self._pack(*files)[0], self._pack(*files)[0])

    def test_sources_of_every_kind(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"on disk")
            file.flush()
            content, _package = self._pack(
                ("", "a", b"bytes"),
                ("", "b", file.name),
                ("", "c", lambda: b"made"),
                ("", "d", lambda: io.BytesIO(b"stream")),
            )
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [archive.read(name) for name in "abcd"]
        self.assertEqual(found, [b"bytes", b"on disk", b"made", b"stream"])

    def test_sha256sum_checks_the_list(self):
        content, _package = self._pack(
            ("01 Sollecìti", "uno «due».pdf", b"x" * 70_000), ("", "vuoto.txt", b"")
        )
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                archive.extractall(folder)
            check = ["sha256sum", "--strict", "-c", SUMS]
            good = subprocess.run(check, cwd=folder, capture_output=True, check=False)
            (Path(folder) / "vuoto.txt").write_bytes(b"changed")
            bad = subprocess.run(check, cwd=folder, capture_output=True, check=False)
        self.assertEqual(good.returncode, 0, good.stderr)
        self.assertEqual(good.stdout.count(b": OK"), 2)
        self.assertNotEqual(bad.returncode, 0)
