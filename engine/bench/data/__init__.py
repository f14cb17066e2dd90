"""What benchmarks replay."""
