"""Keeps the module lines of docs/architecture.md equal to the modules' own first lines.

python scripts/module_lines.py     write them anew
"""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- module lines: written by scripts/module_lines.py -->"
PACKAGES = (
    *("commands", "gui", "plots", "session"),
    *("core", "core/debug", "core/events", "core/bootstrap", "ipc", "analysis", "conditions"),
)


def first_line(path: Path) -> str:
    """Return the first line of a module's docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return (docstring or "").partition("\n")[0]


def module_lines() -> str:
    """Return one table per package, a row per module."""
    parts = []
    for package in PACKAGES:
        folder = ROOT / "pyprobe" / package
        face = folder / "__init__.py"
        purpose = f": {first_line(face)}" if face.exists() else ""
        parts.append(f"### {package}{purpose}\n")
        parts.append("| module | purpose |\n|---|---|")
        for path in sorted(folder.glob("*.py")):
            if path.name != "__init__.py":
                parts.append(f"| `{path.name}` | {first_line(path)} |")
        parts.append("")
    return "\n".join(parts)


def document() -> str:
    """Return the document as it should be."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, mark, _old = text.partition(BEGIN)
    return f"{before}{mark}\n\n{module_lines()}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
