"""Seals: who may sign (providers), how a PDF is signed, and how anyone checks it offline."""
