"""The recipes by which weights are trained."""
