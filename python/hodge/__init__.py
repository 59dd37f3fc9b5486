"""Helmholtz-Hodge decomposition of vector fields on dense 2D and 3D grids.

A field on a grid is split into three parts::

    v = gradient + solenoidal + harmonic,    gradient = grad(phi),    div(solenoidal) = 0

The gradient part has no curl, the solenoidal part no divergence, and the harmonic part, which is a flow through the domain
or around its holes, has neither.

Arrays are in the order of C with x running fastest: a component has the shape ``(..., y, x)`` or ``(..., z, y, x)``, and
axes before those of space are a batch of fields on one grid. Components are in the order x, y[, z].

>>> import hodge
>>> import numpy as np
>>> y, x = np.meshgrid(np.arange(32.0), np.arange(48.0), indexing="ij")
>>> parts = hodge.decompose(x - 2 * y, x + y, boundary="no-flux")
>>> np.allclose(parts.gradient.sum(0) + parts.solenoidal.sum(0) + parts.harmonic.sum(0), 2 * x - y)
True

With xarray installed, datasets have ``ds.hodge.decompose("u", "v")`` after ``import hodge``; see `hodge.xarray`.
"""

from ._decompose import Decomposition, decompose
from ._hodge import __version__
from ._plan import Plan
from ._program import compare, conservativeness, validate
from ._sample import Sample, read, sample

__all__ = [
    "Decomposition",
    "Plan",
    "Sample",
    "__version__",
    "compare",
    "conservativeness",
    "decompose",
    "read",
    "sample",
    "validate",
]

try:
    from . import xarray as xarray
except ImportError:  # Without xarray there are no datasets to decompose.
    pass
