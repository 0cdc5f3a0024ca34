"""What a debrief is about: pairs of a candidate and a dimension on which the panel disagrees, and what each decides."""
