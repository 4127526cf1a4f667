"""axe-core on a page in the browser: what of WCAG 2.1 AA is not kept."""

from pathlib import Path
from typing import Any

from mingqu.ui.tests.browsing import WCAG

VIOLATIONS = "options => axe.run(document, options).then(found => found.violations)"
# What decides whether a text stands out: its colour, size and weight, and what lies behind it.
COLOURS = """() => {
  const behind = e => {
    for (let one = e; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.backgroundImage !== "none") return style.backgroundImage;
      if (!/, 0\\)$|transparent/.test(style.backgroundColor)) return style.backgroundColor;
    }
    return "";
  };
  const faded = e => {
    let all = 1;
    for (let one = e; one; one = one.parentElement) all *= getComputedStyle(one).opacity;
    return all;
  };
  const texts = [...document.querySelectorAll("body *")].filter(
    e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || "value" in e);
  return [...new Set(texts.map(e => {
    const {color, fontSize, fontWeight} = getComputedStyle(e);
    return [color, fontSize, fontWeight, behind(e), faded(e)].join();
  }))];
}"""


def axe_file() -> Path:
    import axe_playwright_python

    return Path(axe_playwright_python.__file__).parent / "axe.min.js"


def by_axe(tab: Any, width: int, colours: set[str]) -> list[str]:
    """
    What axe finds in a tab that has loaded it.

    Three quarters of its time are contrasts: those are looked for where the page has a combination of colours that
    is not among `colours`; then it is.
    """
    here = set(tab.evaluate(COLOURS))
    asked = {
        "runOnly": WCAG,
        "resultTypes": ["violations"],
        "rules": {"color-contrast": {"enabled": not here <= colours}},
    }
    colours |= here
    return [
        f"{violation['id']} at {width}: {[node['html'][:160] for node in violation['nodes']]}"
        for violation in tab.evaluate(VIOLATIONS, asked)
    ]
