// Keys of the case page: [ and ] turn the pages of the materials, N opens the next case, U leads back, ? shows the list.
// The switch in the staff bar turns them off (ui/js/page.js keeps it).

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("mq-keys") === "off") return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  if (event.key === "?") {
    const help = document.querySelector("[data-mq-help]");
    if (!help) return;
    event.preventDefault();
    help.open = !help.open;
    if (help.open) help.querySelector("summary").focus();
    return;
  }
  const link = document.querySelector(`[data-mq-page="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
