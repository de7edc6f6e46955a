"""The last state of feeds, sitemaps and archives, and what was learned of the site.

All functions run within a transaction.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import select

from newscrawl.discovery.state import Source
from newscrawl.ledger.store.enqueue import insert_into
from newscrawl.ledger.store.tables import archives, meta, validators

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_NAMES = [field.name for field in fields(Source)]
_SITE_FACTS = "site_facts"
_SOURCES = select(validators.c.key, *(validators.c[name] for name in _NAMES))


def read(connection: Connection, series: int) -> dict[int, Source]:
    """Return key to last state of a series' sources."""
    rows = connection.execute(_SOURCES.where(validators.c.series == series))
    return {int(key): Source(*values) for key, *values in rows}


def write(connection: Connection, series: int, sources: Mapping[int, Source]) -> None:
    """Write the state of sources, by their keys."""
    if not sources:
        return
    statement = insert_into(connection, validators)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[validators.c.series, validators.c.key],
            set_={name: statement.excluded[name] for name in _NAMES},
        ),
        [{"series": series, "key": key, **asdict(sources[key])} for key in sorted(sources)],
    )


def known_heads(connection: Connection, series: int) -> dict[str, list[int]]:
    """Return section to the newest articles below which its whole archive is known."""
    rows = connection.execute(
        select(archives.c.section, archives.c.known_head).where(archives.c.series == series)
    ).all()
    return {str(section): json.loads(known_head) for section, known_head in rows}


def write_known_heads(connection: Connection, series: int, heads: Mapping[str, list[int]]) -> None:
    """Write the newest articles below which archives are known."""
    for section, known_head in sorted(heads.items()):
        text = json.dumps(known_head)
        statement = insert_into(connection, archives).values(
            series=series, section=section, known_head=text
        )
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[archives.c.series, archives.c.section], set_={"known_head": text}
            )
        )


def site_facts(connection: Connection) -> str | None:
    """Return the facts that runs have learned of the site, as JSON."""
    facts = connection.execute(select(meta.c.value).where(meta.c.name == _SITE_FACTS)).scalar()
    return None if facts is None else str(facts)


def write_site_facts(connection: Connection, facts: str) -> None:
    """Write the facts about the site that a run has learned."""
    statement = insert_into(connection, meta).values(name=_SITE_FACTS, value=facts)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[meta.c.name], set_={"value": facts})
    )
