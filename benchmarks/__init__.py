"""What the README quotes, measured: `python3 dev.py bench <name>`."""
