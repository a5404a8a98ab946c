"""Data of 100 to 100,000 people, and what pages, forms and the gate cost with it.

Runs in a process of its own, started by ``tests.bench.bench_growth`` with ``VAR_DIR`` set to the data's directory.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.growth_settings")
django.setup()
