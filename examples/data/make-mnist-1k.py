#!/usr/bin/env python3
"""Makes mnist-1k/ beside this script: the first 1,000 images and labels of each part of MNIST.

Usage: make-mnist-1k.py FOLDER, where FOLDER holds the four original gzipped files (train-images-idx3-ubyte.gz, …).
"""

import gzip
import struct
import sys
from pathlib import Path

ROWS = 1000
FILES = {
    "train-images": "train-images-idx3-ubyte.gz",
    "train-labels": "train-labels-idx1-ubyte.gz",
    "test-images": "t10k-images-idx3-ubyte.gz",
    "test-labels": "t10k-labels-idx1-ubyte.gz",
}


def first_rows(idx: bytes) -> bytes:
    """The same IDX file of unsigned bytes, cut to its first rows."""
    zero, kind, axes = struct.unpack_from(">HBB", idx)
    rows, *shape = struct.unpack_from(f">{axes}I", idx, 4)
    if (zero, kind) != (0, 8) or rows < ROWS:
        sys.exit("not an IDX file of unsigned bytes with enough rows")
    start = 4 + 4 * axes
    width = (len(idx) - start) // rows
    header = struct.pack(f">HBB{axes}I", zero, kind, axes, ROWS, *shape)
    return header + idx[start : start + ROWS * width]


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    target = Path(__file__).parent / "mnist-1k"
    target.mkdir(exist_ok=True)
    for name, original in FILES.items():
        idx = gzip.decompress((Path(sys.argv[1]) / original).read_bytes())
        # No time stamp, so that the same input makes the same file.
        (target / f"{name}.gz").write_bytes(gzip.compress(first_rows(idx), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
