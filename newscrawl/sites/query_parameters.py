"""Parameters of a URL: those that name a document, and those that track readers or change a view.

WordPress with permalinks ignores unknown parameters; of other systems they are often all that
tells one article from another: `/articolo.php?id=5`. See decision 165 in docs/decisions.md.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from newscrawl.sites.list_addresses import LIST_PAGE

# Of services' manuals, and what browsers and their lists remove on any site.
_TRACKING_PREFIXES = (
    *("utm_", "mtm_", "pk_", "piwik_", "matomo_", "itm_", "hsa_", "oft_", "_hs", "__hs"),
    *("fb_action_", "amp_", "ml_subscriber", "aspsessionid", "vero_", "wt."),
)
_TRACKING = frozenset(
    {
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid"),
        *("msclkid", "yclid", "ysclid", "twclid", "ttclid", "rb_clickid", "srsltid", "wickedid"),
        *("li_fat_id", "igsh", "igshid", "mc_cid", "mc_eid", "mkt_tok", "oly_anon_id"),
        *("oly_enc_id", "s_cid", "wt_mc", "at_medium", "at_campaign", "ns_source", "ns_mchannel"),
        *("ns_campaign", "_ga", "_gl", "_openstat", "hsctatracking", "spm", "xtor", "cmpid"),
        *("ncid", "fb_ref", "fb_source", "fb_comment_id", "ref_src", "ref_url", "usqp"),
        *("refresh_ce", "replytocom", "phpsessid", "jsessionid", "cfid", "cftoken", "oscsid"),
    }
)
_FORMS = frozenset({"amp", "noamp", "print", "printable", "output", "outputtype", "tmpl"})
_OF_FORM = frozenset({"", "1", "true", "yes", "on", "amp", "html", "print", "component"})
_PAGES = frozenset({"page", "pag", "pagina", "paged", "start", "limitstart", "offset", "limit"})
_VIEWS = frozenset({"sort", "order", "orderby", "dir", "direction", "lang", "locale"})
_SLIP = re.compile(r"&(?:amp;)+", re.I)
_DIGIT = re.compile(r"\d")
_SAFE = "/:,@!$()*~"


class Parameter(NamedTuple):
    """A parameter of a URL's query, percent-encoded in one form."""

    name: str
    value: str | None
    """None where the name has no equals sign."""

    @property
    def is_view(self) -> bool:
        """Whether it chooses a page of a list, an order or a language, and no document."""
        name = self.name.lower()
        return name in _VIEWS or (name in _PAGES and (self.value or "").isdecimal())

    def __str__(self) -> str:
        """Return it as in a URL."""
        return self.name if self.value is None else f"{self.name}={self.value}"


def is_tracking(name: str, value: str) -> bool:
    """Return whether a parameter says where a reader comes from or how a page is shown.

    >>> is_tracking("UTM_Source", "x"), is_tracking("amp", "1"), is_tracking("id", "5")
    (True, True, False)
    >>> is_tracking("ref", "home"), is_tracking("ref", "1234"), is_tracking("print", "1234")
    (True, False, False)
    """
    name = name.lower()
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    if name == "ref":
        # A number may be an article's.
        return not _DIGIT.search(value)
    return name in _FORMS and value.lower() in _OF_FORM


def query_as_meant(query: str) -> str:
    """Return a query without the entities of a page that has escaped its ampersands twice.

    >>> query_as_meant("view=article&amp;id=7")
    'view=article&id=7'
    """
    return _SLIP.sub("&", query)


def document_parameters(query: str) -> list[Parameter]:
    """Return the parameters that may name a document, in one order and one form.

    Left out are those that track readers, those without a value and the page's number in a list of
    other articles. Names and values keep their case; equal names keep their order, as the last
    one counts for some systems, and the first one for others.

    >>> [str(parameter) for parameter in document_parameters("id=5&utm_source=x&cat=&art=a+b")]
    ['art=a%20b', 'id=5']
    """
    parameters: list[Parameter] = []
    for piece in query.split("&"):
        name, equals, value = piece.partition("=")
        parameter = Parameter(_encoded(name, ""), _encoded(value, "=") if equals else None)
        is_empty = not name or parameter.value == ""
        if is_empty or is_tracking(name, value) or LIST_PAGE.fullmatch(str(parameter)):
            continue
        parameters.append(parameter)
    parameters.sort(key=lambda parameter: parameter.name)
    pairs = zip([None, *parameters], parameters, strict=False)
    return [parameter for before, parameter in pairs if parameter != before]


def in_order(query: str) -> str:
    """Return a query with its parameters sorted, so that equal ones are recognised.

    >>> in_order("sitemap=posts&paged=2") == in_order("paged=2&sitemap=posts")
    True
    """
    return "&".join(sorted(piece for piece in query.split("&") if piece))


def _encoded(text: str, safe: str) -> str:
    """Return a name or a value with one form of each escape, whatever its encoding."""
    return quote(unquote_to_bytes(text.replace("+", " ")), safe=_SAFE + safe)
