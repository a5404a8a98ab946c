"""The kinds of question, one module each; see docs/how-to/add-a-question-kind.md."""
