# What a checkout can do. Needs make and a Python 3.11 or newer, nothing else.

PYTHON3 := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c pass 2>/dev/null && echo "$$python" && break; done)
VENV := .venv/bin/python

.PHONY: demo test venv lint bench clean

demo: venv
	@$(VENV) scripts/demo.py

test:
	@$(PYTHON3) scripts/setup_env.py --tests
	@$(VENV) scripts/run_tests.py

venv:
	@$(PYTHON3) scripts/setup_env.py

lint: venv
	@$(VENV) scripts/run_tests.py --only lint

bench: venv
	@$(VENV) scripts/bench.py

clean:
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis
