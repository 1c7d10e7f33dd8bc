"""What `make bench` measures: the bars of docs/performance.md. Never packaged."""
