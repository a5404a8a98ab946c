"""Kinds of requirement, one module each, and the evidence they judge.

See docs/how-to/add-a-requirement-kind.md.
"""
