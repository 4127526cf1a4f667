// What the pages of an application gain when JavaScript is on. Everything works without it.

for (const button of document.querySelectorAll("[data-mq-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Autosave: a failure stays on the page until a save succeeds, and a form that is being sent waits for the
// save under way, so that the two are not taken for two tabs.
const form = document.querySelector("form[data-mq-draft]");
if (form) {
  const line = document.getElementById("mq-saved");
  let under = 0;
  let waiting = null;
  let sent = false;
  const failed = () => {
    line.innerHTML = "";
    const words = document.createElement("span");
    words.className = "mq-unsaved";
    words.textContent = "没有保存：网络断了。您填的还在这一页，连上网再点“保存并继续”。";
    line.append(words);
  };
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (sent) event.preventDefault(); // the page itself is on its way
    else under += 1;
  });
  form.addEventListener("htmx:afterRequest", () => {
    under -= 1;
    if (!under && waiting !== null) {
      const by = waiting;
      waiting = null;
      form.requestSubmit(by || undefined);
    }
  });
  window.addEventListener("pageshow", () => (sent = false)); // back from the next page
  form.addEventListener("htmx:sendError", failed);
  form.addEventListener("htmx:responseError", failed);
  form.addEventListener("submit", (event) => {
    if (!under) {
      sent = true;
      return;
    }
    event.preventDefault();
    waiting = event.submitter || "";
  });
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
