"""docs/modules.md: every module and its first line. `python -m tests.modules` writes it."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "modules.md"
HEAD = """# Modules

Every module of the product and the first line of what it says of itself. Written by
`make modules`; a test fails where it is out of date. The flow is in
[architecture.md](architecture.md).
"""


def page() -> str:
    """The page as it must be."""
    out = [HEAD]
    for package in ("crawler", "diffing", "archive"):
        out.append(f"\n## {package}\n\n| module | says |\n|---|---|\n")
        for path in sorted((ROOT / package).rglob("*.py")):
            text = ast.get_docstring(ast.parse(path.read_text())) or ""
            says = " ".join(text.split("\n\n")[0].split()).replace("|", "\\|")
            out.append(f"| `{path.relative_to(ROOT)}` | {says} |\n")
    return "".join(out)


if __name__ == "__main__":
    PAGE.write_text(page())
