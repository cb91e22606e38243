"""Compute answers from data tables: understand the question, find the cells, count and compare, or write one SELECT."""
