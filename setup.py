"""Lets scrapyd-client build the egg; everything else is in pyproject.toml."""

from setuptools import setup

setup()
