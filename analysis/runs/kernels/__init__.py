"""Kernels: the processes that notebooks run in, started as usual or forked from one that has everything imported."""
