"""Bars that show how far long work is."""

from __future__ import annotations

from tqdm import tqdm


class ProgressBar(tqdm):
    """tqdm's bar, which may be interrupted while it is made.

    What becomes of such a bar is closed all the same, and before tqdm 4.68 that failed for want of this attribute.
    """

    disable = True
