from typing import Any, Sequence, TypedDict, final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Plan", "__version__", "main", "read", "sample"]

__version__: str

class _Found(TypedDict):
    rotation: list[NDArray[np.float64]]
    evidence: list[str]

class _Sampled(TypedDict):
    components: list[NDArray[np.float64]]
    coordinates: list[list[float]]
    periodic: list[str]
    mask: NDArray[np.bool_] | None
    count: int
    units: tuple[str, list[str]]
    names: list[str]
    notes: list[str]

@final
class Plan:
    def __new__(cls, options: dict[str, Any], threads: int, every_convention: bool) -> Plan: ...
    @property
    def axes(self) -> list[tuple[str, bool, bool]]: ...
    @property
    def notes(self) -> list[str]: ...
    @property
    def shape(self) -> list[int]: ...
    @property
    def shapes(self) -> list[list[int]]: ...
    @property
    def units(self) -> list[str]: ...
    @property
    def staggered(self) -> bool: ...
    @property
    def corners(self) -> list[list[float]] | None: ...
    @property
    def chosen(self) -> tuple[str, str, str | None] | None: ...
    def derivative(self, components: Sequence[NDArray[Any]], curl: bool) -> list[NDArray[np.float64]]: ...
    def split(
        self,
        components: Sequence[NDArray[Any]],
        parts: Sequence[Any],
        axis: int,
        potential: NDArray[Any] | None,
        wanted: tuple[bool, bool],
    ) -> _Found: ...

def main(arguments: list[str], again: list[str]) -> int: ...
def read(options: dict[str, Any], index: int) -> _Sampled: ...
def sample(case: str, cells: list[int], window: list[float]) -> _Sampled: ...
