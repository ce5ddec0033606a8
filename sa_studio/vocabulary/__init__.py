"""What a model says it knows, and what a prompt asks beyond that; standard library only."""
