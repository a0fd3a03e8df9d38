"""What the product costs, each figure as a ratio against a naive way measured in the same run."""
