"""What stands before the API: requests and answers, limits, keys of repetition, time, faults, the record."""
