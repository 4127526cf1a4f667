"""回避: who stands aside in a case, for lists and pages; its commands are in `cases.services.recusing`."""
