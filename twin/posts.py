"""The posts of a site as a sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from twin.model import Post

if TYPE_CHECKING:
    from twin.content import Content


class Posts(Sequence[Post]):
    """The posts, newest first; each is made when asked for."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def __len__(self) -> int:
        return len(self._content)

    @overload
    def __getitem__(self, index: int) -> Post: ...
    @overload
    def __getitem__(self, index: slice) -> list[Post]: ...
    def __getitem__(self, index: int | slice) -> Post | list[Post]:
        if isinstance(index, slice):
            return [self._content.post(i) for i in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._content.post(index)
