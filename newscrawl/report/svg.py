"""Draws charts as SVG, reduced to the elements and attributes that charts need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import vl_convert
from lxml import etree
from markupsafe import Markup

if TYPE_CHECKING:
    from newscrawl.report.charts import Spec


_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset({"svg", "g", "path", "line", "rect", "circle", "text", "defs", "clipPath"})
_ATTRIBUTES = frozenset(
    {
        "viewBox", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height", "id",
        "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray",
        "opacity", "transform", "text-anchor", "font-size", "font-weight", "clip-path",
    }
)  # fmt: skip
_GEOMETRY = ("d", "transform")
_DEFAULTS = {"opacity": "1", "stroke-opacity": "1", "fill-opacity": "1"}
_LONG = re.compile(r"-?\d+\.\d\d+")
_NOTHING = "M0,0h0v0h0Z"
# Only references within the drawing are allowed.
_REFERENCE = re.compile(r"url\(#([\w-]{1,40})\)")


def drawn(spec: Spec, name: str) -> Markup:
    """Return a specification drawn as an SVG element.

    Args:
        spec: made by `newscrawl.report.charts`.
        name: an id that no other drawing of the page has.
    """
    is_vega = spec["$schema"].endswith("vega/v6.json")
    convert = vl_convert.vega_to_svg if is_vega else vl_convert.vegalite_to_svg
    # Nothing may be loaded.
    return clean(convert(spec, allowed_base_urls=[]), name)


def clean(text: str, name: str) -> Markup:
    """Return SVG with only the elements and attributes of charts, hidden from screen readers.

    >>> clean('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script></svg>',
    ...       "a")
    Markup('<svg aria-hidden="true" focusable="false"/>')
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    root = etree.fromstring(text.encode(), parser)
    for element in [*root.iter()]:
        tag = etree.QName(element).localname if isinstance(element.tag, str) else None
        if tag not in _ELEMENTS or element.get("d") == _NOTHING:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        element.tag = tag
        for key in [*element.attrib]:
            value = element.attrib.pop(key)
            if key in _ATTRIBUTES and _DEFAULTS.get(key) != value:
                element.set(key, _attribute(key, value, name))
    for key in ("width", "height"):
        # The page sets the size.
        root.attrib.pop(key, None)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - made here


def _attribute(key: str, value: str, name: str) -> str:
    if key in _GEOMETRY:
        return _LONG.sub(lambda match: f"{float(match[0]):.1f}".removesuffix(".0"), value)
    if key == "id":
        return f"{name}-{value}"
    return _REFERENCE.sub(rf"url(#{name}-\1)", value)
