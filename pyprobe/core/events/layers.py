"""Layers: puts together what probes, breakpoints and steps want of one code object."""

from collections.abc import Callable, Iterable, Mapping

from pyprobe.core.events.base import BREAKPOINTS, DATA, PROBES, CodeSites, StoredSite

_RANKS = {PROBES: 0, DATA: 1, BREAKPOINTS: 2}
_LAST_RANK = 3

_Call = Callable[..., object]


class Layers:
    """The sites of each code object by layer; what only probes want is not kept here.

    Where several layers have a handler at one place, each is called, those of breakpoints after
    those of probes, and the place is disabled when all of them have answered so.
    """

    def __init__(self, disable: object) -> None:
        self._disable = disable
        self._by_code: dict[int, dict[str, CodeSites]] = {}

    def __contains__(self, key: int) -> bool:
        return key in self._by_code

    def put(self, key: int, layer: str, sites: CodeSites, probes: CodeSites | None) -> CodeSites:
        """Return all sites of a code object with those of one layer replaced.

        ``probes`` are those that were armed before this code object had layers.
        """
        layers = self._by_code.get(key)
        if layers is None:
            layers = self._by_code[key] = {} if probes is None else {PROBES: probes}
        layers[layer] = sites
        if not sites:
            del layers[layer]
        if not layers.keys() - {PROBES}:
            del self._by_code[key]
        ranked = sorted(layers.items(), key=lambda item: _RANKS.get(item[0], _LAST_RANK))
        return self._merge([sites for _layer, sites in ranked])

    def _merge(self, parts: list[CodeSites]) -> CodeSites:
        if len(parts) == 1:
            return parts[0]
        every_line = self._all_of([part.every_line for part in parts])
        every_return = self._all_of([part.every_return for part in parts])
        every_yield = self._all_of([part.every_yield for part in parts])
        return CodeSites(
            before=self._tables([(part.before, None) for part in parts]),
            stored=self._stored(parts),
            returns=self._tables([(part.returns, part.every_return) for part in parts]),
            yields=self._tables([(part.yields, part.every_yield) for part in parts]),
            unwind=self._all_of([part.unwind for part in parts]),
            lines=self._tables([(part.lines, part.every_line) for part in parts]),
            every_line=every_line,
            every_return=every_return,
            every_yield=every_yield,
        )

    def _stored(self, parts: list[CodeSites]) -> dict[int, StoredSite]:
        """Return what is due to stores; what other layers want at those offsets is not."""
        found = {}
        for offset in {offset for part in parts for offset in part.stored}:
            sites = [part.stored.get(offset) for part in parts]
            stored = self._all_of([site.stored if site is not None else None for site in sites])
            rest = self._all_of(
                [
                    part.before.get(offset) if site is None else site.rest
                    for part, site in zip(parts, sites, strict=True)
                ]
            )
            if stored is not None:
                found[offset] = StoredSite(stored, rest)
        return found

    def _tables(self, tables: list[tuple[Mapping[int, _Call], _Call | None]]) -> dict[int, _Call]:
        merged: dict[int, _Call] = {}
        for place in {place for table, _every in tables for place in table}:
            handler = self._all_of([table.get(place, every) for table, every in tables])
            if handler is not None:
                merged[place] = handler
        return merged

    def _all_of(self, handlers: Iterable[_Call | None]) -> _Call | None:
        wanted = [handler for handler in handlers if handler is not None]
        if len(wanted) < 2:
            return wanted[0] if wanted else None
        disable = self._disable

        def call_all(*event: object) -> object:
            answers = [handler(*event) for handler in wanted]
            return disable if all(answer is disable for answer in answers) else None

        return call_all
