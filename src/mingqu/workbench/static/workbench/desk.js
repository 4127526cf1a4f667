// Keys of the desk: J and K go from case to case, Enter opens the one that has the focus, ? shows the list of keys.
// The switch in the staff bar turns them off (ui/js/page.js keeps it).

const links = [...document.querySelectorAll("[data-mq-row]")];
const help = document.querySelector("[data-mq-help]");

function go(step) {
  const now = links.indexOf(document.activeElement);
  const next = now < 0 ? (step > 0 ? 0 : links.length - 1) : now + step;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
}

const KEYS = { j: () => go(1), k: () => go(-1), "?": () => help && (help.open = !help.open) };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("mq-keys") === "off") return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
