"""Specifications of charts in Vega-Lite and Vega, which draws them without a browser.

Colours are the page's own variables, so that a chart follows its light and dark mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

Spec = dict[str, Any]

WIDTHS = {"wide": 860, "narrow": 350}
"""Pixels: for screens, and for phones."""
COLOURS = tuple(f"var(--c{number})" for number in range(1, 9))
"""Colours of single groups."""
OTHERS = "var(--c0)"
"""Colour of all other groups."""
SHADES = tuple(f"var(--m{number})" for number in range(6))
"""Shades of a grid, from light to dark."""

MEASURED = 14
"""Font size of the layout in pixels; the page uses 12, as fonts differ in width."""

_INK, _SOFT, _LINE, _PAPER = "var(--ink)", "var(--soft)", "var(--line)", "var(--paper)"
_CONFIG: Spec = {
    "font": "sans-serif",
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK, "titleColor": _SOFT, "gridColor": _LINE, "domainColor": _LINE,
        "tickColor": _LINE, "labelFontSize": MEASURED, "titleFontSize": MEASURED,
        "titleFontWeight": "normal",
    },
    "legend": {
        "labelColor": _INK, "labelFontSize": MEASURED, "symbolStrokeWidth": 0, "symbolSize": 110,
    },
}  # fmt: skip


class Box(NamedTuple):
    """A rectangle of a chart over time, from a period's first day to the day after its end."""

    start: date
    end: date
    name: str
    value: float
    """The height; in a grid the shade, 0 to 5."""


class Point(NamedTuple):
    """A point of a line over time."""

    at: date
    name: str
    value: float


class Bar(NamedTuple):
    """A bar, or a piece of a bar."""

    label: str
    name: str
    value: int


class Node(NamedTuple):
    """A circle of a network."""

    label: str
    name: str
    """The name of its group."""
    value: int


def stacked(boxes: Sequence[Box], colours: Mapping[str, str], width: int, title: str) -> Spec:
    """Return a stacked bar chart over time, with the pieces in the order of `colours`."""
    height: dict[date, float] = {}
    order = {name: index for index, name in enumerate(colours)}
    values = []
    for box in sorted(boxes, key=lambda box: (box.start, order[box.name])):
        low = height.get(box.start, 0)
        height[box.start] = low + box.value
        values.append(_timed(box) | {"low": low, "high": low + box.value})
    return _chart(width, 280, values) | {
        # A line of the background colour separates pieces for readers who see no colours.
        "mark": {"type": "rect", "stroke": _PAPER, "strokeWidth": 0.5},
        "encoding": _over_time(width)
        | {
            "y": {"field": "low", "type": "quantitative", "title": title,
                  "axis": {"tickMinStep": 1, "tickCount": 5, "domain": False}},
            "y2": {"field": "high"},
            "color": _colour(colours, width),
        },
    }  # fmt: skip


def grid(boxes: Sequence[Box], rows: Sequence[str], shades: Sequence[str], width: int) -> Spec:
    """Return a row of shaded boxes for each name; `shades` are the labels of the shades."""
    values = [_timed(box) | {"shade": shades[int(box.value)]} for box in boxes]
    return _chart(width, 24 * len(rows) + 70, values) | {
        "mark": {"type": "rect", "stroke": _LINE, "strokeWidth": 0.5},
        "encoding": _over_time(width)
        | {
            "y": {"field": "name", "type": "nominal", "sort": [*rows], "title": None,
                  "axis": {"ticks": False, "domain": False, "labelLimit": 170}},
            "color": {
                "field": "shade", "type": "nominal",
                "scale": {"domain": [*shades], "range": [*SHADES[: len(shades)]]},
                "legend": {"orient": "top", "title": None, "columns": _columns(width, shades),
                           "symbolStrokeWidth": 1, "symbolStrokeColor": _SOFT},
            },
        },
    }  # fmt: skip


def lines(
    points: Sequence[Point], colours: Mapping[str, str], ticks: Mapping[int, str], width: int
) -> Spec:
    """Return lines over time on a logarithmic scale; `ticks` maps values to labels of the axis."""
    values = [{"at": point.at.isoformat(), "name": point.name, "value": point.value}
              for point in points]  # fmt: skip
    named = " : ".join(f"datum.value == {value} ? '{text}'" for value, text in ticks.items())
    return _chart(width, 260, values) | {
        "mark": {"type": "line", "point": {"size": 26, "filled": True}, "strokeWidth": 2},
        "encoding": {
            "x": _time_axis("at", width),
            "y": {"field": "value", "type": "quantitative", "title": None,
                  "scale": {"type": "log", "nice": False},
                  "axis": {"values": [*ticks], "labelExpr": f"{named} : ''", "domain": False}},
            "color": _colour(colours, width),
            # For readers who see no colours.
            "strokeDash": {"field": "name", "type": "nominal", "legend": None,
                           "scale": {"domain": [*colours], "range": [[1, 0], [6, 4]]}},
        },
    }  # fmt: skip


def bars(bars: Sequence[Bar], colours: Mapping[str, str], width: int, title: str) -> Spec:
    """Return horizontal bars in the order given, with their values at the end."""
    height: dict[str, int] = {}
    for bar in bars:
        height[bar.label] = height.get(bar.label, 0) + bar.value
    labels, most = [*height], max(height.values(), default=0)
    order = {name: index for index, name in enumerate(colours)}
    values = [bar._asdict() | {"order": order[bar.name]} for bar in bars]
    y = {"field": "label", "type": "nominal", "sort": labels, "title": None,
         "axis": {"ticks": False, "domain": False, "labelLimit": round(width * 0.4)}}  # fmt: skip
    total = {"aggregate": "sum", "field": "value", "type": "quantitative"}
    has_legend = len(colours) > 1
    return _chart(width, 24 * len(labels) + (70 if has_legend else 40), values) | {
        "layer": [
            {
                "mark": {"type": "bar", "stroke": _PAPER, "strokeWidth": 0.5},
                "encoding": {
                    "x": total
                    | {
                        "title": title,
                        "axis": {"tickCount": min(4, most), "format": ",d"},
                        # Room for the value after the longest bar.
                        "scale": {"domain": [0, max(1, most) * 1.15], "nice": False},
                    },
                    "color": _colour(colours, width) | ({} if has_legend else {"legend": None}),
                    "order": {"field": "order", "type": "quantitative"},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "fill": _INK},
                "encoding": {"x": total, "text": total | {"format": ",d"}},
            },
        ],
        "encoding": {"y": y},
    }


def network(
    nodes: Sequence[Node],
    links: Sequence[tuple[int, int]],
    colours: Mapping[str, str],
    width: int,
) -> Spec:
    """Return a force-directed network; a circle's area shows its value.

    Args:
        nodes: the circles.
        links: pairs of indices in `nodes`.
        colours: names of the nodes' groups to their colours.
        width: pixels.
    """
    is_wide = width > 500
    size = {"x": width, "y": round(width * (0.62 if is_wide else 1.3))}
    biggest = max((node.value for node in nodes), default=1)
    radius = f"(9 + {9 if is_wide else 4} * sqrt(datum.value / {biggest}))"
    forces: list[Spec] = [
        {"force": "center", "x": size["x"] / 2, "y": size["y"] / 2},
        {"force": "collide", "radius": {"expr": "sqrt(datum.size / PI) + 3"}, "iterations": 3},
        {"force": "nbody", "strength": -130 if is_wide else -45},
        {"force": "link", "links": "links", "distance": 60 if is_wide else 34, "strength": 0.15},
        {"force": "x", "x": {"expr": str(size["x"] / 2)}, "strength": 0.045 if is_wide else 0.13},
        {"force": "y", "y": {"expr": str(size["y"] / 2)}, "strength": 0.08},
    ]  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": size["x"], "height": size["y"], "padding": 2, "background": None,
        "config": {"background": None, "legend": _CONFIG["legend"]},
        "scales": [{"name": "name", "type": "ordinal", "domain": [*colours],
                    "range": [*colours.values()]}],
        "legends": [{"stroke": "name", "orient": "top", "columns": _columns(width, colours),
                     "symbolType": "circle", "symbolStrokeWidth": 3, "direction": "horizontal"}],
        "data": [
            {"name": "nodes", "values": [node._asdict() for node in nodes]},
            {"name": "links", "values": [{"source": a, "target": b} for a, b in links]},
        ],
        "marks": _network_marks(forces, radius, size),
    }  # fmt: skip


def _network_marks(forces: list[Spec], radius: str, size: Mapping[str, int]) -> list[Spec]:
    return [
        {
            "name": "circles", "type": "symbol", "from": {"data": "nodes"}, "zindex": 1,
            "encode": {"enter": {
                "fill": {"value": _PAPER}, "strokeWidth": {"value": 3},
                "stroke": {"scale": "name", "field": "name"},
                "size": {"signal": f"PI * pow({radius}, 2)"},
            }},
            "transform": [
                # Kept within the edges, where it would be cut off.
                {"type": "force", "static": True, "iterations": 400, "forces": forces,
                 "signal": "force"},
                {"type": "formula", "as": "x",
                 "expr": f"clamp(datum.x, 22, {size['x'] - 22})"},
                {"type": "formula", "as": "y",
                 "expr": f"clamp(datum.y, 22, {size['y'] - 22})"},
            ],
        },
        {
            "type": "path", "from": {"data": "links"}, "interactive": False,
            "encode": {"update": {"stroke": {"value": _SOFT}, "strokeOpacity": {"value": 0.45},
                                  "strokeWidth": {"value": 1}}},
            "transform": [{
                "type": "linkpath", "shape": "line", "require": {"signal": "force"},
                "sourceX": "datum.source.x", "sourceY": "datum.source.y",
                "targetX": "datum.target.x", "targetY": "datum.target.y",
            }],
        },
        {
            "type": "text", "from": {"data": "circles"}, "zindex": 2,
            "encode": {"enter": {
                "text": {"field": "datum.label"}, "fill": {"value": _INK},
                "align": {"value": "center"}, "baseline": {"value": "middle"},
                "x": {"field": "x"}, "y": {"field": "y"},
            }},
        },
    ]  # fmt: skip


def _chart(width: int, height: int, values: list[Spec]) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 2,
        "config": _CONFIG,
        "data": {"values": values},
    }


def _timed(box: Box) -> Spec:
    return {"start": box.start.isoformat(), "end": box.end.isoformat(), "name": box.name}


def _over_time(width: int) -> Spec:
    return {"x": _time_axis("start", width), "x2": {"field": "end"}}


def _time_axis(field: str, width: int) -> Spec:
    axis = {"tickCount": 8 if width > 500 else 4, "grid": False, "labelOverlap": True,
            "labelBound": True, "labelFlush": True}  # fmt: skip
    scale = {"type": "utc", "nice": False}
    return {"field": field, "type": "temporal", "title": None, "scale": scale, "axis": axis}


def _colour(colours: Mapping[str, str], width: int) -> Spec:
    return {
        "field": "name",
        "type": "nominal",
        "scale": {"domain": [*colours], "range": [*colours.values()]},
        "legend": {
            "orient": "top",
            "title": None,
            "columns": _columns(width, colours),
            "labelLimit": 200,
        },
    }


def _columns(width: int, names: Iterable[str]) -> int:
    """Return the number of columns of a legend."""
    if width > 500:
        return 6
    return 2 if max(map(len, names), default=0) <= 12 else 1
