"use strict";
/* Filters and sorts the reports that stand in the page; without it the page is a plain list. */
(() => {
  const table = document.querySelector("table.cards");
  const cards = [...table.tBodies];
  const words = document.getElementById("words");
  const status = document.getElementById("status");
  const report = document.getElementById("report");
  const count = document.querySelector(".count");
  const none = document.querySelector(".none");
  const text = new Map(cards.map((card) => [card, card.textContent.toLowerCase()]));

  function filter() {
    const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const card of cards) {
      const fits =
        asked.every((word) => text.get(card).includes(word)) &&
        (!status.value || card.dataset.status.split(" ").includes(status.value)) &&
        (!report.value || card.dataset.name === report.value);
      card.hidden = !fits;
      shown += fits;
    }
    count.textContent = shown === cards.length ? `All ${shown} shown` : `${shown} of ${cards.length} shown`;
    none.hidden = shown > 0;
  }

  function clear() {
    words.value = status.value = report.value = "";
    filter();
    words.focus();
  }

  function sort(head, direction) {
    const column = head.cellIndex;
    const key = (card) => card.rows[0].cells[column].dataset.sort;
    const numeric = head.dataset.kind === "number";
    const compared = (a, b) => (numeric ? Number(a) - Number(b) : a.localeCompare(b, "en", { numeric: true }));
    const sign = direction === "ascending" ? 1 : -1;
    const sorted = [...table.tBodies].sort((one, other) => {
      const [a, b] = [key(one), key(other)];
      if (a === "" || b === "") return (a === "") - (b === ""); /* what has none comes last either way */
      return sign * compared(a, b);
    });
    table.append(...sorted);
    for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction);
  }

  for (const head of table.tHead.rows[0].cells) {
    if (head.classList.contains("drawn")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      const first = head.dataset.first || "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      sort(head, now === first ? other : first);
    });
    if (head.dataset.now) head.setAttribute("aria-sort", head.dataset.now);
  }

  document.documentElement.classList.add("scripted");
  document.querySelector(".filters").hidden = false;
  words.addEventListener("input", filter);
  status.addEventListener("change", filter);
  report.addEventListener("change", filter);
  document.getElementById("clear").addEventListener("click", clear);
  document.getElementById("again").addEventListener("click", clear);
  filter(); /* a browser that comes back keeps what was typed */
})();
