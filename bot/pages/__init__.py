"""The pages of reports: HTML made from plain values, without scripts and without anything from elsewhere."""
