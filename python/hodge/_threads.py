"""How many threads a plan uses."""

import sys


def threads_of(asked: int | None) -> int:
    """The number asked for, else 1 inside a Dask worker, which runs one task on every core, else 0 for all processors."""
    if asked is not None:
        if asked < 0:
            raise ValueError(f"threads is 0, for all processors, or their number, not {asked}")
        return asked
    distributed = sys.modules.get("distributed")
    if distributed is None:
        return 0
    try:
        distributed.get_worker()
    except ValueError:
        return 0
    return 1
