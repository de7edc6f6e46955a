"""Pages that guards of websites serve in place of the site, with status 200."""

from __future__ import annotations

from functools import cache

from twin.toml_files import FOLDER


@cache
def block_pages() -> dict[str, str]:
    """Return the pages by kind: cookie_wall, captcha, challenge, login."""
    paths = sorted((FOLDER / "data" / "block_pages").glob("*.html"))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}
