"""The board side: documents, one HTTP attempt, one outcome per row, questions asked until answered."""
