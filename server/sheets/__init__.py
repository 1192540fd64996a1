"""Sheets as offices fill them in: where the header is, which rows to skip, and what a cell means."""
