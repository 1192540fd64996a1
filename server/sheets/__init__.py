"""Sheets as offices fill them in: where the header stands, which rows are none, and what a cell means."""
