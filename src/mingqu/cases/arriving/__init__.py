"""Messages of a drawn flow: what a case waits for from outside (来件), and what it tells the applicant by itself."""
