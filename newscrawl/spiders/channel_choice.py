"""Which channels a run uses, and whether REST alone tells what is new."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from newscrawl.arguments import PAGE, WRITE
from newscrawl.discovery import REST
from newscrawl.spiders.channels.rest_channel import RestChannel

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from newscrawl.context import RunContext
    from newscrawl.spiders.channels.channel import Channel

logger = logging.getLogger("newscrawl.spider")


class ChannelChoice:
    """The channels of one run."""

    def __init__(self, context: RunContext, settings: BaseSettings) -> None:
        self._context = context
        self._is_enabled = settings.getbool("REST_DISCOVERY_ENABLED")

    @property
    def _is_given(self) -> bool:
        return "discover" in self._context.given

    def begin(self) -> set[str]:
        """Return the channels that are asked for articles; archives are always among them."""
        self.note_full_discovery()
        arguments = self._context.arguments
        if arguments.source == REST:
            return {REST}
        names = {*arguments.discover, "archive"}
        return names if self._reads_rest() else names - {REST}

    def _reads_rest(self) -> bool:
        """Return whether REST is one of them; `pages` limits archives, and REST has none."""
        arguments = self._context.arguments
        is_wanted = self._is_enabled or self._is_given
        return is_wanted and REST in arguments.discover and arguments.pages is None

    def relies_on_rest(self, rest: Channel) -> bool:
        """Return whether REST replaces the other channels; `rest` is its channel."""
        arguments = self._context.arguments
        if arguments.source == REST:
            return True
        if self._is_given or arguments.urls or arguments.known == WRITE:
            return False
        return self._reads_rest() and isinstance(rest, RestChannel) and rest.is_enough

    def leave_rest(self) -> bool:
        """Read articles from pages where REST was to replace them; return whether it was."""
        context = self._context
        if context.arguments.source != REST:
            return False
        logger.warning("The run goes on by pages: REST cannot be read")
        context.arguments = replace(context.arguments, source=PAGE)
        return True

    def note_full_discovery(self) -> None:
        """Record that this run uses all channels, if it does."""
        context, arguments = self._context, self._context.arguments
        is_part = self._is_given or arguments.urls or arguments.pages is not None
        if arguments.source == PAGE and not is_part:
            context.discovery.full_discovery = context.discovery.full_discovery_of(context.given)
