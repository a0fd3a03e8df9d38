"""What each probe does on the board. What its figures mean is decided elsewhere, in `verdicts`."""
