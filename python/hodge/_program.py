"""What the program answers with numbers: validation, comparison, conservativeness."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from os import PathLike, fspath, path
from typing import Any, Sequence

import numpy as np
from numpy.typing import ArrayLike

from ._plan import floating


def _answers(*words: str, allowed: tuple[int, ...] = (0, 1)) -> list[Any]:
    """What the program prints with ``--format json``."""
    command = [sys.executable, "-m", "hodge", *words, "--format", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in allowed:
        raise ValueError(done.stderr.strip().removeprefix("error: "))
    decoder, text, found = json.JSONDecoder(), done.stdout.strip(), []
    while text:
        value, end = decoder.raw_decode(text)
        found.append(value)
        text = text[end:].strip()
    return found


def validate(*cases: str, method: str | None = None) -> list[dict[str, Any]]:
    """Studies of analytic fields, errors and observed orders beside what is claimed of them, as ``hodge validate``.

    Parameters
    ----------
    *cases : str
        Names of the cases; by default all, in about half a minute.
    method : str, optional
        The only method; by default all that fit.

    Returns
    -------
    list of dict
        One for each case and method.
    """
    words = [word for case in cases for word in ("--case", case)]
    words += [] if method is None else ["--method", method]
    return _answers("validate", *words)


def compare(*components: ArrayLike, spacing: float | Sequence[float] = 1.0, options: Sequence[str] = ()) -> dict[str, Any]:
    """Every method that fits on one field, as ``hodge compare``.

    Parameters
    ----------
    *components : array_like
        u, v[, w] of one field, each of shape ``([z,] y, x)``.
    spacing : float or sequence of float, optional
        Distance of points along x, y[, z].
    options : sequence of str, optional
        Further options of the program, such as ``["--periodic", "x,y", "--estimate"]``.

    Returns
    -------
    dict
        Parts and shares of every method and the differences between them.
    """
    field = np.stack([floating(c, "a component") for c in components])
    with tempfile.TemporaryDirectory() as folder:
        file = path.join(folder, "field.npy")
        np.save(file, field)
        steps = ",".join(repr(float(h)) for h in np.atleast_1d(spacing))
        found: dict[str, Any] = _answers("compare", file, "--spacing", steps, *options)[0]
        return found


def conservativeness(network: str | PathLike[str], points: ArrayLike, options: Sequence[str] = ()) -> dict[str, Any]:
    """How conservative the field r(x) - x of an auto-encoder is at points, as ``hodge conservativeness``.

    Parameters
    ----------
    network : str or path
        Weights in a safetensors or HDF5 file.
    points : array_like
        Of shape ``(points, D)``.
    options : sequence of str, optional
        Further options of the program.

    Returns
    -------
    dict
        Scores of the map and of the field beside their random baselines.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = path.join(folder, "points.npy")
        np.save(file, np.asarray(points, dtype=np.float64))
        words = [f"autoencoder:{fspath(network)}", "--points", file, *options]
        found: dict[str, Any] = _answers("conservativeness", *words)[0]
        return found
