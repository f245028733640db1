// Text filter and sorting for tables marked data-filterable / data-sortable.

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

function sortValue(row, column) {
  const cell = row.cells[column];
  return cell ? (cell.dataset.sortValue ?? cell.textContent.trim()) : "";
}

function compare(left, right) {
  const difference = Number(left) - Number(right);
  return left !== "" && right !== "" && !Number.isNaN(difference) ? difference : collator.compare(left, right);
}

function sortBy(table, header) {
  const descending = header.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const column = header.cellIndex;
  const body = table.tBodies[0];
  const rows = [...body.rows].sort((a, b) => compare(sortValue(a, column), sortValue(b, column)));
  body.append(...(descending ? rows.reverse() : rows));
}

function addSorting(block, table) {
  for (const header of table.tHead.rows[0].cells) {
    if ("noSort" in header.dataset || !header.textContent.trim()) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.title = `${block.dataset.sortLabel} ${header.textContent.trim()}`;
    button.append(...header.childNodes);
    button.addEventListener("click", () => sortBy(table, header));
    header.append(button);
  }
}

function addFilter(block, table) {
  const bar = document.createElement("div");
  bar.className = "td-filter";
  const box = document.createElement("div");
  const label = document.createElement("label");
  label.className = "fr-label";
  label.htmlFor = `${block.id}-filter`;
  label.textContent = block.dataset.filterLabel;
  const input = document.createElement("input");
  input.className = "fr-input";
  input.id = label.htmlFor;
  input.type = "search";
  const count = document.createElement("p");
  count.setAttribute("role", "status");
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const text = plain(row.textContent);
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    count.textContent = words.length ? `${block.dataset.filterCount} ${shown}` : "";
  });
  box.append(label, input);
  bar.append(box, count);
  block.before(bar);
}

export function enhanceTables(root) {
  for (const block of root.querySelectorAll("[data-sortable], [data-filterable]")) {
    const table = block.querySelector("table");
    if (!table?.tHead || !table.tBodies.length || "enhanced" in block.dataset) continue;
    block.dataset.enhanced = "";
    if ("sortable" in block.dataset) addSorting(block, table);
    if ("filterable" in block.dataset) addFilter(block, table);
  }
}
