"""Speed, measured against peers in the same run. `python -m benchmarks.text_stage` and so on."""
