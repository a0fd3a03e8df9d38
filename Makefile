# Every target is a job of dev.py, which does the work on any system: `python dev.py demo` is the same as `make demo`.
# make PYTHON=python3.12 demo   another interpreter        make test ARGS="-k sizes"   words for the job

PYTHON ?= python3
ARGS ?=
HOURS ?= 1

.PHONY: help demo test check bench fuzz campaign docs setup lock

help:
	@$(PYTHON) dev.py --help

demo test check bench fuzz docs setup lock:
	@$(PYTHON) dev.py $@ $(ARGS)

campaign:
	@$(PYTHON) dev.py campaign --hours $(HOURS) $(ARGS)
