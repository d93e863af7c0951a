"""Time and memory of a run, whole process tree: what a target is judged on.

Takes commands and raw files; gives seconds, processor seconds and peak memory. Changes nothing of what it measures.
"""
