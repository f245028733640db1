// Forms marked data-draft="key": warns before leaving unsaved answers, keeps them on this device for the account
// that types, offers them back to that account only, and forgets them once the server has accepted them.

import { autosave } from "./autosave.js";

const SECRET = new Set(["password", "hidden", "file"]);
const account = document.body.dataset.account ?? "";

function controls(form) {
  return [...form.elements].filter((control) => control.name && !SECRET.has(control.type) && control.type !== "submit");
}

function read(form) {
  return controls(form).map((control) => {
    if (control.type === "checkbox" || control.type === "radio") return control.checked;
    return control.multiple ? [...control.selectedOptions].map((option) => option.value) : control.value;
  });
}

function write(form, answers) {
  controls(form).forEach((control, place) => {
    const answer = answers[place];
    if (control.type === "checkbox" || control.type === "radio") control.checked = answer;
    else if (control.multiple) for (const option of control.options) option.selected = answer.includes(option.value);
    else control.value = answer;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function name(key) {
  return `draft:${account}:${key}`;
}

function stored(key) {
  if (!account) return null;
  try {
    return JSON.parse(localStorage.getItem(name(key)));
  } catch {
    return null;
  }
}

function store(key, value) {
  if (!account) return;
  try {
    if (value === null) localStorage.removeItem(name(key));
    else localStorage.setItem(name(key), JSON.stringify(value));
  } catch {
    // Storage refused or full: the warning before leaving remains.
  }
}

function action(label, run) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "fr-btn fr-btn--secondary fr-btn--sm fr-mr-1w";
  button.textContent = label;
  button.addEventListener("click", run);
  return button;
}

function offer(form, key, answers) {
  const box = document.createElement("div");
  box.className = "fr-alert fr-alert--info fr-mb-3w";
  box.setAttribute("role", "status");
  const text = document.createElement("p");
  text.className = "fr-mb-1w";
  text.textContent = form.dataset.draftRestored;
  box.append(
    text,
    action(form.dataset.draftRestore, () => {
      write(form, answers);
      box.remove();
    }),
    action(form.dataset.draftForget, () => {
      store(key, null);
      box.remove();
    }),
  );
  form.before(box);
}

function sends(form, key) {
  const field = form.elements.draft_key ?? document.createElement("input");
  Object.assign(field, { type: "hidden", name: "draft_key", value: key });
  form.append(field);
}

function watch(form) {
  const key = form.dataset.draft;
  const shape = controls(form).map((control) => control.name).join();
  let initial = JSON.stringify(read(form));
  let leaving = false;
  const draft = stored(key);
  if (draft?.shape === shape && JSON.stringify(draft.answers) !== initial) offer(form, key, draft.answers);
  const changed = () => JSON.stringify(read(form)) !== initial;
  form.addEventListener("input", () => store(key, changed() ? { shape, answers: read(form) } : null));
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    leaving = true;
    sends(form, key);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && changed()) event.preventDefault();
  });
  autosave(form, () => {
    const sent = JSON.stringify(read(form));
    return () => {
      initial = sent;
      if (!changed()) store(key, null);
    };
  });
}

function forgetSent() {
  for (const key of (document.body.dataset.sentDrafts ?? "").split(" ").filter(Boolean)) store(key, null);
}

// Signing out on purpose leaves nothing on a shared computer.
function forgetAllOnSignOut() {
  document.addEventListener("submit", ({ target }) => {
    if (!account || !target.action.endsWith("/deconnexion")) return;
    for (const key of Object.keys(localStorage)) if (key.startsWith(name(""))) localStorage.removeItem(key);
  });
}

forgetSent();
forgetAllOnSignOut();

export function watchDrafts(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if ("watched" in form.dataset) continue;
    form.dataset.watched = "";
    watch(form);
  }
}
