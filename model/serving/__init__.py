"""What a running demo answers, and to whom."""
