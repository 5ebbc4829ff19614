# Everything a user or the build machine runs. `make demo` and `make test` need nothing but the Swift 6.3 toolchain:
# `setup` installs the system packages that are missing.

PACKAGES = libarchive-dev libxml2-dev zlib1g-dev graphviz pkg-config clasp
SAMPLE = samples/handheld-terminal/bartizan.yaml
REPORT ?= report
JOBS ?= 2
PROFILE ?= standard
SECONDS ?= 600
# All tests and what they need; a build of everything would also compile the protocol compiler, which nobody uses here.
TESTS = bartizanPackageTests

.PHONY: help setup build demo samples test check-resume lint format benchmark benchmark-trees peers conformance fuzz manual clean

help:
	@sed -n 's/^## //p' Makefile

## make setup      install the system packages that are missing (apt, with sudo when not root)
setup:
	@scripts/install-packages $(PACKAGES)

## make build      build the command in release mode
build: setup
	swift build -c release --product bartizan

## make demo       assess the sample product and say where the report lies
demo: build
	@.build/release/bartizan assess $(SAMPLE) --output $(REPORT) --jobs $(JOBS)
	@scripts/after-demo $(REPORT)

## make samples    assess every sample product into report-NAME/; PROFILE=quick for a look within a minute
samples: build
	@for sample in samples/*/bartizan.yaml; do \
	  name=$$(basename $$(dirname $$sample)); \
	  .build/release/bartizan assess $$sample --output report-$$name --jobs $(JOBS) --profile $(PROFILE) || exit $$?; \
	done

## make test       run the whole test suite
test: setup
	swift build --product $(TESTS)
	swift test --skip-build

## make check-resume  kill a test run at 20 random moments and compare what it ends in with an undisturbed one
check-resume: build
	scripts/check-resume .build/release/bartizan

## make lint       formatter, layers, warnings as errors
lint: setup
	swift format lint --strict --recursive Sources Tests benchmarks Package.swift
	scripts/check-house
	swift build --product $(TESTS) --explicit-target-dependency-import-check error
	swift build --product bartizan-benchmarks --explicit-target-dependency-import-check error

## make format     let the formatter rewrite the sources
format:
	swift format --in-place --recursive Sources Tests benchmarks Package.swift

## make benchmark  time import, graph, search and attack on the sample; prints counted work beside seconds
benchmark: setup
	swift build -c release --product bartizan-benchmarks
	.build/release/bartizan-benchmarks time

## make benchmark-trees TREES=DIR  exact radii of a published tree ensemble: DIR holds breast_cancer_robust.0008.json and
##                 example_breast_cancer0.libsvm of Chen et al. 2019 (treeVerification on GitHub, MIT)
benchmark-trees: setup
	swift build -c release --product bartizan-benchmarks
	scripts/benchmark-trees "$(TREES)"

## make peers      compare answers and speed with onnxruntime, mal-toolbox and igraph (from PyPI)
peers: setup
	swift build -c release
	scripts/run-peers

## make conformance  run ONNX's node tests (the packages onnx 1.17.0 and 1.23.2 from PyPI) and cases of ai.onnx.ml; prints tables
conformance: setup
	scripts/run-conformance

## make fuzz       let libFuzzer try the way of a model for SECONDS (600); what it finds lies in Fuzzing/Findings
fuzz:
	scripts/run-fuzzer $(SECONDS)

## make manual     render the manual (DocC) into .build/manual, with a page of the threat language beside it
manual: setup
	swift package --allow-writing-to-directory .build/manual generate-documentation --target bartizan \
	  --warnings-as-errors --disable-indexing --output-path .build/manual
	swift run --quiet bartizan language document --output .build/manual/industrial-language.html

## make clean      remove what was built
clean:
	rm -rf .build $(REPORT) $(patsubst samples/%/bartizan.yaml,report-%,$(wildcard samples/*/bartizan.yaml))
