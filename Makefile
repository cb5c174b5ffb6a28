# The words of daily work; what they do is in scripts/ and CMakePresets.json.

PREFIX ?= /usr/local

.PHONY: build demo test test-fast bench format lint install clean

build:
	scripts/install-deps
	cmake --preset release && cmake --build --preset release

demo:
	scripts/demo

test:
	scripts/test

test-fast:
	scripts/test --fast

bench: build
	scripts/install-deps --test
	bench/avro
	bench/up
	bench/waits
	bench/broker
	bench/registry
	bench/commands
	bench/init_kafka

format:
	scripts/format

lint:
	scripts/lint

install: build
	cmake --install build/release --prefix $(PREFIX)

clean:
	rm -rf build
