// Keys of the case page: [ and ] turn the pages of the materials, N opens the next case.
// The switch in the staff bar turns them off (ui/js/page.js keeps it).

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("mq-keys") === "off") return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const link = document.querySelector(`[data-mq-page="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
