"""What `make check` measures beside ruff, mypy and import-linter."""
