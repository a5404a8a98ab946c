"""Pages of training, one file for each thing one looks at."""
