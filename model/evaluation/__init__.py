"""How good weights are on what they have not learned from."""
