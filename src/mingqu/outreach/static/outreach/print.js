// The slip of a visit is printed by a button that shows only where scripts run.

for (const button of document.querySelectorAll("[data-mq-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
