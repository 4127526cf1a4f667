"""征求意见: an organ that handles a case asks another in writing; docs/process-human-steps.md says what each meets."""
