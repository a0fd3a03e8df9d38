"""What the account holds: boards, columns, items, labels; what may be written into them and how it reads."""
