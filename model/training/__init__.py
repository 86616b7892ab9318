"""The recipes by which weights are learned."""
