"""Couriers: who carries results to applicants, behind one interface; the double of a demo."""
