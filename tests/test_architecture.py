"""docs/architecture.md is true of the modules there are."""

import module_lines


def test_every_module_has_its_own_first_line_in_the_document() -> None:
    assert module_lines.DOCUMENT.read_text(encoding="utf-8") == module_lines.document()


def test_every_package_is_in_the_document() -> None:
    root = module_lines.ROOT / "pyprobe"
    folders = {path.parent.relative_to(root).as_posix() for path in root.glob("*/**/*.py")}
    assert folders == set(module_lines.PACKAGES)


def test_every_module_says_its_purpose() -> None:
    for package in module_lines.PACKAGES:
        for path in (module_lines.ROOT / "pyprobe" / package).glob("*.py"):
            assert module_lines.first_line(path).endswith(".")
