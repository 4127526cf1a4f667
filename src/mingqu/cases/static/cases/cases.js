// What the pages of an application gain when JavaScript is on. Everything works without it.

for (const button of document.querySelectorAll("[data-mq-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Upload: the summary of what was wrong before goes with the answer to the next try, whose own errors stand at the field.
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (!event.target.closest?.(".mq-upload") && !event.detail.elt.classList.contains("mq-upload")) return;
  const summary = document.querySelector(".govuk-error-summary");
  if (!summary) return;
  summary.remove();
  document.title = document.title.replace(/^错误：/, "");
});

// Upload: how much of it has left, for the form it belongs to.
document.body.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("progress");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = Math.round((100 * event.detail.loaded) / event.detail.total);
});
