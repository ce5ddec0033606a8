"""Benchmarks: programs that measure the real application and print figures."""
