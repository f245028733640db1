// Comfort only: every page works without this file.
import { watchDrafts } from "./drafts.js";
import { enhanceTables } from "./tables.js";

function focusErrorSummary(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

function enhance(root) {
  enhanceTables(root);
  watchDrafts(root);
}

focusErrorSummary(document);
enhance(document);
document.addEventListener("htmx:afterSwap", (event) => enhance(event.detail.elt.parentNode ?? document));
