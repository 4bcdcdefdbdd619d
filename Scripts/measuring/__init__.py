"""What the programs in Bench, Stress and Scripts share. It judges nothing: each of them has its own limits.

Bench/measuring and Stress/measuring are links to it: Python looks for modules beside the program that it runs.
"""
