"""Readers' answers to the question whether an article solved their trouble."""
