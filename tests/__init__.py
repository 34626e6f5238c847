"""Tests and benchmarks. Matrices are multiplied on one thread, as in workers: more threads wait for
each other, which takes ten times as long where other tests run beside."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
