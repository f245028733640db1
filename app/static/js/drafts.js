// Forms marked data-draft="key": warns before leaving unsaved answers, keeps them on this device, offers them back.

const SECRET = new Set(["password", "hidden", "file"]);

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

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function store(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
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

export function watchDrafts(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if ("watched" in form.dataset) continue;
    form.dataset.watched = "";
    const key = `draft:${form.dataset.draft}`;
    const shape = controls(form).map((control) => control.name).join();
    const initial = JSON.stringify(read(form));
    const draft = stored(key);
    let leaving = false;
    if (draft?.shape === shape && JSON.stringify(draft.answers) !== initial) offer(form, key, draft.answers);
    const changed = () => JSON.stringify(read(form)) !== initial;
    form.addEventListener("input", () => store(key, changed() ? { shape, answers: read(form) } : null));
    form.addEventListener("submit", () => {
      leaving = true;
      store(key, null);
    });
    window.addEventListener("beforeunload", (event) => {
      if (!leaving && changed()) event.preventDefault();
    });
  }
}
